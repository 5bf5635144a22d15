"""Work that goes on by itself: the refresh, and the socket by which commands reach the server."""
