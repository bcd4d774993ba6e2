"""Outlines on drawn pages, before anything is read: where, of what form, how much of it is to be seen."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from extractors.document import SealColour, SealShape
from extractors.limits import Limits
from extractors.ocr.engine import Raster
from extractors.ocr.inks import separate
from extractors.seals.find import find
from extractors.seals.outline import Outline, distinct
from tests.extractors.seals.drawing import (
    BLACK,
    DIAMOND,
    DPI,
    GREY,
    HEIGHT,
    ON_CORNER,
    RED,
    SIDE,
    WIDTH,
    Ink,
    Paper,
    frame,
    letter,
    polygon,
    ring,
)

NAME = "安吉县科学技术协会"


def found(raster: Raster) -> list[Outline]:
    return [outline for outline in find(separate(raster), Limits()).outlines if outline.coverage > 0.7]


def _label() -> Ink:
    """A rectangle with a line of text."""
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    corners = [(round(x * SIDE), round(y * SIDE)) for x, y in ((0.02, 0.38), (0.98, 0.62))]
    cv2.rectangle(canvas, *corners, 255, 18)
    cv2.putText(canvas, "HHHHHHHH", (90, round(0.56 * SIDE)), cv2.FONT_HERSHEY_DUPLEX, 4, 255, 14)
    return canvas.astype(np.float32) / 255


LABEL = _label()
TRIANGLE = polygon((0.5, 0.04), (0.97, 0.86), (0.03, 0.86))
BARE = np.ones((SIDE, SIDE), np.float32)
BARE[60:-60, 60:-60] -= frame(("张伟", "之印"))[60:-60, 60:-60]


@pytest.mark.parametrize(
    ("impression", "mm", "shape"),
    [
        (ring(NAME), 42, SealShape.ROUND),
        (ring(NAME, flat=0.68), 45, SealShape.OVAL),
        (frame(("中国气", "象学会", "之印")), 35, SealShape.SQUARE),
        (TRIANGLE, 40, SealShape.TRIANGLE),
        (DIAMOND, 40, SealShape.DIAMOND),
    ],
)
@pytest.mark.parametrize(("ink", "colour"), [(RED, SealColour.RED), (BLACK, SealColour.BLACK)])
def test_every_form_is_found_in_every_ink_on_a_page_of_print(
    impression: Ink, mm: float, shape: SealShape, ink: tuple[float, ...], colour: SealColour
) -> None:
    (outline,) = found(letter().stamp(impression, at=(900, 1800), mm=mm, ink=ink).raster())
    assert (outline.shape, outline.colour) == (shape, colour)
    left, top, right, bottom = outline.extent
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((900, 1800), abs=18)


@pytest.mark.parametrize("turned", [20, 60])
def test_a_turned_frame_has_its_corners(turned: int) -> None:
    page = letter().stamp(frame(("中国气", "象学会", "之印")), at=(900, 1800), mm=35, turned=turned)
    (outline,) = found(page.raster())
    assert outline.shape is SealShape.SQUARE
    assert abs((outline.turn - turned + 45) % 90 - 45) < 2
    assert len(outline.corners) == 4


def test_a_seal_in_black_beside_a_red_one_is_found() -> None:
    page = letter().stamp(ring(NAME), at=(500, 1800)).stamp(ring("湖南省林学会"), at=(1100, 1800), ink=BLACK)
    assert sorted(outline.colour for outline in found(page.raster())) == [SealColour.BLACK, SealColour.RED]


@pytest.mark.parametrize(
    ("impression", "at", "ink", "shape"),
    [
        (LABEL, (700, 1960), RED, SealShape.RECTANGLE),
        (ring(NAME, flat=0.68), (760, 1700), BLACK, SealShape.OVAL),
        (ring("湖南省林学会"), (760, 1900), (0.5, 0.35, 0.02), SealShape.ROUND),
    ],
)
def test_a_seal_that_reaches_far_into_another_is_found(
    impression: Ink, at: tuple[int, int], ink: tuple[float, ...], shape: SealShape
) -> None:
    page = letter().stamp(ring(NAME), at=(900, 1800)).stamp(impression, at=at, mm=44, ink=ink, turned=7)
    other = [
        outline for outline in found(page.raster()) if np.hypot(outline.centre[0] - 900, outline.centre[1] - 1800) > 20
    ]
    (outline,) = other
    assert outline.shape is shape
    assert outline.centre == pytest.approx(at, abs=16)


@pytest.mark.parametrize("at", [(800, 1850), (860, 1900), (1000, 1760)])
def test_a_faint_oval_that_a_seal_of_its_colour_lies_on_is_found(at: tuple[int, int]) -> None:
    page = letter().stamp(ring(NAME), at=(800, 1700))
    page.stamp(ring(NAME, flat=0.68), at=at, mm=45, ink=(0.01, 0.25, 0.2))
    (oval,) = (outline for outline in found(page.raster()) if outline.shape is SealShape.OVAL)
    assert oval.centre == pytest.approx(at, abs=3)
    assert oval.half_width == pytest.approx(0.5 * 45 / 25.4 * DPI, rel=0.04)


def test_of_a_seal_over_the_rim_is_told_how_much_is_to_be_seen() -> None:
    (outline,) = found(letter().stamp(ring(NAME), at=(WIDTH - 20, 1800)).raster())
    assert outline.shape is SealShape.ROUND
    assert 0.45 < outline.visible < 0.65


def test_characters_that_are_bare_in_a_field_of_ink_are_told() -> None:
    (outline,) = found(Paper().stamp(BARE, at=(900, 1800), mm=20).raster())
    assert (outline.shape, outline.bare) == (SealShape.SQUARE, True)


def _worn(name: tuple[str, ...], *, dash: int, gap: int) -> Ink:
    """A frame with a thin line that is worn to dashes."""
    impression = frame(name)
    for at in range(0, SIDE, dash + gap):
        for window in (np.s_[:45, at : at + gap], np.s_[-45:, at : at + gap]):
            impression[window] = 0
            impression.T[window] = 0
    return impression


@pytest.mark.parametrize("turned", [8, 33])
def test_a_persons_seal_whose_line_is_worn_to_dashes_is_found(turned: int) -> None:
    worn = _worn(("张伟", "之印"), dash=130, gap=30)
    (outline,) = found(Paper().stamp(worn, at=(900, 1800), mm=16, turned=turned).raster())
    assert len(outline.corners) == 4
    assert outline.centre == pytest.approx((900, 1800), abs=8)


def test_a_faint_persons_seal_is_found_beside_a_strong_seal() -> None:
    page = (
        Paper()
        .stamp(ring(NAME), at=(500, 1800))
        .stamp(frame(("张伟", "之印")), at=(1100, 1800), mm=14, ink=(0.005, 0.1, 0.085))
    )
    assert {outline.shape for outline in found(page.raster())} == {SealShape.ROUND, SealShape.SQUARE}


def test_two_rings_that_touch_are_no_oval() -> None:
    knot = Outline(SealShape.OVAL, SealColour.BLACK, (100, 60), 90, 60, 0.0, 0.88)
    rings = [Outline(SealShape.ROUND, SealColour.BLACK, (x, 60), 55, 55, 0.0, 1.0) for x in (65.0, 140.0)]
    assert distinct([knot, *rings]) == rings
    inner = Outline(SealShape.ROUND, SealColour.BLACK, (100, 60), 40, 40, 0.0, 1.0)
    assert distinct([knot, inner]) == [knot]


def test_a_sure_ring_is_not_lost_in_a_doubtful_one_around_it() -> None:
    sure = Outline(SealShape.ROUND, SealColour.PURPLE, (342, 890), 80, 80, 0.0, 0.96)
    doubtful = Outline(SealShape.ROUND, SealColour.RED, (280, 921), 128, 128, 0.0, 0.61)
    assert distinct([doubtful, sure]) == [sure]
    # The inner line of a double ring whose outer one is worn.
    assert distinct([replace(doubtful, centre=sure.centre), sure]) == [replace(doubtful, centre=sure.centre)]


def test_the_lines_of_a_table_are_no_frames() -> None:
    paper = letter()
    for row in range(6):
        paper.rule((200, 1500 + 110 * row), (1450, 1500 + 110 * row), BLACK)
    for column in range(5):
        paper.rule((200 + 312 * column, 1500), (200 + 312 * column, 2050), BLACK)
    assert found(paper.raster()) == []


@pytest.mark.parametrize(
    ("size", "bold", "blur"), [(110, 0, 2.0), (120, 7, 2.0), (130, 0, 0.0), (100, 5, 0.0), (172, 0, 0.0)]
)
def test_a_letterhead_has_no_frame_also_where_its_characters_run_into_one_another(
    size: int, bold: int, blur: float
) -> None:
    page = letter().print("中国互联网协会函", 200, 80, size, RED).stamp(ring(NAME), at=(1050, 1800)).raster()
    head = cv2.erode(page[:300], np.ones((max(1, bold), max(1, bold)), np.uint8))
    page[:300] = cv2.GaussianBlur(head, (0, 0), blur) if blur else head
    (outline,) = found(page)
    assert outline.shape is SealShape.ROUND


@pytest.mark.parametrize("ink", [RED, BLACK])
@pytest.mark.parametrize("at", [(900, 620), (1000, 1130)])
def test_a_label_over_print_is_found_whole(ink: tuple[float, ...], at: tuple[int, int]) -> None:
    (outline,) = found(letter().stamp(LABEL, at=at, mm=50, ink=ink).raster())
    assert outline.shape is SealShape.RECTANGLE
    left, top, right, bottom = outline.extent
    assert (right - left, bottom - top) == pytest.approx((0.98 * 394, 0.26 * 394), abs=18)


@pytest.mark.parametrize("turned", [0.0, 6.0])
@pytest.mark.parametrize("cut", [0.15, 0.3])
def test_a_label_that_the_upper_edge_cuts_is_no_title(cut: float, turned: float) -> None:
    high, diameter = 0.26 * 394, 394
    at = (900, round(high * (0.5 - cut)))
    (outline,) = found(letter().stamp(LABEL, at=at, mm=diameter / DPI * 25.4, turned=turned).raster())
    assert outline.shape is SealShape.RECTANGLE


@pytest.mark.parametrize("mm", [30, 45])
@pytest.mark.parametrize(("size", "pale"), [(1.6, 0.4), (2.2, 0.6)])
def test_a_strong_ring_hides_no_text_that_is_paler(size: float, pale: float, mm: float) -> None:
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    cv2.ellipse(canvas, (SIDE // 2, SIDE // 2), (SIDE // 2 - 40, round(0.33 * SIDE)), 0, 0, 360, 255, 50)
    text = np.zeros_like(canvas)
    cv2.putText(text, "HHHHHH", (round(0.3 * SIDE), round(0.54 * SIDE)), cv2.FONT_HERSHEY_DUPLEX, size, 255, 5)
    ink = (canvas + pale * text).astype(np.float32) / 255
    (outline,) = found(letter().stamp(ink, at=(900, 1700), mm=mm).raster())
    assert outline.shape is SealShape.OVAL


@pytest.mark.parametrize(("part", "visible"), [(0, 0.29), (1, 0.42), (2, 0.29)])
def test_each_part_of_a_seal_over_three_fanned_sheets_is_found(part: int, visible: float) -> None:
    diameter, rim = 42 / 25.4 * DPI, WIDTH
    stamped = Paper().stamp(ring(NAME), at=(round(rim + diameter * (0.5 - (part + 1) / 3)), 1500)).density
    sheet = letter()
    cut = round(rim - diameter / 3)
    sheet.density[:, cut:] += stamped[:, cut:]
    (outline,) = found(sheet.raster())
    left, _, right, _ = outline.extent
    assert outline.shape is SealShape.ROUND
    assert outline.visible == pytest.approx(visible, abs=0.05)
    assert (left, min(right, WIDTH)) == pytest.approx((cut, WIDTH), abs=12)


@pytest.mark.parametrize("name", ["中国", "中国兽医协会", "江苏省农学会"])
def test_the_middle_of_a_seal_over_three_fanned_sheets_needs_no_votes(name: str) -> None:
    diameter = 42 / 25.4 * DPI
    stamped = Paper().stamp(ring(name), at=(round(WIDTH - diameter / 6), 1500)).density
    sheet = letter()
    cut = round(WIDTH - diameter / 3)
    sheet.density[:, cut:] += stamped[:, cut:]
    (outline,) = found(sheet.raster())
    assert outline.radius == pytest.approx(diameter / 2, rel=0.08)
    assert outline.visible == pytest.approx(0.42, abs=0.05)


def test_a_ring_that_the_edge_cuts_is_a_circle_and_no_oval() -> None:
    (outline,) = found(letter().stamp(ring(NAME), at=(WIDTH + 60, 1800)).raster())
    assert outline.shape is SealShape.ROUND
    assert outline.radius == pytest.approx(0.5 * 42 / 25.4 * DPI, rel=0.08)


def test_a_faint_grey_seal_is_found_beside_a_strong_one() -> None:
    page = letter().stamp(frame(("张伟", "之印")), at=(400, 1800), mm=18, ink=BLACK)
    page = page.stamp(ring(NAME), at=(1000, 1800), ink=(0.085, 0.085, 0.085))
    assert {outline.shape for outline in found(page.raster(grey=True))} == {SealShape.SQUARE, SealShape.ROUND}


@pytest.mark.parametrize(("around", "stays"), [(0.92, False), (1.0, True)])
def test_a_ring_around_two_that_are_better_was_made_of_them(around: float, stays: bool) -> None:
    one = Outline(SealShape.ROUND, SealColour.RED, (100, 100), 50, 50, 0.0, 1.0)
    other = replace(one, centre=(210, 100), coverage=0.99)
    both = replace(one, centre=(155, 100), half_width=110, half_height=90, coverage=around)
    assert (both in distinct((one, other, both))) == stays
    assert both in distinct((one, both))  # of one alone it may be the outer ring


def test_a_ring_tied_to_a_dense_ornament_is_found_and_that_there_may_be_more_is_told() -> None:
    paper = Paper()
    ornament = np.zeros((HEIGHT, WIDTH), np.uint8)
    for begin in range(-HEIGHT, WIDTH, 32):
        cv2.line(ornament, (begin, 0), (begin + HEIGHT, HEIGHT), 255, 2)
        cv2.line(ornament, (begin, HEIGHT), (begin + HEIGHT, 0), 255, 2)
    ornament[300:-300, 300:-300] = 0
    paper.density += ornament[..., None] / 255 * np.asarray(RED, np.float32)
    found = find(separate(paper.stamp(ring(NAME), at=(1320, 1900)).raster()), Limits())
    (outline,) = (one for one in found.outlines if one.coverage > 0.9)
    assert outline.centre == pytest.approx((1320, 1900), abs=6)
    assert found.overflow


def test_the_grey_copy_of_a_dry_seal_is_found_though_it_is_specks() -> None:
    drawn = ring(NAME)
    lot = np.random.default_rng(5)
    dry = cv2.resize(lot.random((60, 60)), drawn.shape[::-1], interpolation=cv2.INTER_CUBIC) > 0.58
    page = letter().print(NAME, 880, 1760).stamp(np.float32(drawn * dry), at=(1000, 1800), ink=GREY)
    (outline,) = found(page.raster(grey=True))
    assert outline.shape is SealShape.ROUND
    assert outline.centre == pytest.approx((1000, 1800), abs=12)


@pytest.mark.parametrize("ink", [GREY, BLACK])
def test_a_ring_over_the_lines_of_a_table_is_found_whole_on_a_grey_page(ink: tuple[float, ...]) -> None:
    paper = letter().stamp(ring(NAME), at=(900, 1800), ink=ink)
    for y in (1700, 1760, 1830, 1890):
        paper.rule((200, y), (1450, y), BLACK)
    paper.rule((850, 1600), (850, 2050), BLACK)
    (outline,) = found(paper.raster(grey=True))
    assert outline.shape is SealShape.ROUND
    assert outline.centre == pytest.approx((900, 1800), abs=6)


def test_the_characters_within_a_black_frame_are_seen_though_print_is_not() -> None:
    (outline,) = found(letter().stamp(frame(("张伟", "之印")), at=(900, 1800), mm=18, ink=BLACK).raster())
    assert 0.15 < outline.filled < 0.9


def test_a_box_around_print_of_another_ink_is_no_frame() -> None:
    page = letter().print("安吉县科学技术协会", 560, 1810, 50)
    for begin, end in (((500, 1780), (1100, 1780)), ((1100, 1780), (1100, 1900)), ((500, 1900), (1100, 1900)),
                       ((500, 1780), (500, 1900))):  # fmt: skip
        page.rule(begin, end)
    assert found(page.raster()) == []


def test_a_picture_that_is_nothing_but_a_seal_has_one() -> None:
    whole = Paper().stamp(ring(NAME), at=(900, 1800)).raster()
    (outline,) = found(np.ascontiguousarray(whole[1800 - 180 : 1800 + 180, 900 - 180 : 900 + 180]))
    assert outline.shape is SealShape.ROUND
    assert outline.visible == pytest.approx(1, abs=0.01)


def test_a_wholly_red_page_has_none() -> None:
    assert find(separate(np.full((HEIGHT, WIDTH, 3), (200, 30, 40), np.uint8)), Limits()).outlines == ()


@pytest.mark.parametrize(("high", "wide"), [(1, 1), (1, 900), (900, 1), (2, 700), (3, 40), (7, 1600), (40, 3)])
@pytest.mark.parametrize("ground", [0, 255])
def test_pictures_of_any_shape_are_looked_at(high: int, wide: int, ground: int) -> None:
    raster = np.full((high, wide, 3), ground, np.uint8)
    raster[high // 2] = (200, 30, 40)
    assert found(raster) == []


@pytest.mark.parametrize("length", range(30, 400, 15))
@pytest.mark.parametrize("down", [False, True])
def test_a_red_hairline_is_no_seal(length: int, *, down: bool) -> None:
    raster = np.full((1600, 1200, 3), 255, np.uint8)
    raster[300:301, 200 : 200 + length] = (200, 30, 40)
    assert found(np.ascontiguousarray(np.rot90(raster)) if down else raster) == []


def test_a_ring_on_gold_lines_is_found() -> None:
    page = Paper()
    for y in range(0, HEIGHT, 30):
        page.rule((0, y), (WIDTH, y + 240), (0.02, 0.06, 0.25))
        page.rule((0, y + 240), (WIDTH, y), (0.02, 0.06, 0.25))
    (outline,) = found(page.stamp(ring(NAME), at=(900, 1800), ink=(0.02, 0.2, 0.19)).raster())
    assert outline.shape is SealShape.ROUND
    assert outline.radius == pytest.approx(0.5 * 42 / 25.4 * DPI, rel=0.04)


def test_a_ring_that_hardly_differs_from_even_paper_is_found() -> None:
    (outline,) = found(letter().stamp(ring(NAME), at=(900, 1800), ink=(0.002, 0.04, 0.035)).raster())
    assert outline.shape is SealShape.ROUND


def _with_gaps(name: str) -> Ink:
    """A ring with twelve gaps, a sixth of it together."""
    impression = ring(name)
    for angle in np.arange(12) * np.pi / 6:
        x, y = SIDE / 2 * (1 + 0.96 * np.cos(angle)), SIDE / 2 * (1 + 0.96 * np.sin(angle))
        cv2.circle(impression, (round(x), round(y)), 21, 0, -1)
    return impression


def _crop(paper: Paper) -> list[Outline]:
    """Rings on a part of a page, whose scale is not known; smallest first, in pixels of the page."""
    part = np.ascontiguousarray(paper.raster()[200:1050, 150:1100])
    outlines = (outline.moved(150, 200) for outline in find(separate(part), Limits(), scaled=False).outlines)
    return sorted((one for one in outlines if one.coverage > 0.7), key=lambda one: one.radius)


def test_on_a_crop_a_worn_ring_is_found_beside_a_smaller_one() -> None:
    small, large = _crop(letter().stamp(ring(NAME), at=(420, 460), mm=32).stamp(_with_gaps(NAME), at=(720, 720), mm=60))
    assert (2 * small.radius / DPI * 25.4, 2 * large.radius / DPI * 25.4) == pytest.approx((32, 60), rel=0.03)
    assert large.centre == pytest.approx((720, 720), abs=3)


@pytest.mark.parametrize("cut", [0.0, 0.03, 0.08])
def test_a_crop_along_its_ring_has_the_seal(cut: float) -> None:
    """What is in its middle, here another ring, does not take its place. cut: of the radius, on each side."""
    impression = ring(NAME)
    cv2.circle(impression, (SIDE // 2, SIDE // 2), round(0.19 * SIDE), 1.0, 12)
    radius = 30 / 25.4 * DPI * (1 - cut)
    low, high = round(600 - radius), round(600 + radius)
    page = Paper().stamp(impression, at=(600, 600), mm=60).raster()
    looked = find(separate(np.ascontiguousarray(page[low:high, low:high])), Limits(), scaled=False)
    (outline,) = [one for one in looked.outlines if one.coverage > 0.9]
    assert 2 * outline.radius / DPI * 25.4 == pytest.approx(60, rel=0.03)


@pytest.mark.parametrize("cut", [-0.05, 0.0, 0.02])
@pytest.mark.parametrize(
    ("impression", "mm", "half"), [(frame(("张伟", "之印")), 20, (0.5, 0.5)), (LABEL, 60, (0.49, 0.13))]
)
def test_a_crop_along_its_frame_has_the_seal(impression: Ink, mm: float, half: tuple[float, float], cut: float) -> None:
    """half: of the frame's sides, parts of the impression's. cut: of half its shorter side, on each side."""
    wide, high = (round(mm / 25.4 * DPI * (side - cut * min(half))) for side in half)
    page = Paper().stamp(impression, at=(600, 600), mm=mm).raster()
    part = np.ascontiguousarray(page[600 - high : 600 + high, 600 - wide : 600 + wide])
    (outline,) = [one for one in find(separate(part), Limits(), scaled=False).outlines if one.coverage > 0.9]
    expected = [2 * side * mm / 25.4 * DPI for side in half]
    assert [2 * outline.half_width, 2 * outline.half_height] == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize("text", ["HHHH", ""])
def test_a_diamond_holds_less_ink_than_a_square_but_not_none(text: str) -> None:
    outlines = found(Paper().stamp(polygon(*ON_CORNER, text=text), at=(900, 1500), mm=40).raster())
    assert [outline.shape for outline in outlines if outline.coverage > 0.9] == [SealShape.DIAMOND] * bool(text)


def test_a_field_of_ink_may_stand_on_its_corner() -> None:
    (outline,) = found(Paper().stamp(BARE, at=(900, 1800), mm=14, turned=45).raster(grey=True))
    assert (outline.shape, outline.bare) == (SealShape.DIAMOND, True)


def test_no_doubtful_ring_takes_a_frames_place() -> None:
    corners = ((200.0, 600.0), (360.0, 600.0), (360.0, 760.0), (200.0, 760.0))
    square = Outline(SealShape.SQUARE, SealColour.BLACK, (280, 680), 80, 80, 0.0, 0.88, corners)
    through = Outline(SealShape.ROUND, SealColour.BLACK, (270, 670), 118, 118, 0.0, 0.68)
    assert distinct([through, square]) == [square]
    letter_in_it = replace(square.enlarged(0.2, 224, 544), coverage=0.9)
    assert distinct([through, letter_in_it]) == [through]
