"""What a list is: columns, order, filters, permission. Grid, route and export all read it."""
