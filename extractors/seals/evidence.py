"""Which outlines are told as seals, and with which text: what is weak must say something, what is whole need not.

A seal must never look like none, and a logo, a medal or a printed box must not be taken for anybody's seal. So what can
only be a seal is told without text where it cannot be read, and text is left out where the thing need not be a seal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour, SealShape
from extractors.ocr.engine import Raster
from extractors.seals.outline import SURE, Outline
from extractors.seals.prior import ENDINGS, WORDS
from extractors.seals.text import Text, ends_as_names_do, hanzi, is_person

Floats = NDArray[np.float32]

ILLEGIBLE = Text()
FULL = 0.88  # coverage from which a ring that cannot be read is told; of frames, SURE
LEAST_PART = 0.2  # of a ring on the page from which it is told though nothing in it was read
STARRED = 0.3  # sureness of the star from which a ring around it need not be whole
STARRED_BLACK = 0.6  # and of a black one, for print makes both by chance
LEGIBLE = 0.5  # part of the characters that is, from which what is built as names are is told however doubtful it is
WRITTEN = 4  # legible Hanzi on an arc
STATED = 0.8  # confidence of a line that ends in 章, or of a person's name, from which it need not be a body's
NAMED = 2  # Hanzi of the shortest name
LABEL = 3  # Hanzi of a frame that says what it is stamped for
LONG, PLAIN = 20, 0.6  # Hanzi in a frame from which less sure ones are lines of print in a box
WHOLE = 0.95  # coverage of a frame without doubt
SPARSE, SPARSEST = 0.15, 0.1  # inked part of the inside of a coloured frame, and of one without doubt
LEAST_MM = 9.5  # of a seal's width: persons' are 10 mm and more; what is smaller is a character's part
NARROWEST_MM = 6.5  # across a frame that cannot be read
PERSONS_MM = 25.0  # of a person's seal
LOGO_MM = 36.0  # of a ring: 社会团体 have 42 and 45 mm with a star, companies 38 and more; smaller ones say 章 or 印
LARGEST_MM = 62.0  # of a ring: 60 mm and what a scan adds
ASKING = ("盖章", "签字", "签章", "电话")  # forms say so where a seal is to stand; no seal does
NAMING = (*WORDS, *(ending for ending in ENDINGS if len(ending) > 1))
LETTERS = re.compile("[0-9A-Za-z]")
SECTORS, LEAST_SECTORS = 8, 3
TINTED = 0.1  # optical density by which the ground inside differs from the ground outside
LIGHTER, LIGHTER_BARE = 25, 10  # per cent that are the ground; of a field of ink with bare characters
THICKEST = 0.22  # of the radius: a ring's line, where seals' have up to 0.14 with their soft rims
LEAST_WRITTEN = 0.12  # part of the directions in which there is ink between a ring and its middle
MIDDLE = 0.2  # of the radius: nearer to the middle a mark is no writing
PALE = 0.25  # of the ring's ink: what faint strokes, blurred over three pixels, have
LEAST_SEEN = 15  # directions on the page


def told(outline: Outline, text: Text, star: float, raster: Raster, per_mm: float | None) -> Text | None:
    """What is told of an outline: the text, ILLEGIBLE for a seal without, None where it is no seal.

    star: 0 to 1, how surely there is one in the middle. raster: the page. per_mm: its pixels, None where unknown.
    """
    known = per_mm is not None
    size = 2 * outline.radius / (per_mm or min(raster.shape[:2]) / 210)
    look = _Look.at(outline, raster)
    persons = _persons(outline, text, size)
    if not persons and not _on_paper(outline, look, said=_says_whose(text)):
        return None  # a medal, a badge, a button, a box of a colour
    if _may_be_print(outline, text, size, scaled=known):
        return None
    if outline.shape.is_ring and known and outline.coverage < SURE and size > LARGEST_MM:
        return None  # print and ornaments make such a ring by chance
    says = _names(text) or _states(text)
    if outline.shape.is_ring and star < STARRED and not says and not _inscribed(outline, look):
        return None
    if persons or _believable(outline, text, star):
        if _own(outline, text, star, size, scaled=known):
            return text if outline.coverage < SURE or _legible(text) else _nameless(text)
        if outline.shape.is_ring:
            return ILLEGIBLE
    wide = size * min(outline.half_width, outline.half_height) / outline.radius
    return ILLEGIBLE if wide >= NARROWEST_MM and _surely_a_seal(outline, text, star, size, scaled=known) else None


def _believable(outline: Outline, text: Text, star: float) -> bool:
    """Weak outlines are logos, ornaments and print unless they say a name, or have a star and say something."""
    count = hanzi(text.text) + hanzi(text.centre)
    if outline.coverage < SURE:
        starred = outline.shape.is_ring and star >= STARRED and count >= WRITTEN
        return text.confidence > 0.3 and (_says_whose(text) or starred)
    return count >= 2 and (_legible(text) or (outline.shape.is_ring and _states(text)))


def _persons(outline: Outline, text: Text, size: float) -> bool:
    """Whether it says whose seal it is: a person's name in a small square. In black a form's cell may hold one."""
    small = outline.shape in (SealShape.SQUARE, SealShape.DIAMOND) and size <= PERSONS_MM
    return small and outline.colour is not SealColour.BLACK and text.confidence >= STATED and is_person(text.text)


def _may_be_print(outline: Outline, text: Text, size: float, *, scaled: bool) -> bool:
    """Whether a small black frame may be a character of print (田, 四) or two that touch, and says nothing else.

    Two may be as broad as a seal; where the scale is not known, one may, too.
    """
    if outline.colour is not SealColour.BLACK or outline.shape.is_ring or size > PERSONS_MM:
        return False
    says = _names(text) or is_person(text.text)
    return not says and (outline.shape is SealShape.RECTANGLE or not scaled)


def _states(text: Text) -> bool:
    return text.centre_confidence >= STATED and text.centre.endswith("章")


def _labels(text: Text) -> bool:
    """Whether a frame says what it is stamped for (作废章, 复印件专用章), as no box for a seal does (盖章)."""
    return _names(text) and text.text.endswith("章") and hanzi(text.text) >= LABEL and text.confidence >= STATED


def _legible(text: Text) -> bool:
    sure = text.confidence > 0.15 or (text.legibility >= LEGIBLE and ends_as_names_do(text.text))
    return sure and hanzi(text.text) >= NAMED


def _nameless(text: Text) -> Text:
    return replace(text, text="", legibility=0.0, confidence=0.0, alternatives=())


def _names(text: Text) -> bool:
    return any(word in text.text for word in NAMING) and not any(word in text.text for word in ASKING)


def _says_whose(text: Text) -> bool:
    return _names(text) and hanzi(text.text) >= WRITTEN


def _own(outline: Outline, text: Text, star: float, size: float, *, scaled: bool) -> bool:
    """Whether the words are a seal's: a logo has a name around it as well, a printed box a heading in it."""
    if outline.shape.is_ring and hanzi(text.text) < WRITTEN and LETTERS.search(text.text):
        return False  # a ring of foreign letters, of which some were taken for Hanzi
    if outline.shape is SealShape.ROUND:
        said = text.text + text.centre
        return not scaled or size >= LOGO_MM or star >= STARRED or "章" in said or "印" in said
    if outline.shape in (SealShape.SQUARE, SealShape.RECTANGLE) and size > PERSONS_MM:
        doubtful = hanzi(text.text) > LONG and text.confidence < PLAIN
        return _labels(text) or (_says_whose(text) and not doubtful)
    return True


