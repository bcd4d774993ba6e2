"""How much of a page's time may go into reading what a first look leaves in doubt.

Each impression gets a first look. A halftone or a guilloche is found as thirty rings that nobody can read, and each of
them would be cut again and again; so what is read beyond first looks comes out of one purse, the most seal-like first.
"""

from __future__ import annotations

HURRIED = 0.7  # of a text's confidence stays where the budget ended before the doubt


class Budget:
    """Strips that may still be read on one page. ended: some were asked for in vain."""

    def __init__(self, strips: int) -> None:
        self._left = strips
        self.ended = False

    def spend(self, strips: int) -> bool:
        """Whether about so many may be read; what is begun is finished, so it may be overdrawn once."""
        if self._left <= 0:
            self.ended = True
            return False
        self._left -= strips
        return True
