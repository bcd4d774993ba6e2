"""Where seals stand on a page: outlines of rings and frames, before anything is read.

1. The page's chroma (see ocr/inks.py) is parted by hue (hues.py), so that a blue signature does not join a red seal.
   Black and grey ink are one more, on a page in colour too.
2. Each ink is searched at falling thresholds (passes.py), because faint impressions show at the lower ones only. What
   is certainly no seal goes: solid areas, specks and print (clutter.py), ruling lines (ruling.py), titles (titles.py).
3. What is left falls into patches (patches.py). In each, what is whole is taken first, straight frames (frames.py) and
   rings (rings.py); what then remains is searched closer for what touches or is cut, worn or broken (search.py), or
   was stamped across fanned-out sheets (fanned.py).

Everything happens at about 100 dpi. The answer is generous: what is weak *and* reads as nothing is rejected later
(evidence.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.limits import Limits
from extractors.ocr.inks import Inks
from extractors.seals import cropped, hues, passes, rings
from extractors.seals.outline import BETTER, LETTER, RING, SURE, Mask, Outline, distinct, same

Floats = NDArray[np.float32]
Shrunk = TypeVar("Shrunk", Mask, Floats)

WORK_SIDE = 1200  # pixels of the long side at which is searched: about 100 dpi on A4
SMALL, NEAREST = 360, 3.0  # pixels of a picture's long side up to which it is enlarged, and how much at most
UNSURE = 8  # outlines that are not SURE looked at on one page
AFAR = (4, 2, 1)  # times as far as on a page from which a picture without a scale is looked at


@dataclass(frozen=True, slots=True)
class Found:
    """Outlines, best first; overflow: there was more than could be looked at, so some may be missing."""

    outlines: tuple[Outline, ...]
    overflow: bool = False


def find(inks: Inks, limits: Limits, *, scaled: bool = True) -> Found:
    """Outlines of possible seals on the page.

    scaled: the picture is known to show no less than a page. What may be a part of one, or nothing but a seal, is
    looked at from farther first, where a large ring looks as on a page; small ones are enlarged. What is more than can
    be looked at from near may be seen from twice as far.
    """
    height, width = inks.chroma.shape
    scale = min(1.0, WORK_SIDE / max(height, width))
    if not scaled:
        scale = max(scale, min(NEAREST, SMALL / max(height, width)))
    size = _times(inks, scale)
    side = max(size) if _page_like(size) else WORK_SIDE
    looks: list[Found] = []
    for away in (1,) if scaled else AFAR:
        last = looks[-1].outlines if looks else ()
        seen = [outline for outline in last if _large(outline, scale / away, side)]
        looks.append(_found(inks, scale / away, side, limits, seen))
    outlines = looks[-1].outlines
    afar = [outline for look in looks[-2::-1] for outline in look.outlines]
    frame = cropped.frame(afar, outlines, inks.chroma)
    if frame is not None:
        outlines = (frame, *(outline for outline in outlines if not same(outline, frame)))
    return Found(outlines, overflow=all(look.overflow for look in looks[-2:]))


def _large(outline: Outline, scale: float, side: int) -> bool:
    """Whether it is a ring at least half as large as rings may be at this scale, of which little is cut off."""
    large = outline.radius * scale > rings.LARGEST * side / 2
    return large and not outline.corners and outline.visible > rings.UNCUT


def _rivals(outline: Outline, ring: Outline) -> bool:
    """Whether a ring that was seen from afar, but is not whole from near, is more likely another outline."""
    whole = outline.coverage >= min(ring.coverage, RING)
    made = outline.radius > ring.radius and outline.coverage + BETTER < ring.coverage  # of it and what is beside it
    return whole and not made and outline.radius > LETTER * ring.radius and same(outline, ring)


def _times(inks: Inks, scale: float) -> tuple[int, int]:
    """Width and height times `scale`."""
    height, width = inks.chroma.shape
    return max(1, round(width * scale)), max(1, round(height * scale))


def _found(inks: Inks, scale: float, side: int, limits: Limits, seen: Sequence[Outline]) -> Found:
    """What is found at this scale, in pixels of the inks.

    side: of the page then, pixels. seen: rings that were seen from farther; they are fitted anew where they are whole.
    """
    size = _times(inks, scale)
    if min(size) < 24:
        return Found(tuple(seen))
    seen = [ring.enlarged(scale, (scale - 1) / 2, (scale - 1) / 2) for ring in seen]
    density = inks.density.hundredths(size)
    black, most = hues.extremes(density)
    outlines: list[Outline] = []
    overflow = False
    chroma = _shrunk(inks.chroma, size)
    floor = hues.faintest(chroma)
    if density.ndim == 3 and hues.enough(chroma, floor, passes.SMALLEST * max(size)):
        chroma = hues.without_halo(hues.without_dull(chroma, most))
        for family, colour in hues.and_together(hues.families(density, chroma, floor)):
            overflow |= passes.search_coloured(family, side, colour, floor, outlines, seen)
            if overflow:
                break
        black[chroma > hues.FAINTEST] = 0
    if not overflow:
        coloured = any(outline.coverage >= SURE for outline in outlines)
        overflow = passes.search_black(black, side, outlines, seen, coloured=coloured)
    more = [ring for ring in seen if not any(_rivals(one, ring) for one in outlines)]
    outlines = distinct((*outlines, *(ring for ring in more if ring.coverage >= SURE)))
    sure = [outline for outline in outlines if outline.coverage >= SURE]
    # What is not sure takes no sure one's place, whatever its size.
    unsure = distinct((*(one for one in outlines if one not in sure), *(one for one in more if one.coverage < SURE)))
    overflow |= len(sure) > limits.seals or len(unsure) > UNSURE
    kept = (sure + unsure[:UNSURE])[: limits.seals]
    return Found(
        tuple(outline.enlarged(1 / scale, (1 / scale - 1) / 2, (1 / scale - 1) / 2) for outline in kept), overflow
    )


def _page_like(size: tuple[int, int]) -> bool:
    """Whether a picture has the proportions of a page or is as large as one; else it may show nothing but a seal."""
    return max(size) >= WORK_SIDE or (max(size) >= WORK_SIDE / 2 and 1.2 < max(size) / min(size) < 1.6)


def _shrunk(picture: Shrunk, size: tuple[int, int]) -> Shrunk:
    """The picture at another size (width, height): whole blocks averaged first, which is several times faster."""
    height, width = picture.shape[:2]
    block = min(width // size[0], height // size[1])
    if block > 1:
        cut = picture[: height // block * block, : width // block * block]
        picture = cast(Shrunk, cv2.resize(cut, (width // block, height // block), interpolation=cv2.INTER_AREA))
    if picture.shape[:2] == (size[1], size[0]):
        return picture
    return cast(Shrunk, cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR))


__all__ = ["Found", "find"]
