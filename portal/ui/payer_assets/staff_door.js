// Opens a client's portal beside the page; in its place where the browser opens no new tabs.
let sent = null;

export default function ({ data }) {
  const mark = data && data.mark;
  if (!mark || mark === sent) return;
  sent = mark;
  const opened = window.open(data.place, "_blank");
  if (opened) opened.opener = null;
  else window.location.assign(data.place);
}
