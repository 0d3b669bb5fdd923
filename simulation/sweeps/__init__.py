"""Sweeps: an experiment with two parameters varied over a grid."""
