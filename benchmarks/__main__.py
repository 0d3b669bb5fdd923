"""`python -m benchmarks [NAME …]`: runs the named benchmarks, or all, one after another."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent
ALL = sorted(
    [file.stem for file in HERE.glob("[a-z]*.py")]
    + [file.parent.name for file in HERE.glob("*/__main__.py")]
)


def main() -> int:
    """0, or 2 where a name is unknown."""
    names = sys.argv[1:] or ALL
    if unknown := set(names) - set(ALL):
        print(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(ALL)}")
        return 2
    sys.argv[1:] = []
    for name in names:
        print(f"== {name}", flush=True)
        runpy.run_module(f"benchmarks.{name}", run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main())
