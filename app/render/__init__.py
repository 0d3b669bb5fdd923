"""Rendering: page state → figures and props."""