def _surely_a_seal(outline: Outline, text: Text, star: float, size: float, *, scaled: bool) -> bool:
    """What cannot be read is told where it looks like nothing but a seal.

    A ring as large as associations' seals are (42 and 45 mm, with room for scaled copies; ovals are smaller) that is
    whole, or has a star or characters in it; a frame filled as densely as seals are: a box around print, or a cell,
    holds little ink. size: mm; a picture without a scale may show less than a page, so it says no more than how large
    a ring is at most.
    """
    if outline.shape.is_ring:
        written = text.legibility * hanzi(text.text) >= WRITTEN
        smallest = 27 if outline.shape is SealShape.OVAL else 30
        if size < smallest or (scaled and size > 60):
            return False
        by_chance = outline.colour is SealColour.BLACK and outline.coverage < SURE
        # So little of a ring is a scan's dark edge or a fold as well.
        return (
            star >= (STARRED_BLACK if by_chance else STARRED)
            or written
            or (outline.coverage >= FULL and outline.visible >= LEAST_PART)
        )
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


@dataclass(frozen=True, slots=True)
class _Look:
    """The raster around an outline, as if unrolled: distances from the centre × directions.

    rho: the distances, 1 on the edge. light: 0 to 255, × channels; NaN beyond the page.
    """

    rho: Floats
    light: Floats

    @classmethod
    def at(cls, outline: Outline, raster: Raster) -> _Look:
        height, width = raster.shape[:2]
        rho = np.linspace(MIDDLE, 1.26, 107, dtype=np.float32)
        middle = np.asarray(outline.centre)
        points = middle + rho[:, None, None] * (outline.edge(SECTORS * 15) - middle)
        x, y = points.astype(np.float32).transpose(2, 0, 1)
        seen = cv2.remap(raster, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
        light = seen.reshape(*seen.shape[:2], -1).astype(np.float32)
        light[(x < 0) | (y < 0) | (x >= width) | (y >= height)] = np.nan
        return cls(rho, light)

    def ground(self, near: float, far: float, lighter: float) -> Floats:
        """SECTORS × channels: what so many per cent are lighter than, between two distances; NaN beyond the page."""
        part = self.light[(self.rho >= near) & (self.rho <= far)]
        sectors = part.reshape(len(part), SECTORS, -1, part.shape[2]).swapaxes(1, 2).reshape(-1, SECTORS, part.shape[2])
        return np.asarray(np.percentile(sectors, 100 - lighter, axis=0), np.float32)

    def ink(self, black: bool) -> Floats:
        """Distances × directions: how dense the ink is, of what has a colour where not black; NaN beyond the page."""
        paper = np.nanpercentile(self.light[self.rho > 1.06], 75, axis=(0, 1))
        density = np.log10(np.maximum(paper, 1) / np.maximum(self.light, 1))
        return np.asarray(density.max(axis=2) if black else np.ptp(density, axis=2), np.float32)


def _on_paper(outline: Outline, look: _Look, *, said: bool) -> bool:
    """Whether the ground between the strokes goes on beyond the edge, in one sector at least of those on the page.

    said: whether it names a body. Where few are on it a shadow may lie between, and the ground of what says a name is
    not known to be another.
    """
    lighter = LIGHTER_BARE if outline.bare else LIGHTER
    with np.errstate(invalid="ignore"):
        outside, inside = look.ground(1.06, 1.25, LIGHTER), look.ground(0.5, 0.92, lighter)
        differs = np.abs(np.log10(np.maximum(outside, 1) / np.maximum(inside, 1))).max(axis=1)
    seen = differs[~np.isnan(differs)]
    return len(seen) == 0 or (said and len(seen) < LEAST_SECTORS) or bool((seen < TINTED).any())


def _inscribed(outline: Outline, look: _Look) -> bool:
    """Whether a ring is a line around something written: a sign or a sticker is a broad or an empty one."""
    ink = look.ink(outline.colour is SealColour.BLACK)
    ink = ink[:, ~np.isnan(ink).any(axis=0)]
    if ink.shape[1] < LEAST_SEEN:
        return True  # too little is on the page to tell
    rim, rho = ink[(look.rho > 0.9) & (look.rho < 1.06)], look.rho
    inked = ink > 0.4 * np.median(rim.max(axis=0))
    # In each direction the outermost ink of the ring, and where it ends inwards.
    inwards = inked[rho < 1.06][::-1]
    outermost = inwards.argmax(axis=0)
    beyond = np.arange(len(inwards))[:, None] >= outermost
    width = (~inwards & beyond).argmax(axis=0) - outermost
    thick = float(np.median(width)) * float(rho[1] - rho[0])
    start = float(np.median(rho[rho < 1.06][::-1][outermost])) - thick - 0.03
    pale = cv2.blur(ink, (3, 3)) > PALE * np.median(rim.max(axis=0))
    band = pale[rho < start]
    return thick <= THICKEST and len(band) > 0 and float(band.any(axis=0).mean()) >= LEAST_WRITTEN
