/* Joins the parts: reads what the page gave, draws the bars, takes the height, asks for the first rows. */
FirmGrid.start = function (event) {
  if (FirmGrid.api) { return; }
  FirmGrid.read(event.context);
  FirmGrid.api = event.api;
  FirmGrid.search = FirmGrid.given.search || '';
  FirmGrid.toggle = FirmGrid.given.toggle;
  FirmGrid.version = FirmGrid.given.version;
  FirmGrid.drawFrame();
  FirmGrid.watchPopups();
  FirmGrid.watchDeeds();
  FirmGrid.takeHeight();
  FirmGrid.listen(event.api);
  FirmGrid.drawChips();
  FirmGrid.hasOwnWidths = FirmGrid.given.has_widths;
  FirmGrid.fitWidths();
  if (FirmGrid.given.mode === 'small') { FirmGrid.answeredHere(); }
  else { event.api.setGridOption('datasource', FirmGrid.datasource); }
  FirmGrid.startLive();
};

/* The page's values arrive as one JSON text: no value can be mistaken for code. */
FirmGrid.read = function (context) {
  if (FirmGrid.given) { return; }
  FirmGrid.givenText = context.given;
  FirmGrid.given = JSON.parse(context.given);
  FirmGrid.token = FirmGrid.given.token;
  FirmGrid.columnsById = {};
  FirmGrid.given.columns.forEach(function (c) { FirmGrid.columnsById[c.id] = c; });
};

/* The page has drawn itself again with other parameters: the same list, a new question. */
FirmGrid.givenAgain = function () {
  setTimeout(function () {
    const context = FirmGrid.api && FirmGrid.api.getGridOption('context');
    if (!context || context.given === FirmGrid.givenText) { return; }
    FirmGrid.given = null;
    FirmGrid.read(context);
    FirmGrid.measure();
    FirmGrid.api.refreshHeader();
    if (FirmGrid.given.mode !== 'small') { FirmGrid.restart(); }
  }, 0);
};

FirmGrid.listen = function (api) {
  FirmGrid.saveSoon = FirmGrid.later(FirmGrid.saveState, 400);
  api.addEventListener('stateUpdated', FirmGrid.saveSoon);
  api.addEventListener('filterChanged', function () {
    FirmGrid.outdate();
    FirmGrid.drawChips();
    FirmGrid.clearSelection();
    if (FirmGrid.given.mode === 'small') { FirmGrid.answeredHere(); }
  });
  const fitSoon = FirmGrid.later(FirmGrid.fitWidths, 60);
  api.addEventListener('displayedColumnsChanged', function () {
    if (FirmGrid.totals) { FirmGrid.drawTotals(); }
    fitSoon();
  });
  api.addEventListener('gridSizeChanged', function () { fitSoon(); });
  api.addEventListener('columnResized', function (event) {
    if (event.finished && /^(ui|autosize)/.test(event.source)) { FirmGrid.hasOwnWidths = true; }
  });
  api.addEventListener('bodyScrollEnd', FirmGrid.alignLeft);
  api.addEventListener('bodyScroll', FirmGrid.markScrolled);
  api.addEventListener('selectionChanged', FirmGrid.selectionChanged);
  api.addEventListener('rowDoubleClicked', function (e) {
    if (!e.event || !e.event.target.closest('button, a')) { FirmGrid.openRow(e.node); }
  });
  api.addEventListener('cellKeyDown', FirmGrid.cellKey);
  api.addEventListener('cellContextMenu', FirmGrid.pointedMenu);
  api.addEventListener('cellFocused', FirmGrid.tellFocus);
  if (FirmGrid.given.mode === 'small') { api.addEventListener('modelUpdated', FirmGrid.answeredHere); }
  // a click outside may leave the list, or sign out: what is to be kept goes before it
  window.addEventListener('blur', FirmGrid.saveSoon.now);
  window.addEventListener('pagehide', function () {
    FirmGrid.saveSoon.now();
    FirmGrid.stopLive();
  });
};

