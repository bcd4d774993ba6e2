"""Lines beneath seals whose ink is still on the page made for OCR: cleared and read again, once the seals are found.

inks.py lifts coloured stamps before anything is read, by their colour. What it cannot lift is the seal of a grey copy,
and one of which it saw a part only: ring, star and name then run through the lines, and the detector takes them for
parts of these. Now that it is known where the seal lies, its own edge shows how dark its ink is.

What is broader than a stroke of print is the seal's edge or star, and its own density there, which is uneven, is taken
off. What is thin and no darker than the seal's ink is its name, but for the soft edges of print. So thin print stays
beside a seal that is as dark, and shows where the two inks lie on each other.

Where they do not add, as on 1-bit pages, nothing is done: with the ring erased where no stroke crosses it, or the ink's
speckles taken for a tone, as many characters were lost as were won.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import Box, Line, Seal
from extractors.ocr.engine import Raster
from extractors.ocr.inks import Inks
from extractors.ocr.window import placed, window_of

_MOST = 8  # seals of a page that are looked beneath
_MOST_LINES = 200  # of a place that is read again; more is no letter
_RIM = 0.92  # of the way from a seal's middle to its edge: where the stroke along the edge begins at the latest
_SOFT = 1.03  # and where the edge's soft outside ends
_INK = 0.15  # optical density from which a pixel holds ink
_STILL = 0.3  # part of the edge's ink that is dark on the page for OCR from which the seal is still on it
_DARK = 160  # of that page
_PALER = 0.8  # of the densest ink there up to which a seal's ink can be told from print
_DENSEST = 0.98  # of what is inked within the seal is less dense
_BROAD = 48  # of a seal's longer side: what is broader, .9 mm of 42, is its edge or star
_PRINT = 0.8  # times the density of the seal's edge from which thin ink is print,
_THIN = 0.5  # times print's, for its thinnest strokes are paler,
_ON_BROAD = 0.35  # and of the density of the broad part on which it lies besides
_SOFT_EDGE = 5  # pixels across which are print around that
_ABOVE = 1.1  # times the seal's density up to which all is taken for the seal
_CONTRAST = 0.25  # of print's density that is left of print on the seal, at least
_AROUND = 0.15  # of a seal's height above and below, a line or so, that is read with it
_BESIDE = 0.02  # of the page's width beside the lines that are read again
_CLEAR = 0.9  # confidence from which a line is print
_AS_GOOD = 0.5  # characters fewer that a second reading may tell, for a seal's own strokes are read as some, too


@dataclass(frozen=True, slots=True)
class Cleared:
    """A page without the seals that could be taken off it. grey: the page. seals: those."""

    grey: Raster
    seals: tuple[Seal, ...]


def cleared(lines: Sequence[Line], inks: Inks, seals: Sequence[Seal]) -> Cleared:
    """The page for OCR without the seals that are still on it and can be told from the print of `lines`."""
    grey, print_ = inks.grey, 0.0
    lifted: list[Seal] = []
    for seal in seals[:_MOST]:
        place = seal.place.box
        if place is None or len(seal.polygon) < 3 or not _still_there(seal, place, inks):
            continue
        print_ = print_ or _density_of_print(inks, lines, seals)
        window = window_of(_to_read(place, ()), *inks.grey.shape)
        clear = _without(seal, window, inks, grey, print_)
        if clear is not None:
            grey = grey.copy() if grey is inks.grey else grey
            grey[window] = clear
            lifted.append(seal)
    return Cleared(grey, tuple(lifted))


def read_beneath(lines: Sequence[Line], page: Cleared, read: Callable[[Raster], Sequence[Line]]) -> tuple[Line, ...]:
    """The lines of a page; those over which a seal lay are read again without it, and what tells more is kept.

    read: an engine's. Raises EngineError.
    """
    for seal in page.seals:
        place = seal.place.box
        assert place is not None  # it was taken off there
        touched = [line for line in lines if _meets(line, place)]
        if len(touched) > _MOST_LINES:
            continue
        window = _to_read(place, touched)
        clear = np.ascontiguousarray(page.grey[window_of(window, *page.grey.shape)])
        anew = [placed(line, window, page.grey) for line in read(clear) if line.place.box is not None]
        lines = _better(lines, anew, place)
    return tuple(lines)


def _still_there(seal: Seal, place: Box, inks: Inks) -> bool:
    """Its edge is dark on the grey page."""
    window = window_of(place, *inks.grey.shape)
    edge, _ = _masks(seal, window, *inks.grey.shape)
    ink = (edge > 0) & (inks.density.greatest(window) > _INK)
    return bool(ink.any() and (inks.grey[window][ink] < _DARK).mean() >= _STILL)


def _without(seal: Seal, window: tuple[slice, slice], inks: Inks, grey: Raster, print_: float) -> Raster | None:
    """A window of the grey page without the seal; None where nothing there is darker than its ink."""
    edge, inside = _masks(seal, window, *grey.shape)
    density = inks.density.least(window)
    ink = density[(edge > 0) & (inks.density.greatest(window) > _INK)]
    if not ink.size:
        return None
    own = float(np.quantile(ink, 0.8))
    inked = density[(inside > 0) & (density > _INK)]  # none where a colour's lightest channel has hardly any
    if own > _PALER * max(print_, float(np.quantile(inked, _DENSEST)) if inked.size else 0.0):
        return None
    stroke = max(3, round(max(cv2.boundingRect(edge)[2:]) / _BROAD)) | 1
    stamped = _ABOVE * _density_of_seal(density, own, print_, stroke)
    print_alone = np.clip((density - stamped) / np.maximum(print_ - stamped, _CONTRAST * print_), 0.0, 1.0)
    clear = np.ascontiguousarray(grey[window])
    # Nothing gets darker without the seal: the densities still have what shines through from the page's back.
    alone = cv2.max((255 * (1 - print_alone)).astype(np.uint8), clear)
    cv2.copyTo(alone, inside, clear)
    return clear


def _density_of_seal(density: NDArray[np.float32], own: float, print_: float, stroke: int) -> NDArray[np.float32]:
    """What of the density is a seal's. own: of its edge. print_: of print, whose strokes are narrower than `stroke`."""
    broad = cv2.morphologyEx(density, cv2.MORPH_OPEN, _disc(stroke))
    broad = np.minimum(cv2.dilate(broad, np.ones((3, 3), np.uint8)), own)
    dark = density > max(_PRINT * own, _THIN * print_) + _ON_BROAD * broad
    return np.where(cv2.dilate(dark.astype(np.uint8), _disc(_SOFT_EDGE)) > 0, broad, np.float32(own))


