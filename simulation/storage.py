"""Stores for finished tiles: bytes by key, in memory or in a folder."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Protocol


class Store(Protocol):
    """The interface that run_sweep requires of a store; values are bytes and never unpickled."""

    def get(self, key: str) -> bytes | None:
        """Return the bytes, or None."""

    def set(self, key: str, value: bytes) -> object:
        """Store the bytes; the return value is ignored."""


class MemoryStore:
    """An in-memory Store."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """Return the bytes, or None."""
        return self._kept.get(key)

    def set(self, key: str, value: bytes) -> None:
        """Store the bytes."""
        self._kept[key] = value


class FolderStore:
    """A Store in a folder, one file per key, persistent and shared between processes.

    Files are written atomically. If the folder is not writable, nothing is stored.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> bytes | None:
        """Return the bytes, or None."""
        try:
            return (self.folder / key).read_bytes()
        except OSError:
            return None

    def set(self, key: str, value: bytes) -> None:
        """Store the bytes."""
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
        """Delete the key if it exists."""
        with suppress(OSError):
            (self.folder / key).unlink()


def user_folder() -> Path:
    """Return the tile folder in the user's cache: $XDG_CACHE_HOME/saddlescape/tiles."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "saddlescape" / "tiles"
