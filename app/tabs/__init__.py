"""The tabs of the page: one package each, independent of one another."""
