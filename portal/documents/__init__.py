"""Documents: invoice PDFs that were received."""
