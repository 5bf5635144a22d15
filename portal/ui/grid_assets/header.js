/* The head of a column: its name sorts, its button opens sort, filter, pin and hide. */
FirmGrid.HeaderCell = class {
  init(params) {
    FirmGrid.read(params.context);
    this.params = params;
    this.node = FirmGrid.el('div', 'fp-head');
    this.redraw = this.draw.bind(this);
    ['sortChanged', 'filterChanged', 'filterActiveChanged'].forEach(function (name) {
      params.column.addEventListener(name, this.redraw);
    }, this);
    params.api.addEventListener('sortChanged', this.redraw);
    this.draw();
  }
  getGui() { return this.node; }
  refresh(params) { this.params = params; this.draw(); return true; }
  destroy() {
    const params = this.params;
    ['sortChanged', 'filterChanged', 'filterActiveChanged'].forEach(function (name) {
      params.column.removeEventListener(name, this.redraw);
    }, this);
    if (!params.api.isDestroyed()) { params.api.removeEventListener('sortChanged', this.redraw); }
  }
  draw() {
    const params = this.params;
    FirmGrid.clear(this.node);
    const told = FirmGrid.column(params.column.getColId());
    if (!told) {
      this.node.appendChild(FirmGrid.el('span', 'fp-unseen', params.displayName));
      return;
    }
    const name = this.node.appendChild(FirmGrid.el('span', 'fp-head-name'));
    name.appendChild(FirmGrid.el('span', 'fp-head-text', told.label));
    if (!params.column.getColDef().headerTooltip) { name.title = told.label; }
    this.drawSort(name);
    if (params.enableSorting) {
      name.classList.add('fp-head-sorts');
      name.addEventListener('click', function (event) { params.progressSort(event.shiftKey); });
    }
    this.node.appendChild(this.menuButton(told.label));
  }
  drawSort(name) {
    const column = this.params.column;
    const way = column.getSort();
    if (!way) { return; }
    name.appendChild(FirmGrid.icon(way === 'asc' ? 'up' : 'down'));
    const sorted = this.params.api.getColumnState().filter(function (c) { return c.sort; });
    if (sorted.length > 1) {
      name.appendChild(FirmGrid.el('span', 'fp-head-order', String((column.getSortIndex() || 0) + 1)));
    }
  }
  menuButton(name) {
    const column = this.params.column;
    const filtered = column.isFilterActive();
    const label = name + ': sort, filter, pin, hide';
    const button = FirmGrid.button('fp-quiet fp-head-menu' + (filtered ? ' fp-on' : ''), '', filtered ? 'filter' : 'dots', label);
    button.setAttribute('aria-haspopup', 'menu');
    button.setAttribute('aria-expanded', 'false');
    button.tabIndex = -1;
    button.addEventListener('click', function (event) {
      event.stopPropagation();
      FirmGrid.openColumnMenu(column, button);
    });
    return button;
  }
};

FirmGrid.sortWords = {
  money: ['Sort smallest first', 'Sort largest first'], number: ['Sort smallest first', 'Sort largest first'],
  days: ['Sort smallest first', 'Sort largest first'], date: ['Sort oldest first', 'Sort newest first']
};

FirmGrid.openColumnMenu = function (column, anchor) {
  const api = FirmGrid.api;
  const id = column.getColId();
  const told = FirmGrid.column(id);
  const items = [];
  if (column.isSortable()) {
    const words = FirmGrid.sortWords[told.kind] || ['Sort A to Z', 'Sort Z to A'];
    ['asc', 'desc'].forEach(function (way, index) {
      items.push({ text: words[index], icon: way === 'asc' ? 'up' : 'down', checked: column.getSort() === way || undefined,
        run: function () { FirmGrid.sortBy(id, way); } });
    });
    if (column.getSort()) { items.push({ text: 'Do not sort by this', run: function () { FirmGrid.sortBy(id, null); } }); }
    items.push('line');
  }
  if (column.isFilterAllowed()) {
    items.push({ text: 'Filter…', icon: 'filter', run: function () { api.showColumnFilter(id); } });
    FirmGrid.dateChoices(told, items);
    if (column.isFilterActive()) { items.push({ text: 'Clear filter', icon: 'close', run: function () { FirmGrid.setFilter(id, null); } }); }
    items.push('line');
  }
  [['left', 'Pin left'], ['right', 'Pin right'], [null, 'Do not pin']].forEach(function (way) {
    if ((column.getPinned() || null) === way[0]) { return; }
    items.push({ text: way[1], icon: way[0] ? 'pin' : 'none', run: function () { api.setColumnsPinned([id], way[0]); } });
  });
  items.push({ text: 'Hide column', icon: 'hide', run: function () { api.setColumnsVisible([id], false); } });
  items.push({ text: 'Fit width to contents', run: function () {
    FirmGrid.hasOwnWidths = true;
    api.autoSizeColumns([id]);
  } });
  FirmGrid.openMenu(anchor, items, told.label, 'right');
};

FirmGrid.sortBy = function (id, way) {
  FirmGrid.api.applyColumnState({ state: way ? [{ colId: id, sort: way, sortIndex: 0 }] : [{ colId: id, sort: null }],
    defaultState: way ? { sort: null } : undefined });
};

FirmGrid.setFilter = function (id, model) {
  const done = FirmGrid.api.setColumnFilterModel(id, model);
  return Promise.resolve(done).then(function () { FirmGrid.api.onFilterChanged(); });
};

/* Ready-made ranges for a date column, counted from the firm's day. */
FirmGrid.dateChoices = function (told, items) {
  if (told.kind !== 'date' || !FirmGrid.given.today) { return; }
  const now = FirmGrid.given.today.split('-').map(Number);
  const day = function (year, month, date) { return new Date(Date.UTC(year, month, date)).toISOString().slice(0, 10); };
  const y = now[0], m = now[1] - 1, d = now[2];
  [['Last 30 days', day(y, m, d - 29), day(y, m, d)], ['This month', day(y, m, 1), day(y, m + 1, 0)],
    ['Last month', day(y, m - 1, 1), day(y, m, 0)], ['This year', day(y, 0, 1), day(y, 12, 0)]].forEach(function (range) {
    items.push({ text: range[0], run: function () {
      FirmGrid.setFilter(told.id, { filterType: 'date', type: 'inRange', dateFrom: range[1] + ' 00:00:00', dateTo: range[2] + ' 00:00:00' });
    } });
  });
};

/* From the keyboard: Alt+Down or the menu key on a column's head opens its menu. */
FirmGrid.headerKey = function (params) {
  const event = params.event;
  const asks = event.key === 'ContextMenu' || (event.key === 'ArrowDown' && event.altKey) || (event.key === 'F10' && event.shiftKey);
  if (!asks) { return false; }
  event.preventDefault();
  const cell = event.target.closest('.ag-header-cell');
  const button = cell && cell.querySelector('.fp-head-menu');
  if (button) {
    FirmGrid.openColumnMenu(params.column, button);
    FirmGrid.popup.focus = cell;
  }
  return true;
};