/* The right button opens the row's menu where the pointer is, unless text is being chosen. */
FirmGrid.pointedMenu = function (params) {
  if (String(window.getSelection()) || !params.node.data) { return; }
  params.event.preventDefault();
  const at = params.event;
  FirmGrid.openRowMenu(params.node, new DOMRect(at.clientX, at.clientY, 0, 0));
};

/* A column cut in two misleads: $1,234 would read 234. Its cut edge fades at once … */
FirmGrid.markScrolled = function (event) {
  if (event.direction === 'horizontal') {
    document.getElementById('gridContainer').classList.toggle('fp-scrolled', event.left > 0);
  }
};

/* … and once the scrolling rests, the first column in sight starts where it is in sight. */
FirmGrid.alignLeft = function (event) {
  const view = document.querySelector('.ag-center-cols-viewport');
  if (event.direction !== 'horizontal' || !view) { return; }
  const most = view.scrollWidth - view.clientWidth;
  const edges = FirmGrid.api.getAllDisplayedColumns()
    .filter(function (c) { return !c.getPinned(); })
    .map(function (c) { return c.getLeft(); })
    .filter(function (left) { return left <= most; });
  const nearest = edges.reduce(function (best, left) {
    return Math.abs(left - event.left) < Math.abs(best - event.left) ? left : best;
  }, most);
  if (Math.abs(nearest - event.left) > 1) { view.scrollTo({ left: nearest, behavior: 'smooth' }); }
};

/* A list that holds all its rows counts and adds by itself. */
FirmGrid.answeredHere = function () {
  const api = FirmGrid.api;
  const totals = {};
  let count = 0;
  const money = FirmGrid.given.columns.filter(function (c) { return c.total; });
  api.forEachNodeAfterFilter(function (node) {
    count += 1;
    money.forEach(function (c) {
      const code = node.data.currency || FirmGrid.given.currency;
      if (c.kind !== 'money') { totals[c.id] = (totals[c.id] || 0) + (node.data[c.id] || 0); return; }
      totals[c.id] = totals[c.id] || {};
      totals[c.id][code] = (totals[c.id][code] || 0) + (node.data[c.id] || 0);
    });
  });
  FirmGrid.answered({ last_row: count, totals: totals });
};

/* The least a column of a kind needs to be read. */
FirmGrid.leastWidths = { money: 114, date: 114, days: 96, number: 84, flag: 80, choice: 94 };

FirmGrid.leastWidth = function (column) {
  const told = FirmGrid.column(column.getColId());
  const width = FirmGrid.naturalWidth(column);
  // sums in a row of their own are longer than any row's amount
  if (!told || (told.total && FirmGrid.given.totals_row)) { return width; }
  return Math.min(width, FirmGrid.leastWidths[told.kind] || Math.max(90, Math.round(width * 0.62)));
};

/* Nobody has set widths yet: text columns share what is left over; if a little is missing, all
   columns give some, so that the amounts at the right are in sight. If more is missing, as many
   columns as fit fill the list and the others begin beyond its edge: none is cut in two. */
FirmGrid.fitWidths = function (anew) {
  if (anew) { FirmGrid.hasOwnWidths = false; }
  const body = document.querySelector('.ag-body-viewport');
  if (FirmGrid.hasOwnWidths || !body || !body.clientWidth) { return; }
  const shown = FirmGrid.api.getAllDisplayedColumns();
  const sum = function (columns) { return columns.reduce(function (all, c) { return all + FirmGrid.leastWidth(c); }, 0); };
  if (sum(shown) <= body.clientWidth) { FirmGrid.shareWidth(shown, body.clientWidth); return; }
  const fixed = shown.filter(function (c) { return c.getPinned(); });
  const room = body.clientWidth - fixed.reduce(function (all, c) { return all + c.getActualWidth(); }, 0);
  const free = shown.filter(function (c) { return !c.getPinned(); });
  const whole = free.filter(function (c, place) {
    const upTo = free.slice(0, place + 1);
    return sum(upTo) <= room && FirmGrid.comfort(upTo) <= room;
  });
  FirmGrid.setWidths(free.slice(whole.length), FirmGrid.naturalWidth);
  if (whole.length) { FirmGrid.shareWidth(whole, room); }
};

