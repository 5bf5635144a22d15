/* What stands in a cell. Each class draws one value; all text by textContent. */
FirmGrid.column = function (id) { return FirmGrid.columnsById[id]; };

FirmGrid.Cell = class {
  init(params) { FirmGrid.read(params.context); this.node = FirmGrid.el('span', 'fp-cell'); this.refresh(params); }
  getGui() { return this.node; }
  refresh(params) {
    FirmGrid.clear(this.node);
    if (params.data) { this.draw(params); }
    return true;
  }
};

/* The cell that opens something: a real link, so that Ctrl+click opens a new tab. */
FirmGrid.LinkCell = class extends FirmGrid.Cell {
  draw(params) {
    const column = FirmGrid.column(params.column.getColId());
    const text = FirmGrid.valueText(column, params.value, params.data);
    if (!text || !column.opens || params.node.rowPinned) { this.node.textContent = text; return; }
    const link = this.node.appendChild(FirmGrid.el('a', 'fp-link' + (FirmGrid.mainColumn() === column ? ' fp-link-main' : ''), text));
    link.tabIndex = -1;
    link.target = '_blank';
    link.rel = 'noopener';
    link.href = FirmGrid.hrefOf(column, params.data) || '#';
    link.addEventListener('click', function (event) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) { event.stopPropagation(); return; }
      event.preventDefault();
      FirmGrid.openRow(params.node, column.opens);
    });
  }
};

/* The words of a status in pills; a value that is not a status is plain text. */
FirmGrid.PillCell = class extends FirmGrid.Cell {
  draw(params) {
    const pills = FirmGrid.given.colours.pills;
    const node = this.node;
    const value = params.value === null || params.value === undefined ? '' : String(params.value);
    const words = pills[value] ? [value] : value.split(', ');
    if (!words.every(function (w) { return pills[w]; })) {
      const told = FirmGrid.column(params.column.getColId());
      node.appendChild(FirmGrid.el('span', 'fp-words', FirmGrid.valueText(told, value, params.data)));
      return;
    }
    words.forEach(function (word) {
      const pill = node.appendChild(FirmGrid.el('span', 'fp-pill', word));
      pill.style.backgroundColor = pills[word][0];
      pill.style.color = pills[word][1];
    });
  }
};

/* A number of days with a bar in the colour of its aging bucket. */
FirmGrid.AgeCell = class extends FirmGrid.Cell {
  draw(params) {
    const days = params.value;
    this.node.classList.add('fp-age');
    if (days === null || days === undefined) { return; }
    if (days < 0) { this.node.appendChild(FirmGrid.el('span', 'fp-age-text', '–')); return; }
    const settled = params.data.status === 'Paid' || params.data.status === 'Void';
    const bar = this.node.appendChild(FirmGrid.el('span', 'fp-age-bar'));
    const filled = bar.appendChild(FirmGrid.el('span', 'fp-age-filled'));
    const ages = FirmGrid.given.colours.ages;
    const edges = FirmGrid.given.aging_edges;
    let bucket = 0;
    while (bucket < edges.length && days > edges[bucket]) { bucket += 1; }
    filled.style.width = Math.max(0, Math.min(100, days / (edges[edges.length - 1] || 120) * 100)) + '%';
    filled.style.backgroundColor = settled ? 'var(--fp-muted)' : ages[Math.min(bucket, ages.length - 1)];
    const text = days > 0 ? FirmGrid.number(days) + ' d' : 'today';
    this.node.appendChild(FirmGrid.el('span', 'fp-age-text', text));
  }
};

/* The last column: the menu of the row. */
FirmGrid.RowMenuCell = class extends FirmGrid.Cell {
  draw(params) {
    if (params.node.rowPinned) { return; }
    const button = FirmGrid.button('fp-quiet fp-dots', '', 'dots', 'Actions for ' + FirmGrid.rowName(params.data));
    button.setAttribute('aria-haspopup', 'menu');
    button.tabIndex = -1;
    button.addEventListener('click', function (event) {
      event.stopPropagation();
      FirmGrid.openRowMenu(params.node, button);
    });
    this.node.appendChild(button);
  }
};

FirmGrid.hrefOf = function (column, row) {
  if (!column || !column.href) { return null; }
  let known = true;
  const path = column.href.replace(/\{(\w+)\}/g, function (all, name) {
    if (row[name] === null || row[name] === undefined) { known = false; }
    return encodeURIComponent(String(row[name]));
  });
  return known ? FirmGrid.base + path : null;
};

