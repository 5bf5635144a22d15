/* Menus and panels inside the frame. One is open at a time; Escape closes it and gives the focus back. */
FirmGrid.popup = null;

FirmGrid.closePopup = function (giveFocusBack) {
  const open = FirmGrid.popup;
  if (!open) { return; }
  FirmGrid.popup = null;
  open.node.remove();
  if (open.anchor.setAttribute) { open.anchor.setAttribute('aria-expanded', 'false'); }
  if (open.closed) { open.closed(); }
  if (giveFocusBack !== false && open.focus && open.focus.isConnected) { open.focus.focus(); }
};

/* Beside its anchor, inside the frame: below if there is room, above otherwise. */
FirmGrid.place = function (node, anchor, side) {
  const edge = 6;
  const box = anchor.getBoundingClientRect ? anchor.getBoundingClientRect() : anchor;
  node.style.maxHeight = (window.innerHeight - 2 * edge) + 'px';
  const size = node.getBoundingClientRect();
  let left = side === 'right' ? box.right - size.width : box.left;
  left = Math.max(edge, Math.min(left, window.innerWidth - size.width - edge));
  let top = box.bottom + 4;
  if (top + size.height > window.innerHeight - edge) {
    top = box.top - size.height - 4;
    if (top < edge) { top = Math.max(edge, window.innerHeight - size.height - edge); }
  }
  node.style.left = left + 'px';
  node.style.top = top + 'px';
};

FirmGrid.showPopup = function (node, anchor, side, closed) {
  const again = FirmGrid.popup && FirmGrid.popup.anchor === anchor && anchor.setAttribute;
  FirmGrid.closePopup(false);
  if (again) { return false; }
  document.body.appendChild(node);
  const focus = anchor.focus ? anchor : document.activeElement;
  FirmGrid.popup = { node: node, anchor: anchor, focus: focus, closed: closed };
  if (anchor.setAttribute) { anchor.setAttribute('aria-expanded', 'true'); }
  FirmGrid.place(node, anchor, side);
  return true;
};

/* A list of choices. An item: {text, run, icon, hint, checked, danger, disabled}, 'line' or {heading}. */
FirmGrid.openMenu = function (anchor, items, label, side) {
  const menu = FirmGrid.el('div', 'fp-popup fp-menu');
  menu.setAttribute('role', 'menu');
  menu.setAttribute('aria-label', label);
  items.forEach(function (item) { menu.appendChild(FirmGrid.menuItem(item)); });
  if (!items.some(function (item) { return item.icon || item.checked; })) { menu.classList.add('fp-no-icons'); }
  menu.addEventListener('keydown', function (event) { FirmGrid.walkMenu(menu, event); });
  if (!FirmGrid.showPopup(menu, anchor, side)) { return; }
  const first = menu.querySelector('[role^=menuitem]:not([aria-disabled])');
  if (first) { first.focus(); }
};

FirmGrid.menuItem = function (item) {
  if (item === 'line') {
    const line = FirmGrid.el('div', 'fp-menu-line');
    line.setAttribute('role', 'separator');
    return line;
  }
  if (item.heading) { return FirmGrid.el('div', 'fp-menu-heading', item.heading); }
  const made = FirmGrid.el('div', 'fp-menu-item' + (item.danger ? ' fp-danger' : ''));
  made.setAttribute('role', item.checked === undefined ? 'menuitem' : 'menuitemcheckbox');
  if (item.checked !== undefined) { made.setAttribute('aria-checked', String(item.checked)); }
  if (item.disabled) { made.setAttribute('aria-disabled', 'true'); }
  made.tabIndex = -1;
  made.appendChild(FirmGrid.icon(item.checked ? 'check' : item.icon || 'none'));
  made.appendChild(FirmGrid.el('span', 'fp-menu-text', item.text));
  if (item.hint) { made.appendChild(FirmGrid.el('span', 'fp-menu-hint', item.hint)); }
  made.addEventListener('click', function (event) {
    event.stopPropagation();
    if (item.disabled) { return; }
    FirmGrid.closePopup();
    item.run();
  });
  return made;
};

FirmGrid.walkMenu = function (menu, event) {
  const items = Array.from(menu.querySelectorAll('[role^=menuitem]:not([aria-disabled])'));
  const at = items.indexOf(document.activeElement);
  const go = function (index) { items[(index + items.length) % items.length].focus(); };
  if (event.key === 'ArrowDown') { go(at + 1); }
  else if (event.key === 'ArrowUp') { go(at - 1); }
  else if (event.key === 'Home') { go(0); }
  else if (event.key === 'End') { go(items.length - 1); }
  else if (event.key === 'Enter' || event.key === ' ') { document.activeElement.click(); }
  else if (event.key === 'Escape' || event.key === 'Tab') { FirmGrid.closePopup(); }
  else { return; }
  event.preventDefault();
  event.stopPropagation();
};

/* A panel with a heading; `build(body)` fills it. */
FirmGrid.openPanel = function (anchor, title, build, side) {
  const panel = FirmGrid.el('div', 'fp-popup fp-panel');
  panel.setAttribute('role', 'dialog');
  panel.setAttribute('aria-label', title);
  const head = panel.appendChild(FirmGrid.el('div', 'fp-panel-head'));
  head.appendChild(FirmGrid.el('div', 'fp-panel-title', title));
  const close = head.appendChild(FirmGrid.button('fp-quiet', '', 'close', 'Close'));
  close.addEventListener('click', function () { FirmGrid.closePopup(); });
  const body = panel.appendChild(FirmGrid.el('div', 'fp-panel-body'));
  build(body, panel);
  panel.addEventListener('keydown', function (event) {
    if (event.key === 'Escape') { event.stopPropagation(); FirmGrid.closePopup(); }
    if (event.key === 'Tab') { FirmGrid.keepFocusIn(panel, event); }
  });
  if (!FirmGrid.showPopup(panel, anchor, side)) { return; }
  const first = panel.querySelector('input, .fp-panel-body button') || close;
  first.focus();
};

FirmGrid.keepFocusIn = function (panel, event) {
  const stops = Array.from(panel.querySelectorAll('button, input, select')).filter(function (n) { return !n.disabled; });
  const last = stops[stops.length - 1];
  if (event.shiftKey && document.activeElement === stops[0]) { event.preventDefault(); last.focus(); }
  else if (!event.shiftKey && document.activeElement === last) { event.preventDefault(); stops[0].focus(); }
};

FirmGrid.watchPopups = function () {
  document.addEventListener('mousedown', function (event) {
    const open = FirmGrid.popup;
    if (!open || open.node.contains(event.target)) { return; }
    if (open.anchor.contains && open.anchor.contains(event.target)) { return; }
    FirmGrid.closePopup(false);
  }, true);
  window.addEventListener('blur', function () {
    if (FirmGrid.popup && FirmGrid.popup.node.classList.contains('fp-menu')) { FirmGrid.closePopup(false); }
  });
  window.addEventListener('resize', function () { FirmGrid.closePopup(false); });
};
