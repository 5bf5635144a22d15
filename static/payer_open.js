// Takes what the link carries out of the address, exchanges it for the session cookie (which no
// script can read), and goes on. Somebody of the firm brings no token: their own session asks for one.
(function () {
  "use strict";
  const token = window.location.hash.slice(1);
  const asked = new URLSearchParams(window.location.search);
  window.history.replaceState(null, "", window.location.pathname);

  if (window.location.pathname === "/pay/open") {
    document.getElementById("what").textContent = "Opening your payment…";
  }

  function refuse(text) {
    document.getElementById("opening").hidden = true;
    document.getElementById("why").textContent = text;
    document.getElementById("refused").hidden = false;
  }

  async function post(path, said) {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(said),
    });
    // What stands between may answer for the server, with a page of its own.
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok || !(told.go || told.token)) {
      throw new Error(told.error || "The portal can't be reached just now. Please try again soon.");
    }
    return told;
  }

  async function open() {
    let shown = token;
    if (window.location.pathname === "/client-portal/staff") {
      const said = { client_id: asked.get("client") || "" };
      if (asked.get("invoice")) said.invoice_id = asked.get("invoice");
      shown = (await post("/payer/staff", said)).token;
    }
    const door = window.location.pathname === "/pay/open" ? "/payer/quick" : "/payer/enter";
    const told = await post(door, { token: shown });
    window.location.replace("/" + told.go);
  }

  open().catch((problem) =>
    refuse(problem instanceof TypeError ? "No connection. Please try again." : problem.message),
  );
})();
