/* Talking to the server: the grid's token goes along, is renewed once when it has run out. */
FirmGrid.base = window.location.pathname.split('/component/')[0];
FirmGrid.renewing = null;

/* What nobody asked for says so, so that an unattended screen still locks. */
FirmGrid.lastDeed = Date.now();
FirmGrid.deedCounts = 3000;
FirmGrid.watchDeeds = function () {
  ['pointerdown', 'keydown', 'wheel'].forEach(function (name) {
    document.addEventListener(name, function () { FirmGrid.lastDeed = Date.now(); }, { capture: true, passive: true });
  });
};

FirmGrid.Refused = class extends Error {
  constructor(status, text) { super(text); this.status = status; }
};

FirmGrid.renewToken = function () {
  if (!FirmGrid.renewing) {
    FirmGrid.renewing = FirmGrid.post('/api/token', { token: FirmGrid.token }).then(function (answer) {
      return answer.ok ? answer.json() : null;
    }).then(function (said) {
      if (said && said.token) { FirmGrid.token = said.token; }
      return Boolean(said && said.token);
    }).catch(function () { return false; }).finally(function () { FirmGrid.renewing = null; });
  }
  return FirmGrid.renewing;
};

FirmGrid.post = function (path, body, method, more) {
  const given = { method: method || 'POST', credentials: 'same-origin', headers: { 'x-grid-token': FirmGrid.token } };
  if (Date.now() - FirmGrid.lastDeed > FirmGrid.deedCounts) { given.headers['x-grid-refresh'] = '1'; }
  if (body !== undefined && body !== null) {
    given.headers['content-type'] = 'application/json';
    given.body = JSON.stringify(body);
  }
  return fetch(FirmGrid.base + path, Object.assign(given, more || {}));
};

/* Ask the server and give its JSON. Throws Refused with a text a person can act on. */
FirmGrid.ask = async function (path, body, method, more) {
  let answer = await FirmGrid.post(path, body, method, more);
  if (answer.status === 401 && await FirmGrid.renewToken()) {
    answer = await FirmGrid.post(path, body, method, more);
  }
  if (answer.ok) { return answer.status === 204 ? null : answer.json(); }
  if (answer.status === 401) { FirmGrid.showSessionEnded(); }
  throw new FirmGrid.Refused(answer.status, await FirmGrid.refusalText(answer));
};

FirmGrid.refusalText = async function (answer) {
  try {
    const said = await answer.json();
    const text = said.error || said.message || said.detail;
    if (typeof text === 'string' && text) { return text; }
  } catch (problem) { /* an answer without JSON has no words of its own */ }
  if (answer.status === 401) { return 'Your session has ended – sign in again.'; }
  if (answer.status === 403) { return 'You do not have the permission for this.'; }
  return 'The server could not answer just now.';
};

/* What the list shows at the moment, as the server's routes understand it. */
FirmGrid.query = function () {
  const api = FirmGrid.api;
  const sorted = api.getColumnState().filter(function (c) { return c.sort; });
  sorted.sort(function (a, b) { return (a.sortIndex || 0) - (b.sortIndex || 0); });
  return {
    list: FirmGrid.given.list,
    sort_model: sorted.map(function (c) { return { colId: c.colId, sort: c.sort }; }),
    filter_model: api.getFilterModel(),
    search: FirmGrid.search,
    params: FirmGrid.params()
  };
};

FirmGrid.params = function () {
  const fixed = Object.assign({}, FirmGrid.given.params);
  if (FirmGrid.given.toggle_param) { fixed[FirmGrid.given.toggle_param] = FirmGrid.toggle; }
  return fixed;
};

/* Tell the page what the person wants. It is one message per deed: the nonce says so. */
FirmGrid.send = function (event) {
  const nonce = (window.crypto && crypto.randomUUID) ? crypto.randomUUID() : String(Date.now()) + Math.random();
  window.parent.postMessage({
    isStreamlitMessage: true, type: 'streamlit:setComponentValue', dataType: 'json',
    value: Object.assign({ nonce: nonce }, event)
  }, window.location.origin);
};
