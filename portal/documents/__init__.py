"""Documents: invoice PDFs that were received, and the sample firm's made-up ones."""
