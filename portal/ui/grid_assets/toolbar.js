/* The bars above and below the rows, inside the list's own frame: using them reruns no page. */
FirmGrid.search = '';
FirmGrid.toggle = null;

FirmGrid.drawFrame = function () {
  const box = document.getElementById('gridContainer');
  const given = FirmGrid.given;
  const top = FirmGrid.el('div', 'fp-top');
  top.setAttribute('role', 'toolbar');
  top.setAttribute('aria-label', given.title + ': search and tools');
  if (given.has_search) { top.appendChild(FirmGrid.searchBox()); }
  if (given.toggles.length) { top.appendChild(FirmGrid.toggleBar()); }
  top.appendChild(FirmGrid.el('span', 'fp-space'));
  FirmGrid.tools().forEach(function (tool) { top.appendChild(tool); });
  const chips = FirmGrid.el('div', 'fp-chips');
  chips.hidden = true;
  const selection = FirmGrid.el('div', 'fp-selection');
  selection.hidden = true;
  selection.setAttribute('aria-live', 'polite');
  const progress = FirmGrid.el('div', 'fp-progress');
  const first = box.firstChild;
  [top, chips, selection, progress].forEach(function (bar) { box.insertBefore(bar, first); });
  const bottom = box.appendChild(FirmGrid.el('div', 'fp-bottom'));
  const totals = bottom.appendChild(FirmGrid.el('div', 'fp-totals'));
  totals.setAttribute('aria-live', 'polite');
  bottom.appendChild(FirmGrid.el('span', 'fp-space'));
  bottom.appendChild(FirmGrid.el('span', 'fp-fresh'));
};

FirmGrid.searchBox = function () {
  const box = FirmGrid.el('div', 'fp-search');
  box.appendChild(FirmGrid.icon('search'));
  const field = box.appendChild(FirmGrid.el('input', 'fp-input'));
  field.type = 'search';
  field.value = FirmGrid.search;
  field.placeholder = FirmGrid.given.search_hint;
  field.setAttribute('aria-label', FirmGrid.given.search_hint);
  field.autocomplete = 'off';
  field.spellcheck = false;
  const go = FirmGrid.later(function () {
    if (field.value.trim() === FirmGrid.search) { return; }
    FirmGrid.search = field.value.trim();
    FirmGrid.restart();
  }, 200);
  field.addEventListener('input', go);
  field.addEventListener('keydown', function (event) {
    if (event.key === 'Escape' && field.value) { field.value = ''; go(); go.now(); }
    if (event.key === 'Enter') { go.now(); }
    if (event.key === 'ArrowDown') { event.preventDefault(); FirmGrid.focusRows(); }
  });
  return box;
};

FirmGrid.focusRows = function () {
  const first = FirmGrid.api.getAllDisplayedColumns().find(function (c) { return FirmGrid.column(c.getColId()); });
  if (first && FirmGrid.total) { FirmGrid.api.setFocusedCell(FirmGrid.api.getFirstDisplayedRowIndex(), first.getColId()); }
};

FirmGrid.setSearch = function (text) {
  FirmGrid.search = text;
  const field = document.querySelector('.fp-search input');
  if (field) { field.value = text; }
};

FirmGrid.toggleBar = function () {
  const bar = FirmGrid.el('div', 'fp-toggles');
  bar.setAttribute('role', 'radiogroup');
  bar.setAttribute('aria-label', 'Show');
  FirmGrid.given.toggles.forEach(function (toggle) {
    const button = bar.appendChild(FirmGrid.el('button', 'fp-toggle', toggle.label));
    button.type = 'button';
    button.dataset.key = toggle.key;
    button.setAttribute('role', 'radio');
    button.addEventListener('click', function () { FirmGrid.setToggle(toggle.key); });
  });
  bar.addEventListener('keydown', function (event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) { return; }
    event.preventDefault();
    const keys = FirmGrid.given.toggles.map(function (t) { return t.key; });
    FirmGrid.setToggle(keys[(keys.indexOf(FirmGrid.toggle) + step + keys.length) % keys.length]);
    bar.querySelector('[aria-checked=true]').focus();
  });
  FirmGrid.markToggle(bar);
  return bar;
};

FirmGrid.markToggle = function (bar) {
  if (!bar) { return; }
  bar.querySelectorAll('.fp-toggle').forEach(function (button) {
    const on = button.dataset.key === FirmGrid.toggle;
    button.setAttribute('aria-checked', String(on));
    button.tabIndex = on ? 0 : -1;
  });
};

FirmGrid.setToggle = function (key, quietly) {
  if (!FirmGrid.given.toggles.some(function (t) { return t.key === key; })) { return; }
  const same = key === FirmGrid.toggle;
  FirmGrid.toggle = key;
  FirmGrid.markToggle(document.querySelector('.fp-toggles'));
  if (same || quietly) { return; }
  FirmGrid.restart();
  FirmGrid.saveState();
};

FirmGrid.tools = function () {
  const made = [];
  const add = function (text, icon, label, run, menu) {
    const button = FirmGrid.button('fp-tool', text, icon, text ? '' : label);
    if (menu) { button.setAttribute('aria-haspopup', menu); button.setAttribute('aria-expanded', 'false'); }
    button.addEventListener('click', function () { run(button); });
    made.push(button);
    return button;
  };
  add('Columns', 'columns', '', FirmGrid.openColumns, 'dialog');
  if (FirmGrid.given.keeps_state) { add('Views', 'views', '', FirmGrid.openViews, 'dialog'); }
  if (FirmGrid.given.may_export) { add('Export', 'download', '', FirmGrid.openExport, 'menu'); }
  if (FirmGrid.given.keeps_state) { add('', 'link', 'Copy link to this list', FirmGrid.copyLink).classList.add('fp-copy-link'); }
  return made;
};

FirmGrid.isNarrowed = function () {
  const filtered = Object.keys(FirmGrid.api.getFilterModel()).length > 0;
  return filtered || FirmGrid.search !== '' || FirmGrid.toggle !== FirmGrid.given.widest_toggle;
};

FirmGrid.clearAll = function () {
  FirmGrid.api.setFilterModel(null);
  FirmGrid.setSearch('');
  FirmGrid.setToggle(FirmGrid.given.widest_toggle, true);
  FirmGrid.restart();
  FirmGrid.saveSoon();
};

FirmGrid.drawChips = function () {
  const bar = FirmGrid.clear(document.querySelector('.fp-chips'));
  const model = FirmGrid.api.getFilterModel();
  const ids = Object.keys(model).filter(FirmGrid.column);
  bar.hidden = ids.length === 0;
  ids.forEach(function (id) {
    const words = FirmGrid.filterWords(FirmGrid.column(id), model[id]);
    const chip = bar.appendChild(FirmGrid.el('span', 'fp-chip'));
    const text = chip.appendChild(FirmGrid.el('button', 'fp-chip-text', words));
    text.type = 'button';
    text.title = 'Change this filter';
    text.addEventListener('click', function () {
      FirmGrid.api.ensureColumnVisible(id);
      FirmGrid.api.showColumnFilter(id);
    });
    const remove = chip.appendChild(FirmGrid.button('fp-quiet', '', 'close', 'Remove filter: ' + words));
    remove.addEventListener('click', function () { FirmGrid.setFilter(id, null); });
  });
  if (ids.length) {
    const all = bar.appendChild(FirmGrid.button('fp-link-button', 'Clear all'));
    all.addEventListener('click', function () { FirmGrid.api.setFilterModel(null); });
  }
};
