(function () {
  'use strict';
  if (window.FirmGrid) { window.FirmGrid.givenAgain(); return window.FirmGrid.components; }
  const FirmGrid = {};
  window.FirmGrid = FirmGrid;
