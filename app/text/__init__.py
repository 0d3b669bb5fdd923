"""Sentences and numbers, formatted for the page."""