/* The column that names the row: the one that opens it. */
FirmGrid.mainColumn = function () {
  const columns = FirmGrid.given.columns;
  return columns.find(function (c) { return c.opens === 'open'; }) || columns.find(function (c) { return c.opens; }) || columns[0];
};

FirmGrid.rowName = function (row) {
  const main = FirmGrid.mainColumn();
  return FirmGrid.valueText(main, row[main.id], row);
};

/* A click on a link, Enter or a double click: one event to the page. */
FirmGrid.openRow = function (node, action) {
  if (!node || !node.data || node.rowPinned) { return; }
  const opens = !action || action === 'open';
  if (opens && !FirmGrid.given.opens) {
    const main = FirmGrid.mainColumn();
    if (main.opens && !action) { FirmGrid.openRow(node, main.opens); }
    return;
  }
  // The row's looked at by what is done with it: a late focus would close what the deed opens.
  clearTimeout(FirmGrid.focusTimer);
  FirmGrid.focusTold = node.id;
  FirmGrid.send({ kind: opens ? 'open' : 'action', action: opens ? null : action, row_id: node.id });
};

/* A page that shows more of a row beside the list hears which one, once the walking rests. */
FirmGrid.tellFocus = function (event) {
  const node = FirmGrid.given.follow && FirmGrid.api.getDisplayedRowAtIndex(event.rowIndex);
  if (!node || !node.data) { return; }
  clearTimeout(FirmGrid.focusTimer);
  FirmGrid.focusTimer = setTimeout(function () {
    if (node.id === FirmGrid.focusTold) { return; }
    FirmGrid.focusTold = node.id;
    FirmGrid.send({ kind: 'focus', row_id: node.id });
  }, 160);
};

FirmGrid.openRowMenu = function (node, anchor) {
  if (!node || !node.data || node.rowPinned) { return; }
  const items = [];
  FirmGrid.given.actions.forEach(function (action) {
    items.push({ text: action.label, hint: action.key === 'open' ? 'Enter' : (action.shortcut || '').toUpperCase(), run: function () {
      FirmGrid.openRow(node, action.key);
    } });
  });
  if (items.length) { FirmGrid.openMenu(anchor, items, 'Actions for ' + FirmGrid.rowName(node.data), 'right'); }
};

/* Keys in the body of the list. AG Grid walks the cells; these are ours. */
FirmGrid.cellKey = function (params) {
  const event = params.event;
  const onMenu = params.column.getColId() === 'row_menu';
  const wantsMenu = event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey);
  if (wantsMenu || (onMenu && (event.key === 'Enter' || event.key === ' '))) {
    event.preventDefault();
    const cell = event.target.closest ? event.target.closest('.ag-cell') : null;
    if (cell) { FirmGrid.openRowMenu(params.node, cell.querySelector('.fp-dots') || cell); }
    if (FirmGrid.popup) { FirmGrid.popup.focus = cell; }
  } else if (event.key === 'Enter') {
    const told = FirmGrid.column(params.column.getColId());
    FirmGrid.openRow(params.node, told && told.opens);
  } else if (event.key.toLowerCase() === 'c' && (event.ctrlKey || event.metaKey)) {
    FirmGrid.copyCell(params);
  } else {
    FirmGrid.shortcut(params);
  }
};

/* A letter starts the action it stands for on the row one stands on. */
FirmGrid.shortcut = function (params) {
  const event = params.event;
  if (event.ctrlKey || event.metaKey || event.altKey || params.node.rowPinned) { return; }
  const action = FirmGrid.given.actions.find(function (a) { return a.shortcut && a.shortcut === event.key.toLowerCase(); });
  if (action) {
    event.preventDefault();
    FirmGrid.openRow(params.node, action.key);
  }
};

FirmGrid.copyCell = function (params) {
  if (String(window.getSelection())) { return; }
  const text = FirmGrid.valueText(FirmGrid.column(params.column.getColId()), params.value, params.data);
  FirmGrid.copyText(text).then(function () { FirmGrid.toast('Copied: ' + text); });
};

FirmGrid.copyText = function (text) {
  const own = window.navigator.clipboard;
  return own.writeText(text).catch(function () { return window.parent.navigator.clipboard.writeText(text); });
};
