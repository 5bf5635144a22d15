// Shows a document and the ways to keep it. The address is made of encoded parts.
export default function ({ parentElement, data }) {
  const place = data.base + data.parts.map((part) => "/" + encodeURIComponent(part)).join("") + "." + data.kind;
  const root = parentElement.querySelector(".document");
  if (root.dataset.place === place) return;
  root.dataset.place = place;
  const link = (text, href, isDownload) => {
    const node = document.createElement("a");
    node.textContent = text;
    node.href = href;
    node.rel = "noopener";
    if (isDownload) node.download = ""; else node.target = "_blank";
    return node;
  };
  const bar = document.createElement("div");
  bar.className = "bar";
  bar.append(link("Download", place + "?download=1", true), link("Open in a new tab", place, false));
  const view = document.createElement("iframe");
  view.title = data.title;
  view.src = data.kind === "pdf" ? place + "#toolbar=0&navpanes=0&view=FitH" : place;
  root.replaceChildren(...(data.kind === "pdf" ? [bar, view] : [view]));
}
