/* The panels of the toolbar: which columns, which view, which export. */
FirmGrid.columnStates = function () {
  return FirmGrid.api.getColumnState().filter(function (c) { return FirmGrid.column(c.colId); });
};

FirmGrid.openColumns = function (anchor) {
  FirmGrid.openPanel(anchor, 'Columns', function (body) {
    const list = body.appendChild(FirmGrid.el('div', 'fp-columns'));
    list.setAttribute('role', 'list');
    FirmGrid.drawColumns(list);
    const foot = body.appendChild(FirmGrid.el('div', 'fp-panel-foot'));
    const all = foot.appendChild(FirmGrid.button('', 'Show all'));
    all.addEventListener('click', function () {
      FirmGrid.api.setColumnsVisible(FirmGrid.columnStates().map(function (c) { return c.colId; }), true);
      FirmGrid.drawColumns(list);
    });
    const reset = foot.appendChild(FirmGrid.button('', 'Reset columns', 'reset'));
    reset.addEventListener('click', function () { FirmGrid.resetColumns(); FirmGrid.drawColumns(list); });
  }, 'right');
};

FirmGrid.resetColumns = function () {
  const sort = FirmGrid.query().sort_model;
  FirmGrid.api.resetColumnState();
  FirmGrid.api.applyColumnState({
    state: sort.map(function (s, index) { return { colId: s.colId, sort: s.sort, sortIndex: index }; })
  });
  FirmGrid.fitWidths(true);
};

FirmGrid.drawColumns = function (list, focus) {
  FirmGrid.clear(list);
  FirmGrid.columnStates().forEach(function (state) { list.appendChild(FirmGrid.columnLine(list, state)); });
  const again = focus && list.querySelector('[data-focus="' + focus + '"]');
  if (again) { again.focus(); }
};

FirmGrid.columnLine = function (list, state) {
  const told = FirmGrid.column(state.colId);
  const line = FirmGrid.el('div', 'fp-column-line');
  line.setAttribute('role', 'listitem');
  line.draggable = true;
  line.dataset.id = state.colId;
  line.appendChild(FirmGrid.icon('grip'));
  const name = line.appendChild(FirmGrid.el('label', 'fp-column-name'));
  const box = name.appendChild(FirmGrid.el('input', 'fp-box'));
  box.type = 'checkbox';
  box.checked = !state.hide;
  box.addEventListener('change', function () { FirmGrid.api.setColumnsVisible([state.colId], box.checked); });
  name.appendChild(FirmGrid.el('span', '', told.label));
  const add = function (icon, label, on, run) {
    const button = line.appendChild(FirmGrid.button('fp-quiet' + (on ? ' fp-on' : ''), '', icon, label + ' ' + told.label));
    button.dataset.focus = icon + state.colId;
    button.addEventListener('click', function () { run(); FirmGrid.drawColumns(list, icon + state.colId); });
    return button;
  };
  add('up', 'Move up', false, function () { FirmGrid.moveColumn(state.colId, -1); });
  add('down', 'Move down', false, function () { FirmGrid.moveColumn(state.colId, 1); });
  const pinned = state.pinned === 'left';
  add('pin', pinned ? 'Unpin' : 'Pin left', pinned, function () {
    FirmGrid.api.setColumnsPinned([state.colId], pinned ? null : 'left');
  }).setAttribute('aria-pressed', String(pinned));
  FirmGrid.dragLine(list, line);
  return line;
};

FirmGrid.dragLine = function (list, line) {
  line.addEventListener('dragstart', function (event) {
    FirmGrid.dragged = line.dataset.id;
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', '');
  });
  line.addEventListener('dragover', function (event) {
    if (FirmGrid.dragged) { event.preventDefault(); line.classList.add('fp-drop'); }
  });
  line.addEventListener('dragleave', function () { line.classList.remove('fp-drop'); });
  line.addEventListener('drop', function (event) {
    event.preventDefault();
    const ids = FirmGrid.columnStates().map(function (c) { return c.colId; });
    FirmGrid.placeColumn(FirmGrid.dragged, ids.indexOf(line.dataset.id));
    FirmGrid.dragged = null;
    FirmGrid.drawColumns(list);
  });
};

