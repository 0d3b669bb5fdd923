"""Sentences and numbers as the page writes them."""
