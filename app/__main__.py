"""`python -m app`, the same as the command `saddlescape`."""

from __future__ import annotations

import sys

from app.cli.group import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