/* Columns that could be scrolled to need not be squeezed in: they give a tenth at most. */
FirmGrid.comfort = function (columns) {
  return 0.9 * columns.reduce(function (all, c) { return all + FirmGrid.naturalWidth(c); }, 0);
};

FirmGrid.naturalWidth = function (column) { return column.getColDef().initialWidth || column.getActualWidth(); };

FirmGrid.shareWidth = function (columns, room) {
  const sum = function (of) { return columns.reduce(function (all, c) { return all + of(c); }, 0); };
  const least = sum(FirmGrid.leastWidth);
  const spare = sum(FirmGrid.naturalWidth) - least;
  const part = spare > 0 ? Math.min(1, (room - least) / spare) : 1;
  FirmGrid.setWidths(columns, function (c) {
    return Math.floor(FirmGrid.leastWidth(c) + (FirmGrid.naturalWidth(c) - FirmGrid.leastWidth(c)) * part);
  });
  FirmGrid.fillWidth(columns, room - sum(function (c) { return c.getActualWidth(); }));
};

FirmGrid.fillWidth = function (shown, left) {
  const ours = shown.filter(function (c) { return FirmGrid.column(c.getColId()); });
  const text = ours.filter(function (c) {
    const isText = ['text', 'email'].indexOf(FirmGrid.column(c.getColId()).kind) >= 0;
    return isText && !c.getPinned() && FirmGrid.naturalWidth(c) >= 140;
  });
  const takers = text.length ? text : ours;
  const share = Math.floor(left / takers.length);
  const first = takers[0];
  FirmGrid.setWidths(takers, function (c) {
    return c.getActualWidth() + share + (c === first ? left - share * takers.length : 0);
  });
};

FirmGrid.setWidths = function (columns, width) {
  FirmGrid.api.setColumnWidths(columns.map(function (c) { return { key: c, newWidth: width(c) }; }));
};

/* The list takes the height that is left on the screen, and never less than is usable. */
FirmGrid.height = 0;
FirmGrid.measure = function () {
  const frame = window.frameElement;
  if (!frame || !frame.isConnected || !FirmGrid.given) { return; }
  let height = FirmGrid.given.height;
  if (!height) {
    let scrolled = 0;
    for (let n = frame.parentElement; n; n = n.parentElement) { scrolled += n.scrollTop || 0; }
    const top = frame.getBoundingClientRect().top + scrolled;
    height = Math.max(FirmGrid.given.least_height, Math.floor(window.parent.innerHeight - top - 20));
  }
  if (Math.abs(height - FirmGrid.height) < 2) { return; }
  FirmGrid.height = height;
  FirmGrid.tellHeight(height);
};

FirmGrid.takeHeight = function () {
  const frame = window.frameElement;
  FirmGrid.measure();
  if (!frame || FirmGrid.given.height) { return; }
  window.parent.addEventListener('resize', FirmGrid.measure);
  const watcher = new ResizeObserver(FirmGrid.later(FirmGrid.measure, 60));
  watcher.observe(frame.closest('[data-testid=stMainBlockContainer]') || frame.parentElement);
  window.addEventListener('pagehide', function () {
    window.parent.removeEventListener('resize', FirmGrid.measure);
    watcher.disconnect();
  });
};

FirmGrid.tellHeight = function (height) {
  window.parent.postMessage({ isStreamlitMessage: true, type: 'streamlit:setFrameHeight', height: height }, window.location.origin);
};

FirmGrid.rowId = function (params) {
  FirmGrid.read(params.context);
  return String(params.data[FirmGrid.given.row_id]);
};

FirmGrid.isWaiting = function (params) { return !params.data; };

FirmGrid.tooltip = function (params) {
  return params.data ? FirmGrid.valueText(FirmGrid.column(params.column.getColId()), params.value, params.data) : null;
};

FirmGrid.formatted = function (params) {
  return params.data ? FirmGrid.valueText(FirmGrid.column(params.column.getColId()), params.value, params.data) : '';
};
