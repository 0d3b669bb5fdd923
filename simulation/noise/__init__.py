"""Gradient noise and random streams."""
