"""Closed forms for a quadratic saddle: one step, moments, escape law, guidance."""
