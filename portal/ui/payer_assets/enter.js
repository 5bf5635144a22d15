// Exchanges a one-time token for the payer's cookie, which no script can read, then goes on.
let sent = null;

export default function ({ data, setTriggerValue }) {
  const token = data && data.token;
  if (!token || token === sent) return;
  sent = token;
  fetch("/payer/enter", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  }).then(
    (answer) => {
      if (!answer.ok) return setTriggerValue("refused", true);
      return answer.json().then((told) => window.location.assign(`/${told.go}`));
    },
    () => setTriggerValue("refused", true),
  );
}
