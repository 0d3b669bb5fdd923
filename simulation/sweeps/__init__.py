"""Sweeps: an experiment with two numbers varied over a grid."""
