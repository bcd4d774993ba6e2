"""Looking at a picture: what is done with what the engine and the seal finder say. Both are honest small fakes here."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from extractors.document import Box, Defect, Half, Line, Place, Seal, SealColour, SealShape, Source, Table, Word
from extractors.errors import EngineError
from extractors.limits import Limits
from extractors.look import Eye
from extractors.ocr.engine import Odds, Raster, Shot, Strip
from extractors.ocr.inks import Inks

SEAL = Seal(SealShape.ROUND, SealColour.RED, "某某学会", Place(box=Box(0.5, 0.5, 0.8, 0.7)))


class Marks:
    """Reads one line for each row of black blocks; sure of those that lie in the upper half, as upright."""

    name = "marks"

    def __init__(self) -> None:
        self.pages = 0

    def read(self, grey: Raster) -> tuple[Line, ...]:
        self.pages += 1
        height, width = grey.shape
        bars = cv2.morphologyEx((grey < 100).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
        _, _, stats, _ = cv2.connectedComponentsWithStats(bars)
        lines = []
        for left, top, wide, high, _ in stats[1:]:
            if max(wide, high) < 3 * min(wide, high):
                continue
            box = Box(left / width, top / height, (left + wide) / width, (top + high) / height)
            sure = 0.99 if wide > high and top < height / 2 else 0.6
            lines.append(Line("某某学会的函一", Place(box=box), sure, (Word("某", box, sure),), source=Source.OCR))
        return tuple(lines)


class Broken:
    name = "broken"

    def read(self, grey: Raster) -> tuple[Line, ...]:
        raise EngineError("the engine is broken")


class Strips:
    @property
    def second(self) -> Strips:
        return self

    def recognise(self, strips: Sequence[Raster]) -> tuple[Strip, ...]:
        return tuple(Strip("", 0.0) for _ in strips)

    def weigh(self, strips: Sequence[Raster]) -> tuple[Odds, ...]:
        return tuple(() for _ in strips)


def one_seal(
    inks: Inks, raster: Raster, dpi: float | None, recogniser: object, limits: Limits, *, crops: bool
) -> tuple[tuple[Seal, ...], tuple[Defect, ...]]:
    assert inks.grey.shape == raster.shape[:2]
    return (SEAL,), (Defect("some_seal_defect", "", ""),)


def letter() -> Raster:
    page = np.full((1170, 827, 3), 250, np.uint8)
    for top in (100, 160, 220, 280):
        page[top : top + 20, 100:700] = 20
        page[top : top + 20][:, 120:700:23] = 250
        page[top : top + 20][:, 121:700:23] = 250
    return page


def eye(engine: object, *, preview: bool = False) -> Eye:
    return Eye(engine, Strips(), Limits(), one_seal, preview)  # type: ignore[arg-type]


def test_everything_seen_is_placed_on_the_shots_page() -> None:
    sight = eye(Marks()).look(Shot(letter(), Place(page=3, path="picture 1"), dpi=100.0))
    places = [sight.blocks[0].place, sight.seals[0].place, sight.defects[0].place]
    assert [(place.page, place.path) for place in places] == [(3, "picture 1")] * 3
    assert len(sight.blocks) == 4
    assert sight.seals[0].place.box == Box(0.5, 0.5, 0.8, 0.7)
    assert (sight.page.number, sight.page.rotation, sight.page.dpi, sight.page.preview) == (3, 0, 100.0, b"")
    assert sight.page.width_mm == pytest.approx(210, abs=0.1)
    assert sight.page.height_mm == pytest.approx(297.2, abs=0.1)


def test_a_picture_without_resolution_has_no_size_in_millimetres() -> None:
    page = eye(Marks()).look(Shot(letter(), Place(page=1))).page
    assert (page.width_mm, page.height_mm, page.dpi) == (None, None, None)


@pytest.mark.parametrize(("quarters", "rotation"), [(0, 0), (1, 90), (2, 180), (3, 270)])
def test_a_page_stood_any_way_comes_out_upright(quarters: int, rotation: int) -> None:
    turned = np.ascontiguousarray(np.rot90(letter(), quarters))
    sight = eye(Marks()).look(Shot(turned, Place(page=1), dpi=100.0))
    assert sight.page.rotation == rotation
    box = sight.blocks[0].place.box
    assert box is not None
    assert box.top == pytest.approx(100 / 1170, abs=0.01)
    assert len(sight.seals) == 1


def test_a_readable_page_is_read_once() -> None:
    engine = Marks()
    eye(engine).look(Shot(letter(), Place(page=1)))
    assert engine.pages == 1


def test_a_blank_page_is_not_handed_to_the_engine() -> None:
    engine = Marks()
    sight = eye(engine).look(Shot(np.full((1170, 827, 3), 240, np.uint8), Place(page=1)))
    assert sight.blocks == ()
    assert engine.pages == 0


def test_a_page_of_pale_print_is_not_blank() -> None:
    pale = (250 - (250.0 - letter()) * 0.2).astype(np.uint8)
    assert len(eye(Marks()).look(Shot(pale, Place(page=1))).blocks) == 4


def test_a_side_that_reads_mirrored_is_blank_and_read_once() -> None:
    class Sure(Strips):
        def recognise(self, strips: Sequence[Raster]) -> tuple[Strip, ...]:
            return tuple(Strip("函", 0.9) for _ in strips)

    page = (250 - (250.0 - letter()[::-1]) * 0.2).astype(np.uint8)  # its lines are told with .6
    engine = Marks()
    sight = Eye(engine, Sure(), Limits(), one_seal).look(Shot(page, Place(page=1)))
    assert (sight.blocks, engine.pages) == ((), 1)


def test_without_a_seal_finder_the_sight_says_that_it_is_blind() -> None:
    sight = Eye(Marks(), None, Limits(), None).look(Shot(letter(), Place(page=2)))
    assert sight.seals == ()
    assert [(defect.code, defect.blind, defect.place.page) for defect in sight.defects] == [
        ("seals_not_looked_for", True, 2)
    ]


def test_a_broken_engine_never_becomes_an_empty_page() -> None:
    with pytest.raises(EngineError, match="the engine is broken"):
        eye(Broken()).look(Shot(letter(), Place(page=1)))


def test_a_broken_seal_finder_never_becomes_a_page_without_seals() -> None:
    def broken(*_: object, **__: object) -> tuple[tuple[Seal, ...], tuple[Defect, ...]]:
        raise EngineError("the strips cannot be read")

    with pytest.raises(EngineError, match="the strips cannot be read"):
        Eye(Marks(), Strips(), Limits(), broken).look(Shot(letter(), Place(page=1)))


@pytest.mark.parametrize("threads", [1, 2])
def test_with_one_thread_everything_is_done_in_the_callers(threads: int) -> None:
    """A worker of one thread is one core; with more, seals are looked for beside the lines."""
    at_work: list[str] = []

    def seals(*arguments: Any, **named: Any) -> tuple[tuple[Seal, ...], tuple[Defect, ...]]:
        at_work.append(threading.current_thread().name)
        return one_seal(*arguments, **named)

    sight = Eye(Marks(), Strips(), Limits(), seals, threads=threads).look(Shot(letter(), Place(page=1)))
    assert len(sight.seals) == 1
    assert (at_work == [threading.current_thread().name]) == (threads == 1)


def test_a_line_in_the_seals_colour_within_the_seal_is_not_text_but_black_is() -> None:
    page = letter()
    page[640:652, 450:600] = (205, 30, 40)
    page[720:732, 450:600] = 20
    sight = eye(Marks()).look(Shot(page, Place(page=1)))
    tops = [round(block.place.box.top * 1170) for block in sight.blocks if block.place.box]
    assert tops == [100, 160, 220, 280, 720]


def test_the_star_of_a_seal_is_no_line_whatever_its_ink() -> None:
    """Read as ★ on a grey copy, it was all that a blank page said, and the seal seemed to stand over a line."""

    class Stars(Marks):
        def read(self, grey: Raster) -> tuple[Line, ...]:
            return tuple(replace(line, text="★") for line in super().read(grey))

    page = letter()
    page[720:732, 450:600] = 20  # within the seal; the bars above are outside
    sight = eye(Stars()).look(Shot(page, Place(page=1)))
    assert [round(block.place.box.top * 1170) for block in sight.blocks if block.place.box] == [100, 160, 220, 280]


def test_a_ruled_table_becomes_a_table() -> None:
    page = letter()
    for top in (600, 700, 800):
        page[top : top + 2, 100:700] = 30
    for left in (100, 400, 700):
        page[600:802, left : left + 2] = 30
    page[640:660, 150:300] = 20
    sight = eye(Marks()).look(Shot(page, Place(page=5)))
    (table,) = (block for block in sight.blocks if isinstance(block, Table))
    assert [(cell.row, cell.column, cell.text) for cell in table.cells if cell.text] == [(0, 0, "某某学会的函一")]
    assert {cell.place.page for cell in table.cells} == {5}
    assert table.cells[0].lines[0].place.page == 5


def test_a_preview_is_the_upright_page_as_jpeg_bounded_in_size() -> None:
    page = np.repeat(np.repeat(letter(), 2, axis=0), 2, axis=1)
    preview = eye(Marks(), preview=True).look(Shot(page, Place(page=1))).page.preview
    decoded = cv2.imdecode(np.frombuffer(preview, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    assert decoded.shape == (1170, 827, 3)  # halved, which is nearly as large as the most


@pytest.mark.parametrize(("times", "shape"), [(1, (1170, 827, 3)), (3, (1200, 848, 3))])
def test_a_preview_is_no_larger_than_the_page_nor_than_the_most(times: int, shape: tuple[int, ...]) -> None:
    page = np.repeat(np.repeat(letter(), times, axis=0), times, axis=1)
    preview = eye(Marks(), preview=True).look(Shot(page, Place(page=1))).page.preview
    decoded = cv2.imdecode(np.frombuffer(preview, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    assert decoded.shape == shape


def test_of_three_channels_that_are_the_same_one_is_looked_at() -> None:
    seen: list[tuple[int, ...]] = []

    def no_seals(inks: Inks, raster: Raster, *rest: object, **options: object) -> tuple[tuple[()], tuple[()]]:
        seen.append(raster.shape)
        return (), ()

    grey, coloured = letter(), letter()
    coloured[401, 403] = (200, 30, 30)
    for page in (grey, coloured):
        Eye(Marks(), Strips(), Limits(), no_seals).look(Shot(page, Place(page=1)))  # type: ignore[arg-type]
    assert seen == [(1170, 827), (1170, 827, 3)]


def test_a_grey_picture_is_looked_at_too() -> None:
    assert len(eye(Marks(), preview=True).look(Shot(letter()[:, :, 0], Place(page=1))).blocks) == 4


def test_a_line_tells_which_engine_read_it() -> None:
    lines = [block for block in eye(Marks()).look(Shot(letter(), Place(page=1))).blocks if isinstance(block, Line)]
    assert {line.engine for line in lines} == {Marks().name}


def test_a_line_over_which_a_seal_reaches_is_marked() -> None:
    page = letter()
    page[720:740, 450:600] = 20
    lines = [block for block in eye(Marks()).look(Shot(page, Place(page=1))).blocks if isinstance(block, Line)]
    assert [line.under_seal for line in lines] == [False, False, False, False, True]


class Sure(Strips):
    """Reads every strip, surely: whatever it is shown is the right way up."""

    def recognise(self, strips: Sequence[Raster]) -> tuple[Strip, ...]:
        return tuple(Strip("某某学会的函", 0.99) for _ in strips)


def test_a_spread_is_two_pages_and_a_picture_within_a_text_never() -> None:
    page = np.full((1170, 827, 3), 250, np.uint8)
    for top in (100, 160, 220, 280):
        for left in range(100, 700, 24):
            page[top : top + 20, left : left + 20] = 20
    both = np.hstack([page, page])
    reader = Eye(Marks(), Sure(), Limits(), one_seal)
    sight = reader.look(Shot(both, Place(page=3), sheet=True))
    assert sight.facing is not None
    assert [(page.page.half, len(page.blocks)) for page in (sight, sight.facing)] == [(Half.LEFT, 4), (Half.RIGHT, 4)]
    assert reader.look(Shot(both, Place(path="paragraph 3"))).facing is None


def test_a_drawn_page_is_looked_at_as_it_is() -> None:
    lying = np.ascontiguousarray(np.rot90(letter()))
    sight = eye(Marks()).look(Shot(lying, Place(page=1), upright=True))
    assert sight.page.rotation == 0


class Print:
    """Two lines of ten characters of 30 pixels, surely read; one of three below."""

    name = "print"
    text = "共同开展科技志愿服务"

    def read(self, grey: Raster) -> tuple[Line, ...]:
        height, width = grey.shape

        def line(top: int, text: str) -> Line:
            starts = range(100, 100 + 30 * len(text), 30)
            places = [Box(x / width, top / height, (x + 30) / width, (top + 30) / height) for x in starts]
            words = tuple(Word(character, place, 0.99) for character, place in zip(text, places, strict=True))
            box = Box(100 / width, (top - 2) / height, (100 + 30 * len(text)) / width, (top + 32) / height)
            return Line(text, Place(box=box), 0.99, words, source=Source.OCR)

        below = line(500, self.text), line(540, self.text)
        return line(100, self.text), *below, line(700, "科技志"), line(740, "愿服务")


@pytest.mark.parametrize(
    ("place", "shape", "colour", "told"),
    [
        ((220, 100, 310, 131), SealShape.RECTANGLE, SealColour.BLACK, False),  # 科技志, as high as they are
        ((220, 90, 310, 140), SealShape.RECTANGLE, SealColour.BLACK, True),  # a frame around them
        ((220, 90, 310, 140), SealShape.OVAL, SealColour.BLACK, False),
        ((220, 60, 310, 170), SealShape.OVAL, SealColour.BLACK, True),
        ((220, 100, 310, 131), SealShape.RECTANGLE, SealColour.RED, True),
        ((420, 100, 510, 131), SealShape.RECTANGLE, SealColour.BLACK, True),  # beside the line
        ((220, 300, 310, 331), SealShape.RECTANGLE, SealColour.BLACK, True),
        ((190, 500, 310, 571), SealShape.RECTANGLE, SealColour.BLACK, False),  # characters of two lines
        ((190, 490, 310, 590), SealShape.RECTANGLE, SealColour.BLACK, True),
        ((98, 700, 192, 771), SealShape.RECTANGLE, SealColour.BLACK, True),  # all that there is
    ],
)
def test_characters_of_a_printed_line_are_no_black_seal(
    place: tuple[int, int, int, int], shape: SealShape, colour: SealColour, told: bool
) -> None:
    page = letter()
    height, width = page.shape[:2]
    box = Box(place[0] / width, place[1] / height, place[2] / width, place[3] / height)

    def frame(*_: object, crops: bool) -> tuple[tuple[Seal, ...], tuple[Defect, ...]]:
        return (Seal(shape, colour, "科技志", Place(box=box)),), ()

    sight = Eye(Print(), Strips(), Limits(), frame).look(Shot(page, Place(page=1), upright=True))
    assert bool(sight.seals) is told


def test_a_chop_over_two_printed_lines_says_something_else() -> None:
    page = letter()
    height, width = page.shape[:2]
    box = Box(190 / width, 500 / height, 310 / width, 571 / height)

    def chop(*_: object, crops: bool) -> tuple[tuple[Seal, ...], tuple[Defect, ...]]:
        return (Seal(SealShape.SQUARE, SealColour.BLACK, "王建国印", Place(box=box)),), ()

    sight = Eye(Print(), Strips(), Limits(), chop).look(Shot(page, Place(page=1), upright=True))
    assert [seal.text for seal in sight.seals] == ["王建国印"]


def test_the_coloured_ground_of_cells_is_no_seal() -> None:
    page = letter()
    for x in (100, 200, 700):
        page[600:801, x : x + 2] = 20
    for y in (600, 700, 800):
        page[y : y + 2, 100:702] = 20
    ground = replace(SEAL, shape=SealShape.RECTANGLE, text="", place=Place(box=Box(0.123, 0.515, 0.242, 0.684)))
    chop = replace(ground, place=Place(box=Box(130 / 827, 620 / 1170, 0.242, 0.684)))

    def finder(*_: object, crops: bool) -> tuple[tuple[Seal, ...], tuple[Defect, ...]]:
        return (SEAL, ground, chop, replace(ground, text="学会的函"), replace(ground, text="中国林学会")), ()

    sight = Eye(Marks(), Strips(), Limits(), finder).look(Shot(page, Place(page=1), dpi=100.0))  # type: ignore[arg-type]
    assert [(seal.text, seal.place.box) for seal in sight.seals] == [
        ("某某学会", SEAL.place.box),
        ("", chop.place.box),
        ("中国林学会", ground.place.box),
    ]
