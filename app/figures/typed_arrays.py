"""Arrays for the browser: float32 typed arrays in a JSON-serialisable dict.

Plotly reads `{"dtype": "f4", "bdata": …}` directly; it takes a quarter of the bytes and a tenth of
the time of lists.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

LARGEST = float(np.finfo(np.float32).max)
GAP = np.float32(np.nan)
"""Gap in a line, inside a typed array; JSON itself has no NaN."""


def typed(values: ArrayLike) -> dict[str, Any]:
    """Return a 1-d array as Plotly's float32 typed array; infinities become NaN."""
    array = np.array(values, dtype=np.float64)  # a copy, so that the summary is not modified
    array[~(np.abs(array) <= LARGEST)] = GAP
    return {"dtype": "f4", "bdata": b64encode(array.astype("<f4").tobytes()).decode("ascii")}


def untyped(spec: dict[str, Any]) -> NDArray[np.float32]:
    """Return the numbers of a typed array."""
    return np.frombuffer(b64decode(spec["bdata"]), dtype=f"<{spec['dtype']}")


def joined(lines: ArrayLike) -> NDArray[np.float64]:
    """Return lines (L, K) as one array of length L (K + 1), each followed by NaN."""
    array = np.asarray(lines, dtype=np.float64)
    gaps = np.full((array.shape[0], 1), np.nan)
    return np.concatenate([array, gaps], axis=1).ravel()
