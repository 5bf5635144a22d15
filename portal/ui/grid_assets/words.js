/* How values and filters are written in words. Money is whole cents and never added up here. */
FirmGrid.months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
FirmGrid.formats = {};

FirmGrid.money = function (cents, currency) {
  if (cents === null || cents === undefined || cents === '') { return ''; }
  const code = currency || FirmGrid.given.currency || 'USD';
  if (!FirmGrid.formats[code]) {
    FirmGrid.formats[code] = new Intl.NumberFormat('en-US', { style: 'currency', currency: code });
  }
  return FirmGrid.formats[code].format(cents / 100);
};

FirmGrid.number = function (value) {
  if (value === null || value === undefined || value === '') { return ''; }
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 }).format(value);
};

/* '2026-03-05' becomes '05 Mar 2026', whatever the zone of the browser. */
FirmGrid.date = function (text) {
  const found = /^(\d{4})-(\d{2})-(\d{2})/.exec(text || '');
  if (!found) { return text || ''; }
  return found[3] + ' ' + FirmGrid.months[Number(found[2]) - 1] + ' ' + found[1];
};

FirmGrid.flag = function (value) {
  return value === null || value === undefined ? '' : value ? 'Yes' : 'No';
};

/* What a person types as an amount becomes cents, or null. */
FirmGrid.centsOf = function (text) {
  const typed = String(text === null || text === undefined ? '' : text).replace(/[$\s,]/g, '');
  if (!/^-?\d+(\.\d{0,2})?$/.test(typed)) { return null; }
  const parts = typed.replace('-', '').split('.');
  const cents = Number(parts[0]) * 100 + Number(((parts[1] || '') + '00').slice(0, 2));
  return typed.charAt(0) === '-' ? -cents : cents;
};

FirmGrid.centsText = function (cents) {
  return cents === null || cents === undefined ? '' : (cents / 100).toFixed(2);
};

FirmGrid.valueText = function (column, value, row) {
  const kind = column ? column.kind : 'text';
  if (kind === 'money') { return FirmGrid.money(value, row && row.currency); }
  if (kind === 'date') { return FirmGrid.date(value); }
  if (kind === 'flag') { return FirmGrid.flag(value); }
  if (kind === 'number' || kind === 'days') { return FirmGrid.number(value); }
  const text = value === null || value === undefined ? '' : String(value);
  return column && column.spoken ? FirmGrid.spokenText(column.spoken, text) : text;
};

/* A source's own word as people write it. */
FirmGrid.spokenText = function (spoken, text) {
  return spoken[text.toLowerCase()] || text.charAt(0).toUpperCase() + text.slice(1).replace(/_/g, ' ');
};

FirmGrid.operators = {
  contains: 'contains', notContains: 'does not contain', equals: 'is', notEqual: 'is not',
  startsWith: 'begins with', endsWith: 'ends with', lessThan: 'less than',
  lessThanOrEqual: 'at most', greaterThan: 'more than', greaterThanOrEqual: 'at least',
  blank: 'is empty', notBlank: 'is not empty'
};
FirmGrid.dateOperators = { lessThan: 'before', greaterThan: 'after', equals: 'is', notEqual: 'is not' };

FirmGrid.conditionWords = function (column, model) {
  const isDate = model.filterType === 'date';
  const say = function (value) {
    if (column.kind === 'text' || column.kind === 'email') { return '“' + value + '”'; }
    return FirmGrid.valueText(column, value);
  };
  const from = isDate ? model.dateFrom : model.filter;
  const to = isDate ? model.dateTo : model.filterTo;
  if (model.type === 'inRange') { return say(from) + ' – ' + say(to); }
  if (model.type === 'blank' || model.type === 'notBlank') { return FirmGrid.operators[model.type]; }
  const words = (isDate && FirmGrid.dateOperators[model.type]) || FirmGrid.operators[model.type] || model.type;
  return words + ' ' + say(from);
};

/* One column's filter in words: `Due date before 05 Mar 2026`. */
FirmGrid.filterWords = function (column, model) {
  if (model.filterType === 'set') {
    const values = model.values.map(function (v) { return v === null ? '(none)' : FirmGrid.valueText(column, v); });
    const shown = values.slice(0, 3).join(', ') + (values.length > 3 ? ' + ' + (values.length - 3) + ' more' : '');
    return column.label + ': ' + (values.length ? shown : 'nothing chosen');
  }
  const parts = model.conditions || [model];
  const joint = model.operator === 'OR' ? ' or ' : ' and ';
  return column.label + ' ' + parts.map(function (m) { return FirmGrid.conditionWords(column, m); }).join(joint);
};

/* `1,234 invoices`, `1 invoice`, `1 entry`; a table whose title counts nothing has rows. */
FirmGrid.countWords = function (count) {
  const words = FirmGrid.given.noun.split(' ');
  if (!/s$/.test(words[0])) { words.splice(0, words.length, 'rows'); }
  if (count === 1) {
    words[0] = words[0].replace(/ies$/, 'y').replace(/(sh|ch|x|ss)es$/, '$1').replace(/s$/, '');
  }
  return FirmGrid.number(count) + ' ' + words.join(' ');
};
