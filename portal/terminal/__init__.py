"""What each `portal` command does; portal/cli.py says which there are."""
