"""`python -m app.server.healthcheck [PORT]`: exit 0 if this container's server is ready, else 1."""

from __future__ import annotations

import sys
import urllib.request

from app.settings import exit_on_setting_error, read_setting


def main() -> int:
    """Request `/readyz` on the loopback interface; return the exit code."""
    with exit_on_setting_error():
        port = sys.argv[1] if len(sys.argv) > 1 else read_setting("port")
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=3) as answer:
            return 0 if answer.status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
