"""Who the browser of the grid tests is."""

COOKIE = "the-cookie-of-the-browser-tests"
