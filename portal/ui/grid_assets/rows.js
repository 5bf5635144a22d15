/* The rows: blocks of the server's list, their totals, and what stands there instead when there are none. */
FirmGrid.total = null;
FirmGrid.asked = new Set();

FirmGrid.datasource = {
  getRows: async function (params) {
    const stop = new AbortController();
    FirmGrid.asked.add(stop);
    FirmGrid.busy(true);
    const query = FirmGrid.query();
    query.sort_model = params.sortModel;
    query.filter_model = params.filterModel;
    query.start_row = params.startRow;
    query.end_row = params.endRow;
    try {
      const answer = await FirmGrid.ask('/api/rows', query, 'POST', { signal: stop.signal });
      params.successCallback(answer.rows, answer.last_row);
      FirmGrid.answered(answer);
    } catch (problem) {
      params.failCallback();
      if (!stop.signal.aborted && problem.status !== 401) { FirmGrid.showTrouble(problem); }
    }
    FirmGrid.asked.delete(stop);
    FirmGrid.busy(FirmGrid.asked.size > 0);
  }
};

FirmGrid.answered = function (answer) {
  FirmGrid.total = answer.last_row;
  FirmGrid.totals = FirmGrid.totalsOf(answer);
  FirmGrid.version = answer.version || FirmGrid.version;
  FirmGrid.refreshedAt = new Date();
  document.querySelector('.fp-bottom').classList.remove('fp-stale');
  FirmGrid.drawTotals();
  FirmGrid.drawFreshness();
  FirmGrid.drawSelection();
  if (answer.last_row === 0) { FirmGrid.showEmpty(); } else { FirmGrid.hideNote(); }
  if (!FirmGrid.settled) {
    FirmGrid.settled = true;
    FirmGrid.saved = JSON.stringify(FirmGrid.state());
  }
  FirmGrid.selectLoaded();
};

FirmGrid.busy = function (is) {
  const bar = document.querySelector('.fp-progress');
  if (bar) { bar.classList.toggle('fp-is-busy', is); }
};

/* The sums on screen answer the question before. */
FirmGrid.outdate = function () {
  const bar = document.querySelector('.fp-bottom');
  if (bar && FirmGrid.given.mode !== 'small') { bar.classList.add('fp-stale'); }
};

/* A new question (search, toggle): what is still on its way no longer matters. */
FirmGrid.restart = function () {
  FirmGrid.outdate();
  FirmGrid.asked.forEach(function (stop) { stop.abort(); });
  FirmGrid.asked.clear();
  FirmGrid.clearSelection();
  FirmGrid.drawChips();
  if (FirmGrid.given.mode === 'small') {
    FirmGrid.api.setGridOption('quickFilterText', FirmGrid.search);
    return;
  }
  FirmGrid.api.purgeInfiniteCache();
  if (FirmGrid.total) { FirmGrid.api.ensureIndexVisible(0, 'top'); }
};

/* Money of several currencies stays apart: one sum for each. */
FirmGrid.totalsOf = function (answer) {
  const totals = Object.assign({}, answer.totals);
  const apart = answer.totals_by_currency || {};
  const codes = Object.keys(apart);
  if (!codes.length) { return totals; }
  FirmGrid.given.columns.forEach(function (column) {
    if (column.kind !== 'money' || totals[column.id] === undefined) { return; }
    totals[column.id] = {};
    codes.forEach(function (code) {
      if (apart[code][column.id]) { totals[column.id][code] = apart[code][column.id]; }
    });
  });
  return totals;
};

FirmGrid.totalText = function (value, currency) {
  if (value !== null && typeof value === 'object') {
    return Object.keys(value).map(function (code) { return FirmGrid.money(value[code], code); }).join(' + ') || FirmGrid.money(0);
  }
  return FirmGrid.money(value, currency);
};

