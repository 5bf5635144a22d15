"""What the portal can do, one command a file. Start here to learn what the program does."""
