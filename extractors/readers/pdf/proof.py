"""Whether a page's text layer says what people see: a PDF may show one thing and tell programs another.

The page is drawn once. Text that leaves no trace on it (white, or covered) is not seen. A few lines are read as they
look: where that is quite another text, the table that maps the font's glyphs to characters is wrong. Ink that is
neither text nor a rule nor a picture, in pieces of the size of characters, is text drawn as curves.

Only of a page whose fonts are embedded: others look as the fonts of this machine make them, perhaps like nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, Final, cast

import cv2
import numpy as np
from rapidfuzz.distance import Indel

from extractors.document import Box, Line
from extractors.ocr.engine import Raster
from extractors.readers.pdf.survey import Survey

_DPI: Final = 150.0
_LONGEST: Final = 2400
_TRACE: Final = 24  # grey levels between a line's lightest and darkest pixels, from which something is seen
_SAMPLED: Final = 4  # lines that are read
_ALIKE: Final = 0.6  # how alike what is written and what is read are at least; OCR of print reaches 0.95
_CURVES: Final = 12  # pieces of ink like characters, from which text is drawn as curves


def drawn(page: Any, found: Survey) -> Raster:
    """The page as people see it, grey. Raises PdfiumError."""
    scale = min(_DPI / 72, _LONGEST / max(found.width, found.height))
    bitmap = page.render(scale=max(scale, 1 / min(found.width, found.height)), grayscale=True)
    array = bitmap.to_numpy()
    return np.array(array[..., 0] if array.ndim == 3 else array, np.uint8)


def leaves_no_trace(line: Line, picture: Raster) -> bool:
    """Nothing is to be seen where the line stands."""
    if line.place.box is None or not line.text.strip():
        return False
    window = _window(picture, line.place.box, 0)
    return window.size > 0 and int(window.max()) - int(window.min()) < _TRACE


def sample(lines: Sequence[Line], picture: Raster) -> tuple[str, Raster] | None:
    """The text of a few lines, and a picture of them one below the other; None where there is none worth it."""
    known = [line for line in lines if line.place.box is not None and len(_plain(line.text)) >= 5]
    known.sort(key=lambda line: -min(len(line.text), 30))
    chosen = known[:_SAMPLED]
    if sum(len(_plain(line.text)) for line in chosen) < 10:
        return None
    strips = [_window(picture, line.place.box, 4) for line in chosen if line.place.box is not None]
    width = max(strip.shape[1] for strip in strips) + 40
    stack = [np.full((20, width), 255, np.uint8)]
    for strip in strips:
        row = np.full((strip.shape[0] + 20, width), 255, np.uint8)
        row[: strip.shape[0], 20 : 20 + strip.shape[1]] = strip
        stack.append(row)
    grey = np.vstack(stack)
    return "".join(line.text for line in chosen), cast(Raster, cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB))


def differs(written: str, read: str) -> bool:
    """What is read is quite another text. Nothing read proves nothing: the face may be beyond OCR."""
    plain, seen = _plain(written), _plain(read)
    return len(seen) >= len(plain) // 3 and Indel.normalized_similarity(plain, seen) < _ALIKE


def has_curves(lines: Sequence[Line], found: Survey, picture: Raster) -> bool:
    """There is text that is drawn as curves beside the text layer."""
    if not found.drawings:
        return False
    ink = (picture < 128).astype(np.uint8)
    rules = np.zeros_like(ink)
    for kernel in (np.ones((1, 60), np.uint8), np.ones((60, 1), np.uint8)):
        rules |= cast(Raster, cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel))
    ink[cv2.dilate(rules, np.ones((3, 3), np.uint8)) > 0] = 0
    for box in (*(line.place.box for line in lines), *(image.box for image in found.images)):
        if box is not None:
            margin = max(2, round(0.25 * box.height * picture.shape[0]))
            ink[_within(box, picture, min(margin, 12))] = 0
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    sides, areas = stats[1:count, 2:4], stats[1:count, 4]
    largest = sides.max(axis=1) if len(sides) else sides
    like = (largest >= 8) & (largest <= 60) & (areas < 0.75 * sides[:, 0] * sides[:, 1]) if len(sides) else largest
    return int(np.count_nonzero(like)) >= _CURVES


def _window(picture: Raster, box: Box, margin: int) -> Raster:
    return picture[_within(box, picture, margin)]


def _within(box: Box, picture: Raster, margin: int) -> tuple[slice, slice]:
    high, wide = picture.shape[:2]
    return (
        slice(max(0, int(box.top * high) - margin), int(np.ceil(box.bottom * high)) + margin),
        slice(max(0, int(box.left * wide) - margin), int(np.ceil(box.right * wide)) + margin),
    )


def _plain(text: str) -> str:
    return "".join(character for character in unicodedata.normalize("NFKC", text) if character.isalnum())
