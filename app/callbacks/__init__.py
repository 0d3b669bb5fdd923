"""Dash's callbacks."""