FirmGrid.moveColumn = function (id, step) {
  const ids = FirmGrid.columnStates().map(function (c) { return c.colId; });
  FirmGrid.placeColumn(id, ids.indexOf(id) + step);
};

FirmGrid.placeColumn = function (id, index) {
  const ids = FirmGrid.columnStates().map(function (c) { return c.colId; });
  const rest = ids.filter(function (i) { return i !== id; });
  rest.splice(Math.max(0, Math.min(index, rest.length)), 0, id);
  FirmGrid.api.applyColumnState({ state: rest.map(function (i) { return { colId: i }; }), applyOrder: true });
};

FirmGrid.openExport = function (anchor) {
  const shown = 'Columns on screen';
  FirmGrid.openMenu(anchor, [
    { heading: shown },
    { text: 'CSV', icon: 'download', run: function () { FirmGrid.exportRows('csv', false); } },
    { text: 'Excel', icon: 'download', run: function () { FirmGrid.exportRows('xlsx', false); } },
    'line', { heading: 'All columns' },
    { text: 'CSV', icon: 'download', run: function () { FirmGrid.exportRows('csv', true); } },
    { text: 'Excel', icon: 'download', run: function () { FirmGrid.exportRows('xlsx', true); } }
  ], 'Export', 'right');
};

FirmGrid.exportRows = async function (format, all) {
  const query = FirmGrid.query();
  const ids = FirmGrid.api.getAllDisplayedColumns().map(function (c) { return c.getColId(); });
  query.format = format;
  query.columns = all ? 'all' : ids.filter(function (id) { return FirmGrid.column(id); });
  const bar = FirmGrid.progressToast('Preparing ' + FirmGrid.countWords(FirmGrid.total || 0) + '…');
  try {
    const answer = await FirmGrid.ask('/api/export', query);
    if (answer.job) { await FirmGrid.awaitExport(answer.ticket, bar); }
    FirmGrid.download(FirmGrid.base + '/api/export/' + encodeURIComponent(answer.ticket));
    bar.done('Your file is on its way to the downloads.');
  } catch (problem) { bar.done(problem.status ? problem.message : 'The export was interrupted. Try again.', true); }
};

FirmGrid.awaitExport = async function (ticket, bar) {
  for (;;) {
    const said = await FirmGrid.ask('/api/export/' + encodeURIComponent(ticket) + '/progress', null, 'GET');
    if (said.error || said.state === 'failed') { throw new FirmGrid.Refused(500, said.error || 'The export failed.'); }
    const share = said.share !== undefined ? said.share : said.total ? said.done / said.total : null;
    bar.share(share);
    if (said.ready || said.state === 'ready') { return; }
    await new Promise(function (resolve) { setTimeout(resolve, 400); });
  }
};

FirmGrid.download = function (href) {
  const link = document.body.appendChild(FirmGrid.el('a'));
  link.href = href;
  link.download = '';
  link.click();
  link.remove();
};

FirmGrid.progressToast = function (text) {
  const old = document.querySelector('.fp-toast');
  if (old) { old.remove(); }
  const box = document.body.appendChild(FirmGrid.el('div', 'fp-toast'));
  box.setAttribute('role', 'status');
  const words = box.appendChild(FirmGrid.el('div', '', text));
  const bar = box.appendChild(FirmGrid.el('div', 'fp-toast-bar fp-unknown'));
  const filled = bar.appendChild(FirmGrid.el('div', 'fp-toast-filled'));
  return {
    share: function (part) {
      if (part === null || part === undefined) { return; }
      bar.classList.remove('fp-unknown');
      filled.style.width = Math.round(part * 100) + '%';
      words.textContent = 'Preparing the file: ' + Math.round(part * 100) + ' %';
    },
    done: function (last, trouble) { box.remove(); FirmGrid.toast(last, trouble ? 'trouble' : 'done'); }
  };
};
