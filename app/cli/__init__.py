"""The commands of `saddlescape` other than serving: one module each (app/__main__.py)."""
