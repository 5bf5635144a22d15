"""Routes beside the pages, and what protects them all."""
