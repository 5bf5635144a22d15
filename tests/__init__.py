"""The tests: each name is a sentence that is true of the product."""
