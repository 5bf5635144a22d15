/* Builders of elements. Whatever comes from the data reaches the page through textContent only. */
FirmGrid.el = function (tag, className, text) {
  const made = document.createElement(tag);
  if (className) { made.className = className; }
  if (text !== undefined && text !== null) { made.textContent = text; }
  return made;
};

FirmGrid.shapes = {
  search: ['M7 2.8a4.2 4.2 0 1 0 0 8.4a4.2 4.2 0 0 0 0-8.4z', 'M10.2 10.2l3.3 3.3'],
  columns: ['M2.5 3.2h11v9.6h-11z', 'M6.2 3.2v9.6', 'M9.8 3.2v9.6'],
  views: ['M4.2 2.6h7.6v10.8L8 10.6l-3.8 2.8z'],
  download: ['M8 2.6v7.2', 'M4.9 6.9L8 10l3.1-3.1', 'M3 13.2h10'],
  link: ['M6.6 9.4l2.8-2.8', 'M7.3 4.7l1.2-1.2a2.8 2.8 0 0 1 4 4l-1.2 1.2', 'M8.7 11.3l-1.2 1.2a2.8 2.8 0 0 1-4-4l1.2-1.2'],
  close: ['M4.2 4.2l7.6 7.6', 'M11.8 4.2l-7.6 7.6'],
  check: ['M3.2 8.4l3.1 3.1l6.5-6.9'],
  up: ['M8 13V3.4', 'M4.2 7.1L8 3.3l3.8 3.8'],
  down: ['M8 3v9.6', 'M4.2 8.9L8 12.7l3.8-3.8'],
  chevron: ['M4.4 6.3L8 9.9l3.6-3.6'],
  filter: ['M2.6 3.4h10.8L9.4 8.3v4.6l-2.8-1.4V8.3z'],
  pin: ['M5.6 2.8h4.8', 'M6.4 2.8v4.4l-1.8 2.4h6.8L9.6 7.2V2.8', 'M8 9.6v3.8'],
  hide: ['M2.4 8s2-3.8 5.6-3.8S13.6 8 13.6 8s-2 3.8-5.6 3.8S2.4 8 2.4 8z', 'M3.4 13L12.6 3'],
  trash: ['M3.4 4.6h9.2', 'M6.2 4.6V3h3.6v1.6', 'M4.6 4.6l.6 8.6h5.6l.6-8.6'],
  reset: ['M3.4 8a4.6 4.6 0 1 0 1.5-3.4', 'M3.2 2.8v2.6h2.6'],
  people: ['M6 7.6a2.2 2.2 0 1 0 0-4.4a2.2 2.2 0 0 0 0 4.4z', 'M2.2 13c.3-2.4 1.8-3.6 3.8-3.6s3.5 1.2 3.8 3.6', 'M10.6 3.6a2.1 2.1 0 0 1 0 3.9', 'M11.4 9.8c1.4.4 2.2 1.5 2.4 3.2'],
  dots: ['M8 3.3v.01', 'M8 8v.01', 'M8 12.7v.01'],
  grip: ['M6 4v.01', 'M10 4v.01', 'M6 8v.01', 'M10 8v.01', 'M6 12v.01', 'M10 12v.01'],
  none: []
};

/* An icon of lines, in the colour of the text beside it. Readers of the screen skip it. */
FirmGrid.icon = function (name) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'fp-icon fp-icon-' + name);
  (FirmGrid.shapes[name] || []).forEach(function (d) {
    const path = document.createElementNS(space, 'path');
    path.setAttribute('d', d);
    svg.appendChild(path);
  });
  return svg;
};

/* A button with an icon, a text, or both; an icon alone gets the label as its name. */
FirmGrid.button = function (className, text, icon, label) {
  const made = FirmGrid.el('button', 'fp-button ' + (className || ''));
  made.type = 'button';
  if (icon) { made.appendChild(FirmGrid.icon(icon)); }
  if (text) { made.appendChild(FirmGrid.el('span', 'fp-button-text', text)); }
  if (label) { made.setAttribute('aria-label', label); made.title = label; }
  return made;
};

FirmGrid.clear = function (node) {
  while (node.firstChild) { node.removeChild(node.firstChild); }
  return node;
};

/* Call `run` once the calls have stopped for `wait` milliseconds. */
FirmGrid.later = function (run, wait) {
  let timer = null;
  const postponed = function () {
    clearTimeout(timer);
    timer = setTimeout(function () { timer = null; run(); }, wait);
  };
  postponed.now = function () {
    if (timer !== null) { clearTimeout(timer); timer = null; run(true); }
  };
  return postponed;
};

/* A short message at the lower edge that goes away by itself. */
FirmGrid.toast = function (text, kind) {
  const old = document.querySelector('.fp-toast');
  if (old) { old.remove(); }
  const made = FirmGrid.el('div', 'fp-toast fp-toast-' + (kind || 'done'), text);
  made.setAttribute('role', kind === 'trouble' ? 'alert' : 'status');
  document.body.appendChild(made);
  setTimeout(function () { made.remove(); }, kind === 'trouble' ? 7000 : 3500);
};
