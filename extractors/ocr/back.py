"""Lines of the page's other side: what shines through thin paper reads mirrored.

inks.py paints over what is pale and blurred. Where the paper is thinner still, or nothing is printed on this side, the
back's print is as clear as pale print of the front, and is read as such: as characters that mean nothing, unsurely.
Turned over left to right, such a line reads more surely.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extractors.document import Box, Line
from extractors.hanzi import is_hanzi
from extractors.ocr.engine import Recogniser
from extractors.ocr.inks import Inks
from extractors.ocr.window import window_of

_UNSURE = 0.95  # confidence of a line below which it may be the back's
_TELLING = 2  # Hanzi of a line that tell its sides apart; — 8 — reads the same mirrored
_PALE = 0.3  # optical density below which ink is pale: half of the light comes back
_CORE = 98  # percentile of a line's densities that is its strokes' middle


def of_this_side(lines: Sequence[Line], inks: Inks, recogniser: Recogniser) -> tuple[Line, ...]:
    """The lines without those of the page's back. recogniser: of the engine that read them. Raises EngineError."""
    doubted = [
        (line, box)
        for line in lines
        if line.confidence < _UNSURE
        and sum(map(is_hanzi, line.text)) >= _TELLING
        and (box := line.place.box) is not None
        and _is_pale(box, inks)
    ]
    mirrored = recogniser.recognise(
        [np.ascontiguousarray(inks.grey[window_of(box, *inks.grey.shape)][:, ::-1]) for _, box in doubted]
    )
    of_the_back = {
        id(line) for (line, _), other in zip(doubted, mirrored, strict=True) if other.confidence > line.confidence
    }
    return tuple(line for line in lines if id(line) not in of_the_back)


def _is_pale(box: Box, inks: Inks) -> bool:
    return bool(np.percentile(inks.density.greatest(window_of(box, *inks.grey.shape)), _CORE) < _PALE)
