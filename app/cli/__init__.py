"""The command line: `saddlescape [serve]`, `run`, `sweep` and `warm`, one module each."""
