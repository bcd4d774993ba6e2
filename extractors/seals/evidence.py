"""Which outlines are told as seals, and with which text: what is weak must say something, what is whole need not.

A seal must never look like none, and a logo, a medal or a printed box must not be taken for anybody's seal. So what can
only be a seal is told without text where it cannot be read, and text is left out where the thing need not be a seal.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour, SealShape
from extractors.ocr.engine import Raster
from extractors.seals.outline import RINGS, SURE, Outline
from extractors.seals.prior import WORDS
from extractors.seals.text import Text, hanzi

Floats = NDArray[np.float32]

ILLEGIBLE = Text()
FULL = 0.88  # coverage from which a ring that cannot be read is told; of frames, SURE
STARRED = 0.3  # sureness of the star from which a ring around it need not be whole
WRITTEN = 4  # legible Hanzi on an arc
WHOLE = 0.95  # coverage of a frame without doubt
SPARSE, SPARSEST = 0.15, 0.1  # inked part of the inside of a coloured frame, and of one without doubt
LEAST_MM = 9.5  # of a seal's width: persons' are 10 mm and more; what is smaller is a character's part
NARROWEST_MM = 6.5  # across a frame that cannot be read
PERSONS_MM = 25.0  # of a person's seal
LOGO_MM = 36.0  # of a ring: 社会团体 have 42 and 45 mm with a star, companies 38 and more; smaller ones say 章 or 印
SECTORS = 8
TINTED = 0.1  # optical density by which the ground inside differs from the ground outside


def told(outline: Outline, text: Text, star: float, raster: Raster, per_mm: float | None) -> Text | None:
    """What is told of an outline: the text, ILLEGIBLE for a seal without, None where it is no seal.

    star: 0 to 1, how surely there is one in the middle. raster: the page. per_mm: its pixels, None where unknown.
    """
    if outline.shape in RINGS and not _on_paper(outline, raster):
        return None  # a medal, a badge, a button
    known = per_mm is not None
    size = 2 * outline.radius / (per_mm or min(raster.shape[:2]) / 210)
    if _believable(outline, text):
        if _own(outline, text, star, size, scaled=known):
            return text
        if outline.shape in RINGS:
            return ILLEGIBLE
    wide = size * min(outline.half_width, outline.half_height) / outline.radius
    return ILLEGIBLE if wide >= NARROWEST_MM and _surely_a_seal(outline, text, star, size, scaled=known) else None


def _believable(outline: Outline, text: Text) -> bool:
    """Weak outlines are logos, ornaments and letterheads unless they say something; weak frames, unless a name."""
    count = hanzi(text.text) + hanzi(text.centre)
    if outline.coverage < SURE:
        return count >= 4 and text.confidence > 0.3 and (outline.shape in RINGS or _names(text))
    return count >= 2 and text.confidence > 0.15


def _names(text: Text) -> bool:
    return any(word in text.text for word in WORDS)


def _own(outline: Outline, text: Text, star: float, size: float, *, scaled: bool) -> bool:
    """Whether the words are a seal's: a logo has a name around it as well, a printed box a heading in it."""
    if outline.shape is SealShape.ROUND:
        said = text.text + text.centre
        return not scaled or size >= LOGO_MM or star >= STARRED or "章" in said or "印" in said
    if outline.shape in (SealShape.SQUARE, SealShape.RECTANGLE) and size > PERSONS_MM:
        return _names(text)
    return True


def _surely_a_seal(outline: Outline, text: Text, star: float, size: float, *, scaled: bool) -> bool:
    """What cannot be read is told where it looks like nothing but a seal.

    A ring as large as associations' seals are (42 and 45 mm, with room for scaled copies; ovals are smaller) that is
    whole, or has a star or characters in it; a frame filled as densely as seals are: a box around print, or a cell,
    holds little ink. size: mm; a picture without a scale may show less than a page, so it says no more than how large
    a ring is at most.
    """
    if outline.shape in RINGS:
        written = text.legibility * hanzi(text.text) >= WRITTEN
        smallest = 27 if outline.shape is SealShape.OVAL else 30
        if size < smallest or (scaled and size > 60):
            return False
        return outline.coverage >= FULL or star >= STARRED or written
    if outline.coverage < SURE:
        return False
    if outline.bare and size <= PERSONS_MM:
        return outline.shape is SealShape.SQUARE and size >= LEAST_MM and outline.filled < 0.85
    if outline.colour is SealColour.BLACK:
        return 0.25 < outline.filled < 0.85 and LEAST_MM <= size <= 50
    if outline.shape in (SealShape.DIAMOND, SealShape.TRIANGLE) and outline.coverage >= WHOLE:
        return size >= LEAST_MM  # nothing else on paper has that form
    least = SPARSEST if outline.coverage >= WHOLE else SPARSE
    return least < outline.filled < 0.85 and LEAST_MM <= size <= 75


def _on_paper(outline: Outline, raster: Raster) -> bool:
    """Whether the ground between the strokes goes on beyond the ring, in one sector at least of those on the page."""
    height, width = raster.shape[:2]
    turn = np.radians(outline.turn)
    around = np.radians(np.arange(0, 360, 3, dtype=np.float32))

    def ground(near: float, far: float) -> Floats:
        """SECTORS × channels: the lightest quarter's beginning between two distances in radii; NaN beyond the page."""
        rho = np.linspace(near, far, 12, dtype=np.float32)[:, None]
        u, v = outline.half_width * rho * np.cos(around), outline.half_height * rho * np.sin(around)
        x = (outline.centre[0] + u * np.cos(turn) - v * np.sin(turn)).astype(np.float32)
        y = (outline.centre[1] + u * np.sin(turn) + v * np.cos(turn)).astype(np.float32)
        seen = cv2.remap(raster, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
        light = seen.reshape(*seen.shape[:2], -1).astype(np.float32)
        light[(x < 0) | (y < 0) | (x >= width) | (y >= height)] = np.nan
        sectors = (
            light.reshape(len(rho), SECTORS, -1, light.shape[2]).swapaxes(1, 2).reshape(-1, SECTORS, light.shape[2])
        )
        return np.asarray(np.percentile(sectors, 75, axis=0), np.float32)

    with np.errstate(invalid="ignore"):
        step = np.log10(np.maximum(ground(1.06, 1.25), 1) / np.maximum(ground(0.5, 0.92), 1))
    differs = np.abs(step).max(axis=1)
    seen = differs[~np.isnan(differs)]
    return len(seen) == 0 or bool((seen < TINTED).any())
