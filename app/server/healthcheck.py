"""`python -m app.server.healthcheck`: exit 0 if the server of this container is ready, else 1."""

from __future__ import annotations

import os
import sys
import urllib.request


def main() -> int:
    """Asks `/readyz` on the loopback; a port may be given."""
    port = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PORT", "8050")
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=3) as answer:
            return 0 if answer.status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
