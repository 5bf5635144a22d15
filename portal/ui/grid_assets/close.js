  return FirmGrid.components;
})()
