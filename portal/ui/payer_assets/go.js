// Sends the browser on to the payment page, once for each address.
let sent = null;

export default function ({ data }) {
  const place = data && data.place;
  if (!place || place === sent) return;
  sent = place;
  window.location.assign(place);
}
