// Shows a mail in a frame that may do nothing, and its files. Addresses are made of one encoded part.
export default function ({ parentElement, data }) {
  const place = data.base + "/mail/" + encodeURIComponent(data.letter_id);
  const root = parentElement.querySelector(".mail");
  if (root.dataset.place === place) return;
  root.dataset.place = place;
  const bar = document.createElement("div");
  bar.className = "bar";
  data.files.forEach((name, at) => {
    const node = document.createElement("a");
    node.textContent = name;
    node.href = place + "/" + at + ".pdf";
    node.target = "_blank";
    node.rel = "noopener";
    bar.append(node);
  });
  const view = document.createElement("iframe");
  view.setAttribute("sandbox", "");
  view.title = data.title;
  view.src = place + ".html";
  root.replaceChildren(...(data.files.length ? [bar] : []), view);
}
