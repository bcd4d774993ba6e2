"""Lines beneath seals whose ink is still on the page for OCR."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

import cv2
import numpy as np
import pytest

from extractors.document import Box, Line, Place, Seal, SealColour, SealShape, Word
from extractors.ocr.beneath import cleared, read_beneath
from extractors.ocr.engine import Raster
from extractors.ocr.inks import separate
from extractors.ocr.rapid import RapidEngine

WIDTH, HEIGHT = 1000, 700
MIDDLE, RADIUS = (500, 340), 165
TEXT = [("经研究同意与贵会结对开展活动", 100, 60, 34), ("华东护理学会", 400, 290, 36), ("2024年10月18日", 380, 370, 36)]
Draw = Callable[..., Raster]


@pytest.fixture
def letter(draw: Draw) -> Raster:
    return draw(TEXT, size=(WIDTH, HEIGHT))[:, :, 0].copy()


def stamp(page: Raster, ink: int, draw: Draw, pressed: float = 1.0) -> Raster:
    """The grey page with a ring, a star and characters of an ink that lets through `ink` / 255 of the light.

    pressed: how much of the ink the thin strokes of the characters hold.
    """
    mask = np.zeros(page.shape, np.uint8)
    cv2.circle(mask, MIDDLE, RADIUS - 4, 255, 8, cv2.LINE_AA)
    points = [
        (MIDDLE[0] + r * np.sin(k * np.pi / 5), MIDDLE[1] - r * np.cos(k * np.pi / 5))
        for k, r in enumerate((48, 19) * 5)
    ]
    cv2.fillPoly(mask, [np.round(points).astype(np.int32)], 255)
    name = 255 - draw([("华东护", 365, 262, 60), ("理学会", 470, 352, 60)], size=(WIDTH, HEIGHT), colour=(0, 0, 0))
    mask = np.maximum(mask, (name[:, :, 0] * pressed).astype(np.uint8))
    return np.asarray(page * (1 - mask / 255 * (1 - ink / 255)), np.uint8)


def seal() -> Seal:
    turn = np.arange(36) * np.pi / 18
    polygon = tuple(
        ((MIDDLE[0] + RADIUS * float(np.cos(t))) / WIDTH, (MIDDLE[1] + RADIUS * float(np.sin(t))) / HEIGHT)
        for t in turn
    )
    xs, ys = zip(*polygon, strict=True)
    place = Place(box=Box(min(xs), min(ys), max(xs), max(ys)))
    return Seal(SealShape.ROUND, SealColour.BLACK, "华东护理学会", place, polygon=polygon)


def test_a_seal_on_a_grey_copy_is_cleared_and_its_lines_read_again(
    engine: RapidEngine, letter: Raster, draw: Draw
) -> None:
    inks = separate(stamp(letter, 110, draw))
    before = engine.read(inks.grey)
    stated = [text for text, *_ in TEXT]
    assert not set(stated) <= {line.text for line in before}  # else there is nothing to mend
    after = read_beneath(before, cleared(before, inks, (seal(),)), engine.read)
    assert [line.text for line in after if line.text in stated] == stated
    date = next(line for line in after if line.text == stated[2])
    assert date.place.box is not None
    assert date.place.box.left * WIDTH == pytest.approx(380, abs=25)
    assert date.place.box.top * HEIGHT == pytest.approx(372, abs=25)
    assert all(date.place.box.top - 0.01 <= word.box.top <= date.place.box.bottom for word in date.words)


def test_a_seal_as_dark_as_print_is_told_by_the_breadth_of_its_strokes(engine: RapidEngine, draw: Draw) -> None:
    pale = draw(TEXT, size=(WIDTH, HEIGHT), colour=(70, 70, 70))[:, :, 0].copy()
    inks = separate(stamp(pale, 80, draw, pressed=0.6))
    before = engine.read(inks.grey)
    stated = [text for text, *_ in TEXT]
    assert not set(stated) <= {line.text for line in before}
    after = read_beneath(before, cleared(before, inks, (seal(),)), engine.read)
    assert [line.text for line in after if line.text in stated] == stated


@pytest.mark.parametrize("ink", [0, 255])  # so dark that nothing shows on it; not there
def test_where_nothing_can_be_told_apart_nothing_is_read_again(letter: Raster, draw: Draw, ink: int) -> None:
    def never(grey: Raster) -> Sequence[Line]:
        raise AssertionError("read again")

    lines = (Line("华东护理学会", Place(box=Box(0.4, 0.41, 0.62, 0.47)), 0.9),)
    inks = separate(stamp(letter, ink, draw))
    page = cleared(lines, inks, (seal(),))
    assert page.grey is inks.grey
    assert read_beneath(lines, page, never) == lines


def test_the_reading_that_tells_more_is_kept_in_its_order(letter: Raster, draw: Draw) -> None:
    far = Line("远处", Place(box=Box(0.0, 0.9, 0.2, 0.95)), 0.99)
    whole = Line("华东护理学会", Place(box=Box(0.40, 0.41, 0.62, 0.47)), 0.95)
    part = Line("10月", Place(box=Box(0.48, 0.52, 0.56, 0.58)), 1.0)
    inks = separate(stamp(letter, 110, draw))

    def reads(confidence: float) -> Callable[[Raster], Sequence[Line]]:
        def read(grey: Raster) -> Sequence[Line]:
            high = grey.shape[0]  # the window reaches 0.15 of the seal's height above it
            top = MIDDLE[1] - RADIUS * 1.3
            boxes = [Box(0.1, (y - top) / high, 0.9, (y + 40 - top) / high) for y in (287, 365)]
            return [Line(f"第{n}行字样", Place(box=box), confidence) for n, box in enumerate(boxes)]

        return read

    lines = (whole, part, far)
    page = cleared(lines, inks, (seal(),))
    assert [line.text for line in read_beneath(lines, page, reads(0.8))] == [whole.text, "第1行字样", "远处"]
    assert read_beneath(lines, page, reads(0.4)) == lines
    # a line that nobody saw before comes where it stands, unless it may be what is left of the seal
    found = read_beneath((whole, far), page, reads(0.92))
    assert [line.text for line in found] == [whole.text, "第1行字样", "远处"]
    assert read_beneath((whole, far), page, reads(0.8)) == (whole, far)


def test_a_seal_that_shows_in_other_channels_alone_is_looked_at(letter: Raster, draw: Draw) -> None:
    page = cv2.cvtColor(np.full_like(letter, 255), cv2.COLOR_GRAY2RGB)
    page[:, :, 1:] = stamp(page[:, :, 0], 60, draw)[:, :, None]  # red: the lightest channel has nothing
    inks = separate(cast(Raster, page))
    faint = replace(inks, grey=stamp(np.full_like(inks.grey, 255), 60, draw))  # the lift by colour has failed
    assert cleared((), faint, (seal(),)).grey.shape == inks.grey.shape


def test_what_shines_through_from_the_back_gets_no_darker_without_the_seal(letter: Raster, draw: Draw) -> None:
    inks = separate(stamp(letter, 110, draw))
    page = cleared((Line("华东护理学会", Place(box=Box(0.4, 0.41, 0.62, 0.47)), 0.9),), inks, (seal(),))
    assert page.seals
    assert (page.grey >= inks.grey).all()


def test_a_few_characters_more_that_nobody_is_sure_of_tell_less(letter: Raster, draw: Draw) -> None:
    inks = separate(stamp(letter, 110, draw))
    box = Box(0.40, 0.41, 0.62, 0.47)

    def line(text: str, doubted: int) -> Line:
        words = tuple(Word(one, box, 0.99) for one in text[: len(text) - doubted])
        more = tuple(Word(one, box, 0.4) for one in text[len(text) - doubted :])
        return Line(text, Place(box=box), 0.95, words=(*words, *more))

    def read(grey: Raster) -> Sequence[Line]:
        top = (287 - MIDDLE[1] + RADIUS * 1.3) / grey.shape[0]
        return [replace(line("华东护理学会于受宋寺", 4), place=Place(box=Box(0.1, top, 0.9, top + 40 / grey.shape[0])))]

    whole = line("华东护理学会", 0)
    assert read_beneath((whole,), cleared((whole,), inks, (seal(),)), read) == (whole,)


def test_what_is_left_of_a_seal_is_no_line_beside_a_sure_one(letter: Raster, draw: Draw) -> None:
    inks = separate(stamp(letter, 110, draw))

    def read(grey: Raster) -> Sequence[Line]:
        top = (287 - MIDDLE[1] + RADIUS * 1.3) / grey.shape[0]
        box, left = Box(0.5, top, 0.9, top + 40 / grey.shape[0]), Box(0.1, top, 0.2, top + 40 / grey.shape[0])
        return [Line("Ne", Place(box=left), 0.6), Line("华东护理学会", Place(box=box), 0.99)]

    lines = (Line("华东理学", Place(box=Box(0.36, 0.41, 0.62, 0.47)), 0.8),)
    found = read_beneath(lines, cleared(lines, inks, (seal(),)), read)
    assert [line.text for line in found] == ["华东护理学会"]
