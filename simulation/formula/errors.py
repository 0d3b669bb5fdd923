"""The one exception of this package."""

from __future__ import annotations

SHOWN = 12  # characters of the text that are quoted


class FormulaError(ValueError):
    """A formula cannot be used.

    why: a sentence fragment for the reader of the page; at: 0-based index into the text, or None
    if the fault has no single place; text: the formula as it was typed.
    """

    def __init__(self, why: str, at: int | None = None, text: str = "") -> None:
        self.why, self.at, self.text = why, at, text
        super().__init__(why + self._place())

    def __reduce__(self) -> tuple[type[FormulaError], tuple[str, int | None, str]]:
        return type(self), (self.why, self.at, self.text)

    def _place(self) -> str:
        if self.at is None:
            return ""
        piece = self.text[self.at : self.at + SHOWN]
        shown = "".join(c if c.isprintable() else "·" for c in piece)
        return f" (at character {self.at + 1}: “{shown}”)" if shown else " (at the end)"