def _disc(across: int) -> Raster:
    return cast(Raster, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (across, across)))


def _better(lines: Sequence[Line], anew: Sequence[Line], place: Box) -> list[Line]:
    """Of two readings of the lines that reach into a place those that tell more, in the order of the first.

    What was not read again stays: the seal's own text is left out later. What is left of the seal's strokes may
    read as a few characters, unsurely: they are no line where there was none, nor beside a sure one.
    """
    groups: list[tuple[list[Line], list[Line]]] = [([line], []) for line in lines if _meets(line, place)]
    fresh: list[Line] = []
    for line in anew:
        met = [group for group in groups if any(_overlap(line, other) for other in group[0])]
        if met:
            met[0][0].extend(other for group in met[1:] for other in group[0])
            met[0][1].extend((*(other for group in met[1:] for other in group[1]), line))
            groups = [group for group in groups if not any(group is each for each in met[1:])]
        elif line.confidence >= _CLEAR and _meets(line, place) and not any(_overlap(line, other) for other in lines):
            fresh.append(line)
    replaced: dict[int, list[Line]] = {}  # by the identity of a line
    for before, read in groups:
        after = [line for line in read if line.confidence >= _CLEAR] or read
        if after and _told(after) >= _told(before) - _AS_GOOD:
            replaced |= {id(line): [] for line in before} | {id(before[0]): after}
    kept = [each for line in lines for each in replaced.get(id(line), [line])]
    for line in fresh:
        kept.insert(next((n for n, other in enumerate(kept) if _above(line, other)), len(kept)), line)
    return kept


def _to_read(place: Box, touched: Sequence[Line]) -> Box:
    """The seal with the whole of the lines that reach into it, and some room."""
    boxes = [place, *(line.place.box for line in touched if line.place.box is not None)]
    room = _AROUND * place.height
    return Box(
        max(0.0, min(box.left for box in boxes) - _BESIDE),
        max(0.0, place.top - room),
        min(1.0, max(box.right for box in boxes) + _BESIDE),
        min(1.0, place.bottom + room),
    )


def _density_of_print(inks: Inks, lines: Sequence[Line], seals: Sequence[Seal]) -> float:
    """Optical density of the print that no seal covers, in its lightest channel; black where there is none."""
    height, width = inks.grey.shape
    places = [seal.place.box for seal in seals if seal.place.box is not None]
    found: list[NDArray[np.float32]] = []
    for line in lines:
        if line.confidence >= _CLEAR and line.place.box and not any(line.place.box.meets(place) for place in places):
            density = inks.density.least(window_of(line.place.box, height, width))
            found.append(density[density > 2 * _INK])
            if sum(part.size for part in found) > 100_000:
                break
    print_ = np.concatenate(found) if found else np.empty(0, np.float32)
    return float(np.quantile(print_, 0.75)) if print_.size else 1.0


def _masks(seal: Seal, window: tuple[slice, slice], height: int, width: int) -> tuple[Raster, Raster]:
    """255 on the stroke along the seal's edge, and 255 on all of it."""
    points = np.array(seal.polygon) * (width, height) - (window[1].start, window[0].start)
    middle = points.mean(axis=0)
    shape = window[0].stop - window[0].start, window[1].stop - window[1].start

    def filled(share: float) -> Raster:
        mask = np.zeros(shape, np.uint8)
        corners = np.round(middle + (points - middle) * share).astype(np.int32)
        return cast(Raster, cv2.fillPoly(mask, [corners], 255))

    return cast(Raster, cv2.subtract(filled(1.0), filled(_RIM))), filled(_SOFT)


def _told(lines: Sequence[Line]) -> float:
    """How many characters more the lines tell rightly than wrongly, as far as they are sure."""
    parts = ((part.text, part.confidence) for line in lines for part in line.words or (line,))
    return sum((2 * confidence - 1) * len(text) for text, confidence in parts)


def _meets(line: Line, place: Box) -> bool:
    return line.place.box is not None and line.place.box.meets(place)


def _above(line: Line, other: Line) -> bool:
    one, two = line.place.box, other.place.box
    return one is not None and two is not None and one.bottom + one.top < 2 * two.top


def _overlap(line: Line, other: Line) -> bool:
    """They lie over each other by more than half of the lower one's height."""
    one, two = line.place.box, other.place.box
    if one is None or two is None or min(one.right, two.right) <= max(one.left, two.left):
        return False
    return min(one.bottom, two.bottom) - max(one.top, two.top) > 0.5 * min(one.height, two.height)
