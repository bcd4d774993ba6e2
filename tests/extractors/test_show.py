"""Pages shown again: the very picture to which a reading's boxes refer."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from extractors.document import Box, Document, Half, Line, Page, Place, Reading, Seal, SealColour, SealShape, Source
from extractors.errors import Unsupported
from extractors.limits import Limits
from extractors.ocr.engine import Raster
from extractors.ocr.page import cut_out, stand
from extractors.show import Mark, Wish, show
from tests.build import docx, pdf

SEAL = Box(0.6, 0.6, 0.85, 0.78)


def letter() -> Raster:
    """Lines of blocks, a red ring over the last one; A4 at 100 dpi."""
    page = np.full((1170, 827, 3), 245, np.uint8)
    for top in (120, 200, 280, 800):
        for left in range(100, 700, 26):
            page[top : top + 20, left : left + 20] = 20
    ring = np.zeros(page.shape[:2], np.uint8)
    cv2.circle(ring, (600, 807), 85, 255, 8)
    share = np.where(ring[..., None] > 0, np.array((205, 35, 45), np.float32) / 255, np.float32(1))
    return (page * share).astype(np.uint8)


def png(raster: Raster) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(raster).save(buffer, "PNG", dpi=(100, 100))
    return buffer.getvalue()


def reading(page: Page, format: str = "png") -> Reading:
    place = Place(page=page.number, box=SEAL)
    line = Line("行", Place(page=page.number, box=Box(0.1, 0.1, 0.9, 0.13)))
    seal = Seal(SealShape.ROUND, SealColour.RED, "某某学会", place)
    return Reading(Document(format, (page,), (line,), seals=(seal,)))


def shown(data: bytes, page: Page, **wish: object) -> Raster:
    picture = show(data, reading(page), page.number, Wish(**wish), Limits())  # type: ignore[arg-type]
    return np.asarray(Image.open(io.BytesIO(picture)))


def reds(raster: Raster) -> int:
    return int(np.count_nonzero((raster[..., 0] > 150) & (raster[..., 1] < 110)))


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_page_is_turned_as_its_reading_says(degrees: int) -> None:
    lying = np.ascontiguousarray(np.rot90(letter(), degrees // 90))
    page = Page(1, Source.OCR, 210.0, 297.0, 100.0, degrees)
    assert np.array_equal(shown(png(lying), page, longest=1170), stand(cut_out(lying, 100.0), degrees).raster)


def test_the_half_of_a_spread_is_shown_alone() -> None:
    both = np.hstack([letter(), letter()[::-1]])
    left = shown(png(both), Page(1, Source.OCR, half=Half.LEFT), longest=1170)
    right = shown(png(both), Page(2, Source.OCR, sheet=1, half=Half.RIGHT), longest=1170)
    assert left.shape[1] == pytest.approx(827, abs=70)
    assert reds(left[600:]) > 1000
    assert reds(right[600:]) == 0


def test_a_page_comes_as_long_as_asked_or_at_the_asked_resolution() -> None:
    page = Page(1, Source.OCR, 210.0, 297.0, 100.0)
    assert shown(png(letter()), page).shape == (1600, 1131, 3)
    assert shown(png(letter()), page, longest=6000, dpi=50).shape == (585, 413, 3)


def test_erasing_takes_the_ring_and_leaves_the_print() -> None:
    page = Page(1, Source.OCR, 210.0, 297.0, 100.0)
    before, after = (shown(png(letter()), page, longest=1170, erase_seals=erase) for erase in (False, True))
    assert reds(before) > 3000
    assert reds(after) < 30
    assert np.array_equal(before[:600], after[:600])
    assert (after[805:812, 570:630].min(axis=2) < 60).mean() > 0.6


def test_boxes_are_drawn_in_the_colours_of_what_they_surround() -> None:
    marked = shown(png(letter()), Page(1, Source.OCR), longest=1170, marks=frozenset(Mark))
    top, left = round(SEAL.top * 1170) - 1, round(SEAL.left * 827) + 20
    assert tuple(marked[top, left]) == (0, 140, 60)
    assert tuple(marked[round(0.1 * 1170) - 1, 300]) == (150, 150, 150)


def test_a_printed_page_is_shown_as_it_is_drawn() -> None:
    assert shown(pdf("关于结对的函"), Page(1, Source.TEXT, 210.0, 297.0), longest=842).shape == (842, 595, 3)


def test_no_such_page_and_no_pages_at_all_are_told_apart() -> None:
    with pytest.raises(KeyError):
        show(png(letter()), reading(Page(1, Source.OCR)), 2, Wish(), Limits())
    with pytest.raises(Unsupported):
        show(docx("正文"), reading(Page(1, Source.OCR), "docx"), 1, Wish(), Limits())
