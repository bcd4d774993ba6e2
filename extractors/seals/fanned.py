"""Parts of rings at the rim of sheets that were fanned out and stamped across (骑缝章)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour, SealShape
from extractors.seals import rings
from extractors.seals.outline import SURE, Mask, Outline
from extractors.seals.page import Page

CUT = 0.8  # visible part below which a ring is taken for one that another sheet has the rest of


def fanned(mask: Mask, page: Page, smallest: float, colour: SealColour) -> list[Outline]:
    """Parts of rings at the left or right rim of sheets that were fanned out (骑缝章); erased from the mask.

    What lay below the next sheet is cut off along a line within the page, so that is where the page ends for them.
    """
    found: list[Outline] = []
    reach, near = round(1.4 * rings.LARGEST * page.side), 0.3 * smallest
    for at_left in (True, False):
        begin = max(0, round(page.left) if at_left else round(page.right) - reach)
        window = mask[:, begin : max(begin, round(page.left if at_left else page.right) + (reach if at_left else 0))]
        for start, stop in _runs(np.asarray(window.any(axis=1)), round(1.5 * smallest)):
            part = window[start:stop]
            columns = np.flatnonzero(part.any(axis=0))
            first, last = int(columns[0]) + begin, int(columns[-1]) + begin + 1
            at_rim = first - page.left < near if at_left else page.right - last < near
            if stop - start < 1.5 * smallest or not at_rim or last - first >= 0.95 * reach:
                continue
            sheet = replace(page, right=float(last)) if at_left else replace(page, left=float(first))
            sheet = sheet.moved(-begin, -start)
            parts = rings.circles(part, part, sheet, colour, smallest) or _middle(part, sheet, colour)
            for ring in parts:
                if ring.coverage >= SURE and ring.visible < CUT:
                    whole = replace(ring.moved(begin, start), span=(float(first), float(last)))
                    whole.erase(mask)
                    found.append(whole)
    return found


def _middle(part: Mask, page: Page, colour: SealColour) -> list[Outline]:
    """The ring of which only the highest and the lowest arc lie on a sheet, cut off on both sides; [] if there is none.

    Two short arcs far from each other give no votes, but they tell where the ring begins and ends.
    """
    rows, columns = np.nonzero(part)
    top, bottom = int(rows[0]), int(rows[-1])
    highest = float(columns[(rows == top) | (rows == bottom)].mean())
    radius = (bottom + 1 - top) / 2
    guess = Outline(SealShape.ROUND, colour, (highest, top + radius), radius, radius, 0.0, 0.0)
    ring = rings.again(part, page, colour, guess)
    return [] if ring is None else [ring]


def _runs(flags: NDArray[np.bool_], gap: int) -> Iterator[tuple[int, int]]:
    """Runs of True, from and to, where gaps up to `gap` do not count."""
    at = np.flatnonzero(flags)
    if len(at):
        breaks = np.flatnonzero(np.diff(at) > gap)
        yield from zip(at[np.append(0, breaks + 1)].tolist(), (at[np.append(breaks, -1)] + 1).tolist(), strict=True)
