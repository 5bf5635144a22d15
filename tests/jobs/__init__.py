"""Jobs: when they are due, who runs them, and what they leave behind."""
