"""Where finished tiles are kept: plain bytes under plain names, in memory or in a folder.

Source: DESIGN.md section 11.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Protocol


class Store(Protocol):
    """What run_sweep asks of a store. Nothing in it is ever unpickled."""

    def get(self, key: str) -> bytes | None:
        """The bytes, or None."""

    def set(self, key: str, value: bytes) -> object:
        """Keeps the bytes; what is returned means nothing."""


class MemoryStore:
    """A Store for as long as it lives."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """The bytes, or None."""
        return self._kept.get(key)

    def set(self, key: str, value: bytes) -> None:
        """Keeps the bytes."""
        self._kept[key] = value


class FolderStore:
    """A Store in a folder, one file a key, shared by processes and alive after them.

    A file appears whole or not at all; a folder that cannot be written to keeps nothing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> bytes | None:
        """The bytes, or None."""
        try:
            return (self.folder / key).read_bytes()
        except OSError:
            return None

    def set(self, key: str, value: bytes) -> None:
        """Keeps the bytes."""
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder, prefix=".new-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(value)
                os.replace(name, self.folder / key)
            except BaseException:
                with suppress(OSError):
                    os.unlink(name)
                raise

    def drop(self, key: str) -> None:
        """Forgets the key."""
        with suppress(OSError):
            (self.folder / key).unlink()


def user_folder() -> Path:
    """The folder for tiles in the user's cache: $XDG_CACHE_HOME/saddlescape/tiles."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "saddlescape" / "tiles"
