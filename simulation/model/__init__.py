"""Experiments: their parameters, contenders (optimizers), and query-string form."""
