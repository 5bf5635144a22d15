/* Ticked rows: how many, all that match if wanted, and what can be done with them together. */
FirmGrid.allMatching = false;

FirmGrid.clearSelection = function () {
  FirmGrid.allMatching = false;
  if (FirmGrid.given.bulk.length) { FirmGrid.api.deselectAll(); }
  FirmGrid.drawSelection();
};

/* While all matching rows are meant, each block that arrives is ticked too. */
FirmGrid.selectLoaded = function () {
  if (!FirmGrid.allMatching) { return; }
  const nodes = [];
  FirmGrid.api.forEachNode(function (node) { if (node.data && !node.isSelected()) { nodes.push(node); } });
  if (nodes.length) { FirmGrid.api.setNodesSelected({ nodes: nodes, newValue: true }); }
};

/* Unticking a row ends `all matching`: what is ticked on screen counts from then on. */
FirmGrid.selectionChanged = function (event) {
  if (!event.source.startsWith('api')) { FirmGrid.allMatching = false; }
  FirmGrid.drawSelection();
};

FirmGrid.drawSelection = function () {
  const bar = document.querySelector('.fp-selection');
  if (!bar || !FirmGrid.given.bulk.length) { return; }
  const nodes = FirmGrid.api.getSelectedNodes();
  const count = FirmGrid.allMatching ? FirmGrid.total : nodes.length;
  bar.hidden = !count;
  FirmGrid.clear(bar);
  if (!count) { return; }
  bar.appendChild(FirmGrid.el('span', 'fp-selected', FirmGrid.number(count) + ' selected'));
  if (!FirmGrid.allMatching && FirmGrid.total > nodes.length) {
    const all = bar.appendChild(FirmGrid.button('fp-link-button', 'Select all ' + FirmGrid.number(FirmGrid.total) + ' matching'));
    all.addEventListener('click', function () {
      FirmGrid.allMatching = true;
      FirmGrid.selectLoaded();
      FirmGrid.drawSelection();
    });
  }
  FirmGrid.given.bulk.forEach(function (action) {
    const button = bar.appendChild(FirmGrid.button('', action.label));
    button.addEventListener('click', function () { FirmGrid.sendSelection(action.key); });
  });
  const clear = bar.appendChild(FirmGrid.button('fp-link-button', 'Clear selection'));
  clear.addEventListener('click', FirmGrid.clearSelection);
};

FirmGrid.sendSelection = function (action) {
  const ids = FirmGrid.allMatching ? [] : FirmGrid.api.getSelectedNodes().map(function (n) { return n.id; });
  const query = FirmGrid.query();
  FirmGrid.send({
    kind: 'selection', action: action, row_ids: ids, all_matching: FirmGrid.allMatching,
    filter: { filter_model: query.filter_model, search: query.search, params: query.params }
  });
};
