"""Background jobs that compute sweeps for the page."""
