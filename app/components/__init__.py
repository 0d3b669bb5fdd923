"""Dash components shared by the tabs and the page's shell."""
