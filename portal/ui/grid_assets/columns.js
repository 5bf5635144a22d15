/* What each kind of column means to the grid: how it is drawn, aligned, sorted first and filtered. */
FirmGrid.components = {
  fpHead: FirmGrid.HeaderCell, fpLink: FirmGrid.LinkCell, fpPill: FirmGrid.PillCell, fpAge: FirmGrid.AgeCell,
  fpRowMenu: FirmGrid.RowMenuCell, fpChoice: FirmGrid.ChoiceFilter
};

FirmGrid.defaultColumn = {
  headerComponent: 'fpHead', cellDataType: false, sortable: true, resizable: true, minWidth: 56,
  suppressHeaderMenuButton: true, suppressHeaderFilterButton: true, suppressHeaderContextMenu: true,
  suppressHeaderKeyboardEvent: FirmGrid.headerKey,
  valueFormatter: FirmGrid.formatted, tooltipValueGetter: FirmGrid.tooltip
};

FirmGrid.numberChoices = ['greaterThanOrEqual', 'lessThanOrEqual', 'inRange', 'equals', 'notEqual', 'blank', 'notBlank'];

FirmGrid.numeric = function (more) {
  return {
    cellClass: 'ag-right-aligned-cell', headerClass: 'ag-right-aligned-header', sortingOrder: ['desc', 'asc', null],
    filter: 'agNumberColumnFilter', filterParams: Object.assign({ filterOptions: FirmGrid.numberChoices, inRangeInclusive: true, debounceMs: 250, buttons: ['clear'] }, more)
  };
};

FirmGrid.columnTypes = {
  text: { filter: 'agTextColumnFilter', filterParams: { debounceMs: 250, buttons: ['clear'], trimInput: true } },
  email: { filter: 'agTextColumnFilter', filterParams: { debounceMs: 250, buttons: ['clear'], trimInput: true } },
  number: FirmGrid.numeric({}),
  days: Object.assign(FirmGrid.numeric({}), { cellRenderer: 'fpAge' }),
  money: FirmGrid.numeric({
    allowedCharPattern: '\\d\\-\\.,$ ', numberParser: FirmGrid.centsOf, numberFormatter: FirmGrid.centsText
  }),
  date: {
    sortingOrder: ['desc', 'asc', null], filter: 'agDateColumnFilter',
    filterParams: {
      debounceMs: 250, buttons: ['clear'], inRangeInclusive: true, minValidYear: 1950, maxValidYear: 2100,
      comparator: function (day, text) {
        if (!text) { return -1; }
        const parts = String(text).slice(0, 10).split('-').map(Number);
        return new Date(parts[0], parts[1] - 1, parts[2]).getTime() - day.getTime();
      }
    }
  },
  choice: { filter: 'fpChoice', cellRenderer: 'fpPill' },
  flag: { filter: 'fpChoice' },
  opens: { cellRenderer: 'fpLink' }
};