FirmGrid.drawTotals = function () {
  const bar = FirmGrid.clear(document.querySelector('.fp-totals'));
  bar.appendChild(FirmGrid.el('span', 'fp-count', FirmGrid.countWords(FirmGrid.total || 0)));
  if (FirmGrid.given.totals_row) { FirmGrid.drawTotalsRow(); return; }
  const shown = new Set(FirmGrid.api.getAllDisplayedColumns().map(function (c) { return c.getColId(); }));
  FirmGrid.given.columns.forEach(function (column) {
    const value = FirmGrid.totals[column.id];
    if (!column.total || !shown.has(column.id) || value === undefined || value === null) { return; }
    const item = bar.appendChild(FirmGrid.el('span', 'fp-total'));
    item.appendChild(FirmGrid.el('span', 'fp-total-name', column.label.replace(/^Total (.)/, function (all, first) { return first.toUpperCase(); })));
    const text = column.kind === 'money' ? FirmGrid.totalText(value) : FirmGrid.number(value);
    item.appendChild(FirmGrid.el('span', 'fp-total-value', text));
  });
};

/* The sums as the last row, each under its column; one row for each currency. */
FirmGrid.drawTotalsRow = function () {
  const summed = FirmGrid.given.columns.filter(function (c) { return c.total && FirmGrid.totals[c.id] !== undefined; });
  const codes = new Set();
  summed.forEach(function (c) {
    const value = FirmGrid.totals[c.id];
    if (value !== null && typeof value === 'object') { Object.keys(value).forEach(function (code) { codes.add(code); }); }
  });
  if (!codes.size) { codes.add(FirmGrid.given.currency); }
  const rows = Array.from(codes).map(function (code, place) {
    const row = { currency: code };
    row[FirmGrid.given.row_id] = 'total-' + code;
    row[FirmGrid.mainColumn().id] = codes.size > 1 ? 'Total ' + code : 'Total';
    summed.forEach(function (c) {
      const value = FirmGrid.totals[c.id];
      const apart = value !== null && typeof value === 'object';
      row[c.id] = apart ? value[code] || 0 : c.kind === 'money' || place === 0 ? value : null;
    });
    return row;
  });
  FirmGrid.api.setGridOption('pinnedBottomRowData', FirmGrid.total ? rows : []);
};

/* Something said over the empty body of the list, with at most one thing to do about it. */
FirmGrid.showNote = function (kind, title, text, button, run) {
  FirmGrid.hideNote();
  const box = document.getElementById('gridContainer');
  const note = FirmGrid.el('div', 'fp-note fp-note-' + kind);
  note.setAttribute('role', kind === 'trouble' ? 'alert' : 'status');
  note.appendChild(FirmGrid.el('div', 'fp-note-title', title));
  if (text) { note.appendChild(FirmGrid.el('div', 'fp-note-text', text)); }
  if (button) {
    const made = note.appendChild(FirmGrid.button('fp-main', button));
    made.addEventListener('click', run);
  }
  const body = box.querySelector('.ag-body');
  if (body) { note.style.top = (body.getBoundingClientRect().top + 8) + 'px'; }
  box.appendChild(note);
};

FirmGrid.hideNote = function () {
  const note = document.querySelector('.fp-note');
  if (note && !note.classList.contains('fp-note-ended')) { note.remove(); }
};

FirmGrid.showEmpty = function () {
  const many = FirmGrid.given.noun;
  if (FirmGrid.isNarrowed()) {
    FirmGrid.showNote('empty', 'No ' + many + ' match', 'Nothing fits the search and the filters in use.', 'Clear filters', FirmGrid.clearAll);
  } else {
    FirmGrid.showNote('empty', 'No ' + many + ' here', 'As soon as there are any, they appear by themselves.');
  }
};

FirmGrid.showTrouble = function (problem) {
  const calm = problem.status ? problem.message : 'The connection was lost for a moment.';
  const loaded = FirmGrid.total > 0 && problem.status !== 422;
  FirmGrid.showNote('trouble', loaded ? 'Some rows could not be read' : 'The list could not be read', calm, 'Retry', function () {
    FirmGrid.hideNote();
    FirmGrid.api.purgeInfiniteCache();
  });
};

FirmGrid.showSessionEnded = function () {
  if (document.querySelector('.fp-note-ended')) { return; }
  FirmGrid.stopLive();
  FirmGrid.showNote('ended', 'Your session has ended – sign in again', 'Nothing you saved is lost.', 'Sign in', function () {
    window.parent.location.reload();
  });
};
