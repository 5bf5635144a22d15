// Exchanges the one-time ticket for the session cookie, then loads the page again as that person.
// The cookie is set by the server's answer and is out of reach of this and every other script.
// Single sign-on always comes back to "/": where the person wanted to go is remembered here.
const WANTED = "portal.wanted";
let sent = null;

function goOn() {
  const wanted = window.sessionStorage.getItem(WANTED);
  window.sessionStorage.removeItem(WANTED);
  const isPath = wanted && wanted.startsWith("/") && !wanted.startsWith("//");
  if (isPath && window.location.pathname === "/") window.location.assign(wanted);
  else window.location.reload();
}

export default function ({ data, setTriggerValue }) {
  const ticket = data && data.ticket;
  if (!ticket) {
    window.sessionStorage.setItem(WANTED, window.location.pathname + window.location.search);
    return;
  }
  if (ticket === sent) return;
  sent = ticket;
  fetch("/auth/enter", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ticket }),
  }).then(
    (answer) => (answer.ok ? goOn() : setTriggerValue("refused", true)),
    () => setTriggerValue("refused", true),
  );
}
