"""Find the impressions of seals (印章) on a page and read them.

Finding, in the order of find.py, which says what each is for: hues.py, passes.py (blocks.py, clutter.py, ruling.py,
titles.py, patches.py), search.py (frames.py, made of edges.py, hulls.py, sides.py, forms.py; rings.py, fanned.py); what
is found is an outline.py, on a page.py.

Reading: crossing.py: other seals' lines across it. signals.py: its ink, cut out; strength.py: how strong it is where.
unroll.py: laid flat; bands.py, strips.py: where its text stands then; star.py: which way is up. read.py: what it says
(beam.py, prior.py: the likeliest names of a strip; mending.py: listed words with a character misread; vote.py: the one
on which strips agree; lexicon.py: how usual its words are; budget.py: how many strips a page may ask for; code.py,
centre.py: the code and the straight lines; inscription.py, grid.py: what stands in a frame). evidence.py: which
outlines are told as seals. impression.py: the texture of its ink, by which the same impression on two papers is known.
Never whether a seal is genuine.
"""

from __future__ import annotations

import io
from functools import cache, partial

import numpy as np
from PIL import Image

from extractors.document import Box, Defect, Place, Seal
from extractors.limits import Limits
from extractors.ocr.engine import Raster, Recognisers
from extractors.ocr.inks import Inks
from extractors.seals import crossing, impression
from extractors.seals.budget import Budget
from extractors.seals.evidence import told
from extractors.seals.find import find
from extractors.seals.outline import Outline
from extractors.seals.read import read
from extractors.seals.signals import cut_out
from extractors.seals.star import star_of
from extractors.seals.text import Text

LEAST_PAGE_MM = 200  # of the long side: what is smaller may be a crop of a page (A5 has 210)
PICTURE_SIDE = 400  # pixels: longest side of a seal's crop


def find_seals(
    inks: Inks, raster: Raster, dpi: float | None, recogniser: Recognisers, limits: Limits, *, crops: bool = False
) -> tuple[tuple[Seal, ...], tuple[Defect, ...]]:
    """The page's seals, surest first, and what could not be looked at.

    inks: of `raster`, same height and width. dpi: of the raster; None makes the diameter follow from an A4 page's
    width where the proportions are those of A4. Boxes are fractions of the page, `place.page` is None. crops: fill
    `picture`. A ring of a seal's size that cannot be read is a Seal without text, lest it look like no seal. A defect
    "too_many_seal_candidates" (blind) says that seals may be missing, or were read less than their doubts asked for.
    Raises errors.EngineError.
    """
    per_mm = _pixels_per_mm(raster, dpi)
    # A crop may state a dpi, too.
    page = dpi is not None and max(raster.shape[:2]) / dpi * 25.4 >= LEAST_PAGE_MM
    found = find(inks, limits, scaled=page)
    lines_of = cache(partial(crossing.lines_of, inks.density))
    budget = Budget(limits.seal_strips)
    seals: list[Seal] = []
    for outline in found.outlines:
        across = crossing.crossing(outline, found.outlines)
        cutting = cut_out(inks, outline, [lines_of(one) for one in across])
        star = star_of(cutting)
        text = told(outline, read(cutting, star, recogniser.of_seals, budget), star.sure, raster, per_mm)
        if text is not None:
            seals.append(_seal(outline, text, inks, raster, per_mm, crops))
    defects = (_TOO_MANY,) if found.overflow or budget.ended else ()
    return tuple(sorted(seals, key=lambda seal: -seal.confidence)), defects


_TOO_MANY = Defect(
    code="too_many_seal_candidates",
    zh="页面上类似印章的图形过多，可能有印章未被识别或未读清，请人工核对。",
    en="The page has too many shapes that look like seals; some may be missing or misread here, look at it by hand.",
    blind=True,
)


def _seal(outline: Outline, text: Text, inks: Inks, raster: Raster, per_mm: float | None, crops: bool) -> Seal:
    height, width = raster.shape[:2]
    left, top, right, bottom = outline.extent
    box = Box(
        float(np.clip(left / width, 0, 1)), float(np.clip(top / height, 0, 1)),
        float(np.clip(right / width, 0, 1)), float(np.clip(bottom / height, 0, 1)),
    )  # fmt: skip
    return Seal(
        shape=outline.shape,
        colour=outline.colour,
        text=text.text,
        place=Place(box=box),
        centre_text=text.centre,
        code=text.code,
        angle=None if text.angle is None else round(text.angle, 1),
        diameter_mm=None if per_mm is None else round(2 * outline.radius / per_mm, 1),
        legibility=round(text.legibility, 3),
        confidence=round(text.confidence, 3),
        centre_confidence=round(text.centre_confidence, 3),
        code_confidence=round(text.code_confidence, 3),
        alternatives=text.alternatives,
        picture=_picture(raster, box) if crops else b"",
        polygon=_polygon(outline, width, height),
        visible=round(outline.visible, 3),
        impression=impression.describe(inks, outline),
    )


def _polygon(outline: Outline, width: int, height: int) -> tuple[tuple[float, float], ...]:
    """The edge in fractions of the page."""
    points = outline.polygon()
    points[:, 0] = np.clip(points[:, 0], *outline.span)
    points = np.clip(points / (width, height), 0, 1)
    return tuple((round(float(x), 5), round(float(y), 5)) for x, y in points)


def _pixels_per_mm(raster: Raster, dpi: float | None) -> float | None:
    height, width = raster.shape[:2]
    if dpi:
        return dpi / 25.4
    short, long = sorted((height, width))
    if abs(long / short - 297 / 210) < 0.03:
        return float(short) / 210
    return None


def _picture(raster: Raster, box: Box) -> bytes:
    height, width = raster.shape[:2]
    margin = 0.04 * max(box.width * width, box.height * height)
    x0, y0 = int(max(0, box.left * width - margin)), int(max(0, box.top * height - margin))
    x1, y1 = int(min(width, box.right * width + margin)) + 1, int(min(height, box.bottom * height + margin)) + 1
    picture = Image.fromarray(raster[y0:y1, x0:x1])
    picture.thumbnail((PICTURE_SIDE, PICTURE_SIDE))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


__all__ = ["find_seals"]
