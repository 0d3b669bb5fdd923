"""What several benchmarks share: other revisions of the project, quantiles, the machine's load."""
