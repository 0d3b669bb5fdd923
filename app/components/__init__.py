"""Dash components that several tabs or the page's shell use."""
