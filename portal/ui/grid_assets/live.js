/* News: one stream of events per browser; every list hears of a new version and re-reads its blocks in place. */
FirmGrid.version = 0;
FirmGrid.stream = null;
FirmGrid.channel = null;

FirmGrid.startLive = function () {
  if (FirmGrid.given.mode === 'small') { return; }
  FirmGrid.refreshSoon = FirmGrid.atMostEvery(1000, FirmGrid.reread);
  document.addEventListener('visibilitychange', function () {
    if (!document.hidden && FirmGrid.missedNews) { FirmGrid.refreshSoon(); }
  });
  setInterval(FirmGrid.drawFreshness, 5000);
  if (!window.BroadcastChannel || !window.navigator.locks) { FirmGrid.openStream(); return; }
  FirmGrid.channel = new BroadcastChannel('firm-portal-versions');
  FirmGrid.channel.onmessage = function (message) { FirmGrid.heard(message.data); };
  FirmGrid.leaving = new AbortController();
  window.navigator.locks.request('firm-portal-versions', { signal: FirmGrid.leaving.signal }, function () {
    FirmGrid.openStream();
    return new Promise(function (resolve) { FirmGrid.letGo = resolve; });
  }).catch(function () { /* the page was left before its turn came */ });
};

FirmGrid.openStream = function () {
  FirmGrid.stream = new EventSource(FirmGrid.base + '/api/events', { withCredentials: true });
  FirmGrid.stream.addEventListener('version', function (event) {
    let said = null;
    try { said = JSON.parse(event.data); } catch (problem) { return; }
    if (FirmGrid.channel) { FirmGrid.channel.postMessage(said); }
    FirmGrid.heard(said);
  });
  FirmGrid.stream.addEventListener('open', function () { FirmGrid.waits = FirmGrid.firstWait; });
  FirmGrid.stream.addEventListener('ended', FirmGrid.tellEnded);
  FirmGrid.stream.addEventListener('error', FirmGrid.openAgain);
};

FirmGrid.tellEnded = function () {
  if (FirmGrid.channel) { FirmGrid.channel.postMessage({ ended: true }); }
  FirmGrid.showSessionEnded();
};

/* The browser reconnects by itself after a lost line, but gives up for good after an answer that is
   no stream, as a proxy gives while the server starts anew: then a new stream is opened, later and later. */
FirmGrid.firstWait = 2000;
FirmGrid.longestWait = 30000;
FirmGrid.waits = FirmGrid.firstWait;
FirmGrid.openAgain = function () {
  if (!FirmGrid.stream || FirmGrid.stream.readyState !== EventSource.CLOSED) { return; }
  FirmGrid.stream = null;
  FirmGrid.reopening = setTimeout(async function () {
    const answer = await FirmGrid.post('/api/token', { token: FirmGrid.token }).catch(function () { return null; });
    if (answer && answer.status === 401) { FirmGrid.tellEnded(); return; }
    FirmGrid.openStream();
  }, FirmGrid.waits);
  FirmGrid.waits = Math.min(2 * FirmGrid.waits, FirmGrid.longestWait);
};

FirmGrid.stopLive = function () {
  clearTimeout(FirmGrid.reopening);
  if (FirmGrid.stream) { FirmGrid.stream.close(); FirmGrid.stream = null; }
  if (FirmGrid.leaving) { FirmGrid.leaving.abort(); }
  if (FirmGrid.letGo) { FirmGrid.letGo(); }
};

FirmGrid.heard = function (said) {
  if (said && said.ended) { FirmGrid.showSessionEnded(); return; }
  const version = said && Number(said.version);
  if (!version || version === FirmGrid.version) { return; }
  FirmGrid.version = version;
  FirmGrid.refreshSoon();
};

/* Blocks are read again where they stand: the place and the ticked rows stay. */
FirmGrid.reread = function () {
  if (document.hidden) { FirmGrid.missedNews = true; return; }
  FirmGrid.missedNews = false;
  if (!FirmGrid.settled || FirmGrid.api.isDestroyed()) { return; }
  if (document.querySelector('.fp-note-trouble') || FirmGrid.total === 0) { FirmGrid.api.purgeInfiniteCache(); }
  else { FirmGrid.api.refreshInfiniteCache(); }
};

FirmGrid.atMostEvery = function (gap, run) {
  let last = 0;
  let timer = null;
  const go = function () { timer = null; last = Date.now(); run(); };
  return function () {
    if (timer !== null) { return; }
    timer = setTimeout(go, Math.max(0, last + gap - Date.now()));
  };
};

FirmGrid.drawFreshness = function () {
  const place = document.querySelector('.fp-fresh');
  if (!place || !FirmGrid.refreshedAt) { return; }
  const seconds = (Date.now() - FirmGrid.refreshedAt.getTime()) / 1000;
  const clock = FirmGrid.refreshedAt.toTimeString().slice(0, 5);
  place.textContent = seconds < 15 ? 'Updated just now' : 'Updated ' + clock;
};
