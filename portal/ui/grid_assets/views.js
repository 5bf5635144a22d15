/* Kept views: the columns, order, filters and toggle of a list under a name. Saving by itself is here too. */
FirmGrid.state = function () {
  const all = FirmGrid.api.getState();
  const kept = {};
  ['columnOrder', 'columnSizing', 'columnPinning', 'columnVisibility', 'sort', 'filter'].forEach(function (key) {
    if (all[key] !== undefined && (key !== 'columnSizing' || FirmGrid.hasOwnWidths)) { kept[key] = all[key]; }
  });
  return { grid: kept, toggle: FirmGrid.toggle };
};

FirmGrid.saved = '';

FirmGrid.saveState = function (last) {
  if (!FirmGrid.settled || !FirmGrid.given.keeps_state) { return; }
  const state = FirmGrid.state();
  const text = JSON.stringify(state);
  if (text === FirmGrid.saved) { return; }
  FirmGrid.saved = text;
  const left = { list: FirmGrid.given.list, place: FirmGrid.given.place, state: state };
  FirmGrid.ask('/api/list-state', left, 'PUT', last ? { keepalive: true } : {})
    .catch(function () { FirmGrid.saved = ''; });
};

FirmGrid.applyState = function (state) {
  const grid = state.grid || {};
  const api = FirmGrid.api;
  FirmGrid.hasOwnWidths = Boolean(grid.columnSizing);
  api.setState(Object.assign({}, grid), ['rowSelection', 'scroll', 'focusedCell', 'pagination', 'rowGroupExpansion', 'sideBar', 'rangeSelection', 'cellSelection', 'ssrmRowGroupExpansion', 'bottomRowPinned', 'rowPinning']);
  api.setColumnsPinned(['row_menu'], 'right');
  FirmGrid.fitWidths();
  FirmGrid.setToggle(state.toggle || FirmGrid.given.default_toggle, true);
  FirmGrid.setSearch('');
  FirmGrid.restart();
};

FirmGrid.resetView = function () {
  const api = FirmGrid.api;
  api.resetColumnState();
  api.applyColumnState({ state: FirmGrid.given.default_sort, defaultState: { sort: null } });
  api.setFilterModel(null);
  FirmGrid.setToggle(FirmGrid.given.default_toggle, true);
  FirmGrid.setSearch('');
  FirmGrid.fitWidths(true);
  FirmGrid.restart();
};

FirmGrid.openViews = function (anchor) {
  FirmGrid.openPanel(anchor, 'Views', function (body) {
    const list = body.appendChild(FirmGrid.el('div', 'fp-views'));
    list.appendChild(FirmGrid.el('div', 'fp-quiet-text', 'Reading your views…'));
    FirmGrid.drawViews(list);
    body.appendChild(FirmGrid.keepForm(list));
    const foot = body.appendChild(FirmGrid.el('div', 'fp-panel-foot'));
    const reset = foot.appendChild(FirmGrid.button('', 'Reset to default', 'reset'));
    reset.addEventListener('click', function () { FirmGrid.closePopup(); FirmGrid.resetView(); });
  }, 'right');
};

FirmGrid.keepForm = function (list) {
  const form = FirmGrid.el('form', 'fp-keep');
  const name = form.appendChild(FirmGrid.el('input', 'fp-input'));
  name.placeholder = 'Save the current view as…';
  name.setAttribute('aria-label', 'Name of the view');
  name.maxLength = 60;
  const share = FirmGrid.el('input', 'fp-box');
  share.type = 'checkbox';
  if (FirmGrid.given.may_share) {
    const label = form.appendChild(FirmGrid.el('label', 'fp-column-name'));
    label.appendChild(share);
    label.appendChild(FirmGrid.el('span', '', 'Share with the firm'));
  }
  form.appendChild(FirmGrid.button('fp-main', 'Save')).type = 'submit';
  form.addEventListener('submit', async function (event) {
    event.preventDefault();
    const text = name.value.trim();
    if (!text) { name.focus(); return; }
    const same = FirmGrid.views.find(function (v) { return v.is_own && v.name.toLowerCase() === text.toLowerCase(); });
    const kept = { list: FirmGrid.given.list, name: text, state: FirmGrid.state(), shared: share.checked };
    if (same) {
      kept.view_id = same.view_id;
      kept.shared = kept.shared || same.shared;
    }
    try {
      await FirmGrid.ask('/api/views', kept);
      name.value = '';
      FirmGrid.toast('View “' + text + '” is saved.');
      FirmGrid.drawViews(list);
    } catch (problem) { FirmGrid.toast(problem.message, 'trouble'); }
  });
  return form;
};

FirmGrid.drawViews = async function (list) {
  let views = [];
  FirmGrid.views = [];
  try {
    const answer = await FirmGrid.ask('/api/views?list=' + encodeURIComponent(FirmGrid.given.list), null, 'GET');
    views = answer.views;
    FirmGrid.views = views;
  } catch (problem) {
    FirmGrid.clear(list).appendChild(FirmGrid.el('div', 'fp-quiet-text', problem.message));
    return;
  }
  FirmGrid.clear(list);
  if (!views.length) { list.appendChild(FirmGrid.el('div', 'fp-quiet-text', 'No views are saved for this list yet.')); }
  views.forEach(function (view) { list.appendChild(FirmGrid.viewLine(list, view)); });
};

FirmGrid.viewLine = function (list, view) {
  const line = FirmGrid.el('div', 'fp-column-line');
  const open = line.appendChild(FirmGrid.button('fp-view-name', view.name, view.shared ? 'people' : 'views'));
  if (view.shared) { open.title = view.is_own ? 'Shared with the firm' : 'Shared by a colleague'; }
  open.addEventListener('click', function () { FirmGrid.closePopup(); FirmGrid.applyState(view.state); });
  if (view.may_delete) {
    const remove = line.appendChild(FirmGrid.button('fp-quiet', '', 'trash', 'Delete view ' + view.name));
    remove.addEventListener('click', async function () {
      try {
        await FirmGrid.ask('/api/views', { list: FirmGrid.given.list, view_id: view.view_id }, 'DELETE');
      } catch (problem) { FirmGrid.toast(problem.message, 'trouble'); }
      FirmGrid.drawViews(list);
    });
  }
  return line;
};

/* A link to this very list: whoever opens it sees it within their own rights. */
FirmGrid.copyLink = async function () {
  const query = FirmGrid.query();
  const state = { sort: query.sort_model, filter: query.filter_model, search: query.search, toggle: FirmGrid.toggle };
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  const text = btoa(Array.from(bytes, function (b) { return String.fromCharCode(b); }).join(''));
  const url = new URL(window.parent.location.href);
  url.searchParams.set('view', text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, ''));
  try {
    await FirmGrid.copyText(url.href);
    FirmGrid.toast('Link copied. It opens this list with these filters.');
  } catch (problem) { FirmGrid.showLink(url.href); }
};

FirmGrid.showLink = function (href) {
  FirmGrid.openPanel(document.querySelector('.fp-copy-link'), 'Link to this list', function (body) {
    const field = body.appendChild(FirmGrid.el('input', 'fp-input'));
    field.readOnly = true;
    field.value = href;
    field.addEventListener('focus', function () { field.select(); });
  }, 'right');
};
