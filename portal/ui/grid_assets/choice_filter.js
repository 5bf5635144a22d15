/* The filter of a column with few values: a list to tick, searchable, filled by the server. */
FirmGrid.ChoiceFilter = class {
  init(params) {
    FirmGrid.read(params.context);
    this.params = params;
    this.told = FirmGrid.column(params.column.getColId());
    this.chosen = null;
    this.apply = FirmGrid.later(function () { params.filterChangedCallback(); }, 250);
    this.node = FirmGrid.el('div', 'fp-choice');
    this.search = this.node.appendChild(FirmGrid.el('input', 'fp-input'));
    this.search.type = 'search';
    this.search.placeholder = 'Search ' + this.told.label.toLowerCase();
    this.search.setAttribute('aria-label', this.search.placeholder);
    this.search.addEventListener('input', FirmGrid.later(this.load.bind(this), 200));
    this.list = this.node.appendChild(FirmGrid.el('div', 'fp-choice-list'));
    this.list.setAttribute('role', 'group');
    this.list.setAttribute('aria-label', this.told.label);
    const foot = this.node.appendChild(FirmGrid.el('div', 'fp-choice-foot'));
    const clear = foot.appendChild(FirmGrid.button('', 'Clear'));
    clear.addEventListener('click', this.choose.bind(this, null));
    const done = foot.appendChild(FirmGrid.button('fp-main', 'Done'));
    done.addEventListener('click', function () { params.api.hidePopupMenu(); params.api.hideColumnFilter(); });
  }
  getGui() { return this.node; }
  afterGuiAttached() { this.search.value = ''; this.load(); this.search.focus(); }
  afterGuiDetached() { this.apply.now(); }
  destroy() { this.node.remove(); }
  refresh(params) { this.params = params; return true; }
  isFilterActive() { return this.chosen !== null; }
  doesFilterPass(params) {
    const value = params.data[this.told.id];
    return this.chosen.indexOf(value === undefined ? null : value) >= 0;
  }
  getModel() { return this.chosen === null ? null : { filterType: 'set', values: this.chosen.slice() }; }
  setModel(model) {
    this.chosen = model && Array.isArray(model.values) ? model.values.slice() : null;
    if (this.node.isConnected) { this.draw(); }
  }
  choose(values) {
    this.chosen = values && values.length ? values : null;
    this.draw();
    this.apply();
  }
  async load() {
    const typed = this.search.value.trim();
    try {
      this.values = await FirmGrid.choices(this.told, typed);
      this.trouble = '';
    } catch (problem) { this.values = []; this.trouble = problem.message; }
    if (typed === this.search.value.trim()) { this.draw(); }
  }
  draw() {
    FirmGrid.clear(this.list);
    const values = this.values || [];
    const chosen = this.chosen || [];
    const missing = this.search.value ? [] : chosen.filter(function (v) { return values.indexOf(v) < 0; });
    missing.concat(values).forEach(function (value) { this.list.appendChild(this.line(value)); }, this);
    if (!this.list.firstChild) {
      this.list.appendChild(FirmGrid.el('div', 'fp-quiet-text', this.trouble || 'Nothing found'));
    }
    if (values.length >= 200) {
      this.list.appendChild(FirmGrid.el('div', 'fp-quiet-text', 'More values exist: type to find them.'));
    }
  }
  line(value) {
    const line = FirmGrid.el('label', 'fp-choice-line');
    const box = line.appendChild(FirmGrid.el('input', 'fp-box'));
    box.type = 'checkbox';
    box.checked = (this.chosen || []).indexOf(value) >= 0;
    const self = this;
    box.addEventListener('change', function () {
      const others = (self.chosen || []).filter(function (v) { return v !== value; });
      self.chosen = box.checked ? others.concat([value]) : others.length ? others : null;
      self.apply();
    });
    line.appendChild(FirmGrid.el('span', '', value === null ? '(none)' : FirmGrid.valueText(this.told, value)));
    return line;
  }
};

/* The values of a column: those the list is defined with, those on screen, or the server's. */
FirmGrid.choices = async function (told, typed) {
  const wanted = typed.toLowerCase();
  const fits = function (v) { return String(v === null ? '' : FirmGrid.valueText(told, v)).toLowerCase().indexOf(wanted) >= 0; };
  if (told.kind === 'flag') { return [true, false].filter(fits); }
  if (told.choices.length) { return told.choices.filter(fits); }
  if (FirmGrid.given.mode === 'small') {
    const seen = new Set();
    FirmGrid.api.forEachNode(function (node) { seen.add(node.data[told.id] === undefined ? null : node.data[told.id]); });
    return Array.from(seen).filter(fits).sort();
  }
  const asked = { list: FirmGrid.given.list, column: told.id, search: typed, params: FirmGrid.params() };
  return (await FirmGrid.ask('/api/values', asked)).values;
};
