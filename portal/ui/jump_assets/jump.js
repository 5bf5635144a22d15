// The jump box: "/" opens it on every page, typing finds clients and invoices, Enter opens one.
// What is found comes from the server within the person's rights; all of it is set by textContent.
const WAIT_MS = 120;
const LOOK_MS = 300;
const SHORTEST = 2;

function el(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

function money(cents, currency) {
  return new Intl.NumberFormat("en-US", { style: "currency", currency }).format(cents / 100);
}

function isTyping(event) {
  const target = event.composedPath()[0];
  return !target || target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName || "");
}

class JumpBox {
  constructor(root, onOpen, base) {
    this.root = root;
    this.onOpen = onOpen;
    this.base = base;
    this.dialog = root.querySelector("dialog");
    this.input = root.querySelector("input");
    this.found = root.querySelector(".found");
    this.said = root.querySelector(".said");
    this.options = [];
    this.chosen = -1;
    this.asked = 0;
    this.listening = new AbortController();
    const on = (node, name, act) => node.addEventListener(name, act, { signal: this.listening.signal });
    on(root.querySelector(".trigger"), "click", () => this.open());
    on(document, "keydown", (event) => this.hotkey(event));
    // A list has a document of its own, where keys go once somebody has clicked in it; no event
    // tells reliably of that, as lists come and go with the pages.
    this.looking = setInterval(() => this.listenInside(document.activeElement), LOOK_MS);
    on(this.input, "input", () => this.typed());
    on(this.input, "keydown", (event) => this.moved(event));
    on(this.dialog, "click", (event) => { if (event.target === this.dialog) this.dialog.close(); });
  }

  listenInside(frame) {
    if (!frame || frame.tagName !== "IFRAME") return;
    let inside = null;
    try { inside = frame.contentDocument; } catch (problem) { return; }
    if (!inside || inside === this.inside) return;
    this.inside = inside;
    inside.addEventListener("keydown", (event) => this.hotkey(event), { signal: this.listening.signal });
  }

  hotkey(event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    event.preventDefault();
    this.open();
  }

  open() {
    if (this.dialog.open) return;
    this.input.value = "";
    this.show([], []);
    this.say("Type at least two characters.");
    this.dialog.showModal();
    this.input.focus();
  }

  typed() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.search(this.input.value.trim()), WAIT_MS);
  }

  async search(text) {
    const number = ++this.asked;
    if (text.length < SHORTEST) { this.show([], []); this.say("Type at least two characters."); return; }
    try {
      const answer = await fetch(this.base + "/api/search?q=" + encodeURIComponent(text), { credentials: "same-origin" });
      const said = await answer.json();
      if (number !== this.asked) return;
      if (!answer.ok) { this.show([], []); this.say(said.error || "The search did not work."); return; }
      this.show(said.clients, said.invoices);
      this.say(this.options.length ? "" : "Nothing found. Try part of the name, or a number.");
    } catch (problem) {
      if (number === this.asked) { this.show([], []); this.say("The server can't be reached. Try again in a moment."); }
    }
  }

  say(text) { this.said.textContent = text; }

  show(clients, invoices) {
    this.found.replaceChildren();
    this.options = [];
    this.group("Clients", clients.map((c) => ["client", c.client_id, c.client_name, c.client_number, ""]));
    this.group("Invoices", invoices.map((i) => ["invoice", i.invoice_id, i.invoice_number,
      i.client_name + ", " + i.status, i.status === "Paid" ? "" : money(i.outstanding_cents, i.currency)]));
    this.input.setAttribute("aria-expanded", String(this.options.length > 0));
    this.choose(this.options.length ? 0 : -1);
  }

  group(title, rows) {
    if (!rows.length) return;
    this.found.appendChild(el("div", "group", title));
    rows.forEach(([kind, id, name, more, amount]) => {
      const option = el("a");
      option.id = "jump-" + this.options.length;
      option.setAttribute("role", "option");
      option.href = this.base + "/" + kind + "?id=" + encodeURIComponent(id);
      option.append(el("span", "name", name), el("span", "more", more), el("span", "amount", amount));
      const place = this.options.length;
      option.addEventListener("mousemove", () => this.choose(place));
      option.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        this.go(place);
      });
      this.options.push({ node: option, kind, id });
      this.found.appendChild(option);
    });
  }

  choose(place) {
    if (this.options[this.chosen]) this.options[this.chosen].node.setAttribute("aria-selected", "false");
    this.chosen = place;
    const now = this.options[place];
    this.input.setAttribute("aria-activedescendant", now ? now.node.id : "");
    if (!now) return;
    now.node.setAttribute("aria-selected", "true");
    now.node.scrollIntoView({ block: "nearest" });
  }

  moved(event) {
    const last = this.options.length - 1;
    if (event.key === "ArrowDown") this.choose(Math.min(this.chosen + 1, last));
    else if (event.key === "ArrowUp") this.choose(Math.max(this.chosen - 1, Math.min(0, last)));
    else if (event.key === "Enter") this.go(this.chosen);
    else return;
    event.preventDefault();
  }

  go(place) {
    const wanted = this.options[place];
    if (!wanted) return;
    this.dialog.close();
    this.onOpen({ kind: wanted.kind, id: wanted.id });
  }

  end() {
    clearTimeout(this.waiting);
    clearInterval(this.looking);
    this.listening.abort();
    if (this.dialog.open) this.dialog.close();
  }
}

const boxes = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  const onOpen = (wanted) => setTriggerValue("open", wanted);
  const root = parentElement.querySelector(".trigger").parentNode;
  const box = boxes.get(root);
  if (box) {
    box.onOpen = onOpen;
  } else {
    boxes.set(root, new JumpBox(root, onOpen, (data && data.base) || ""));
  }
  return () => {
    const old = boxes.get(root);
    if (old) { old.end(); boxes.delete(root); }
  };
}
