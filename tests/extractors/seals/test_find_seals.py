"""Seals on drawn pages, found and read by the real recogniser."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from extractors.document import Defect, Seal, SealColour, SealShape
from extractors.limits import Limits
from extractors.ocr.engine import Raster
from extractors.ocr.inks import separate
from extractors.ocr.rapid import RapidEngine
from extractors.seals import find_seals
from extractors.seals.budget import Budget
from extractors.seals.find import find
from extractors.seals.read import read, turned
from extractors.seals.signals import cut_out
from extractors.seals.star import star_of
from tests.extractors.seals.drawing import BLUE, DPI, GREY, HEIGHT, RED, WIDTH, Paper, frame, letter, ring, star

Look = Callable[[Raster], tuple[tuple[Seal, ...], tuple[Defect, ...]]]


@pytest.fixture(scope="session")
def engine() -> RapidEngine:
    return RapidEngine(threads=1)


@pytest.fixture
def look(engine: RapidEngine) -> Look:
    def looked(raster: Raster) -> tuple[tuple[Seal, ...], tuple[Defect, ...]]:
        return find_seals(separate(raster), raster, DPI, engine, Limits())

    return looked


def _ruled() -> Paper:
    paper = letter()
    for row in range(6):
        paper.rule((200, 1500 + 110 * row), (1450, 1500 + 110 * row))
    for column in range(5):
        paper.rule((200 + 312 * column, 1500), (200 + 312 * column, 2050))
    return paper.print("申报单位意见", 230, 1530, ink=RED)


def _boxed(text: str) -> Paper:
    paper = letter().print(text, 520, 1806, 56)
    corners = ((490, 1790), (1050, 1790), (1050, 1890), (490, 1890))
    for begin, end in zip(corners, corners[1:] + corners[:1], strict=True):
        paper.rule(begin, end)
    return paper


NOT_SEALS = {
    "plain text": letter,
    "a red letterhead with its rule": lambda: (
        letter().print("安吉县科学技术协会文件", 200, 80, 110, RED).rule((150, 250), (1500, 250))
    ),
    "a red table": _ruled,
    "a red box around black print": lambda: _boxed("安吉县科学技术协会"),
    "a star": lambda: letter().stamp(star(), mm=30),
    "a round logo": lambda: letter().stamp(ring("  ", centre=""), mm=30),
}


@pytest.mark.parametrize("what", NOT_SEALS)
def test_what_is_no_seal_gives_none(look: Look, what: str) -> None:
    assert look(NOT_SEALS[what]().raster()) == ((), ())


@pytest.mark.parametrize("turned", [0.0, 25.0])
def test_a_name_along_the_lower_edge_beside_another_languages_letters_is_read(look: Look, turned: float) -> None:
    stamp = ring("SOCIETY FOR SCIENCE", below="临泽县科学技术协会", span=150)
    (seal,), defects = look(letter().stamp(stamp, at=(1050, 1800), turned=turned).raster())
    assert (seal.text, seal.centre_text, seal.code, defects) == ("临泽县科学技术协会", "", "", ())
    assert seal.angle == pytest.approx(turned, abs=4)


def test_a_text_along_the_lower_edge_of_an_oval_is_no_straight_line(look: Look) -> None:
    stamp = ring("全国统一发票监制章", centre="浙江", below="税务总局", flat=0.67, span=170)
    (seal,), _ = look(letter().stamp(stamp, at=(1050, 1800)).raster())
    assert (seal.text, seal.centre_text) == ("全国统一发票监制章", "浙江")


def test_a_purpose_along_the_lower_edge_is_told_and_is_no_part_of_the_name(look: Look) -> None:
    stamp = ring("齐齐哈尔学院继续教育学院", below="审批专用章", span=215)
    (seal,), _ = look(letter().stamp(stamp, at=(1050, 1800)).raster())
    assert (seal.text, seal.centre_text, seal.code) == ("齐齐哈尔学院继续教育学院", "审批专用章", "")
    assert min(seal.confidence, seal.centre_confidence) >= 0.9


def test_characters_twice_as_high_as_wide_are_read(look: Look) -> None:
    (seal,), _ = look(letter().stamp(ring("兰州市驾驶员培训学校", height=250), at=(1050, 1800)).raster())
    assert seal.text == "兰州市驾驶员培训学校"


def test_strokes_that_colour_has_lost_are_looked_for_in_the_density(engine: RapidEngine) -> None:
    inks = separate(letter().stamp(ring("保定学院继续教育学院"), at=(1050, 1800)).raster())
    (outline,) = find(inks, Limits()).outlines
    cutting = cut_out(inks, outline)
    *coloured, plain = cutting.signals
    y, x = np.mgrid[0 : plain.shape[0], 0 : plain.shape[1]]
    depth = 1 - np.hypot(x - plain.shape[1] / 2, y - plain.shape[0] / 2) / outline.radius
    lost = [np.where((depth > 0.14) & (depth < 0.5), np.float32(0), signal) for signal in coloured]
    text = read(replace(cutting, signals=(*lost, plain)), star_of(cutting), engine.of_seals, Budget(128))
    assert text.text == "保定学院继续教育学院"


def test_a_ring_around_words_in_its_middle_is_told_though_it_is_not_read(look: Look) -> None:
    words = np.zeros((900, 900), np.uint8)
    cv2.circle(words, (450, 450), 430, 255, 22)
    cv2.putText(words, "HHHH", (340, 480), cv2.FONT_HERSHEY_DUPLEX, 3, 255, 12)
    (seal,), _ = look(letter().stamp(words.astype(np.float32) / 255, at=(1050, 1800)).raster())
    assert (seal.shape, seal.text) == (SealShape.ROUND, "")


def test_a_round_seal_is_read_with_its_code_centre_size_and_place(look: Look) -> None:
    paper = letter().stamp(ring("中国植物保护学会", code="1101020034567", centre="办公室"), at=(1050, 1800))
    seals, defects = look(paper.raster())
    assert defects == ()
    (seal,) = seals
    assert (seal.shape, seal.colour) == (SealShape.ROUND, SealColour.RED)
    assert (seal.text, seal.centre_text, seal.code) == ("中国植物保护学会", "办公室", "1101020034567")
    assert seal.diameter_mm == pytest.approx(42, abs=1)
    assert seal.angle == pytest.approx(0, abs=3)
    assert seal.confidence > 0.9
    assert 0.6 < seal.centre_confidence <= 1
    assert 0.6 < seal.code_confidence <= 1
    assert seal.legibility > 0.9
    assert seal.place.page is None
    box = seal.place.box
    assert box is not None
    assert ((box.left + box.right) / 2, (box.top + box.bottom) / 2) == pytest.approx(
        (1050 / WIDTH, 1800 / HEIGHT), abs=0.004
    )


@pytest.mark.parametrize("grey", [False, True])
def test_a_seal_pressed_on_one_side_is_read_whole(look: Look, grey: bool) -> None:
    stamp = ring("安吉县科学技术协会") * np.geomspace(0.08, 1.0, 900, dtype=np.float32)
    (seal,), _ = look(Paper().stamp(stamp, at=(1050, 1800)).raster(grey=grey))
    assert (seal.text, seal.confidence > 0.9) == ("安吉县科学技术协会", True)


def test_what_a_seal_does_not_carry_has_no_confidence(look: Look) -> None:
    (seal,), _ = look(letter().stamp(ring("安吉县科学技术协会"), at=(1050, 1800)).raster())
    assert (seal.text, seal.centre_text, seal.code) == ("安吉县科学技术协会", "", "")
    assert seal.confidence > 0.9
    assert (seal.centre_confidence, seal.code_confidence) == (0.0, 0.0)


@pytest.mark.parametrize("turned", [-150, -40, 75, 170])
def test_a_turned_seal_is_read_and_its_angle_told(look: Look, turned: int) -> None:
    (seal,), _ = look(letter().stamp(ring("安吉县科学技术协会"), at=(1050, 1800), turned=turned).raster())
    assert seal.text == "安吉县科学技术协会"
    assert seal.angle is not None
    assert abs((seal.angle - turned + 180) % 360 - 180) < 4


def test_a_seal_over_print_is_read(look: Look) -> None:
    (seal,), _ = look(letter().stamp(ring("湖南省科普作家协会"), at=(900, 900)).raster())
    assert seal.text == "湖南省科普作家协会"


def test_a_blue_seal_is_read(look: Look) -> None:
    (seal,), _ = look(letter().stamp(ring("浙江省茶叶学会"), at=(500, 1800), ink=BLUE).raster())
    assert (seal.colour, seal.text) == (SealColour.BLUE, "浙江省茶叶学会")


def test_an_oval_seal_is_read_with_its_middle_line(look: Look) -> None:
    paper = letter().stamp(ring("吉安县农村专业技术协会", centre="业务专用章", flat=0.68), at=(800, 1800), mm=45)
    (seal,), _ = look(paper.raster())
    assert (seal.shape, seal.text, seal.centre_text) == (SealShape.OVAL, "吉安县农村专业技术协会", "业务专用章")


def test_a_square_seal_is_read_by_columns_from_the_right(look: Look) -> None:
    (seal,), _ = look(letter().stamp(frame(("中国气", "象学会", "之印")), at=(700, 1800), mm=35).raster())
    assert (seal.shape, seal.text) == (SealShape.SQUARE, "中国气象学会之印")


def test_a_square_seal_of_uneven_columns_is_read_on_its_side(look: Look) -> None:
    paper = letter().stamp(frame(("广东省蜂", "业促进", "会之印")), at=(700, 1800), mm=35, turned=90)
    (seal,), _ = look(paper.raster())
    assert (seal.shape, seal.text) == (SealShape.SQUARE, "广东省蜂业促进会之印")
    assert seal.angle == pytest.approx(90, abs=2)


def test_the_grey_copy_of_a_seal_is_read(look: Look) -> None:
    paper = letter().stamp(ring("泸定县科学技术协会"), at=(1000, 1800), ink=GREY)
    (seal,), _ = look(paper.raster(grey=True))
    assert (seal.colour, seal.text) == (SealColour.BLACK, "泸定县科学技术协会")


def test_two_overlapping_seals_are_two(look: Look) -> None:
    paper = letter().stamp(ring("中国气象学会"), at=(700, 1800)).stamp(ring("平江县人民政府"), at=(985, 1760))
    seals, _ = look(paper.raster())
    assert sorted(seal.text for seal in seals) == ["中国气象学会", "平江县人民政府"]


def test_a_faint_seal_is_read_below_a_strong_red_letterhead(look: Look) -> None:
    paper = letter().print("中国植物保护学会文件", 250, 120, 100, (0.06, 1.3, 1.1))
    faint = (0.005, 0.13, 0.11)
    (seal,), _ = look(paper.stamp(ring("安吉县科学技术协会"), at=(1050, 1800), ink=faint).raster())
    assert seal.text == "安吉县科学技术协会"


def test_the_grey_copy_of_a_faint_seal_is_read(look: Look) -> None:
    paper = letter().stamp(ring("泸定县科学技术协会"), at=(1000, 1800), ink=(0.11, 0.11, 0.11))
    (seal,), _ = look(paper.raster(grey=True))
    assert (seal.colour, seal.text) == (SealColour.BLACK, "泸定县科学技术协会")


def test_a_name_that_begins_within_a_divisions_name_is_not_sure(look: Look) -> None:
    (seal,), _ = look(letter().stamp(ring("西省植物保护学会"), at=(1050, 1800)).raster())
    assert seal.text == "西省植物保护学会"
    assert seal.confidence < 0.9


def test_a_doubtful_seal_for_which_no_strips_are_left_is_told_less_surely_and_the_page_says_so(
    engine: RapidEngine, look: Look
) -> None:
    raster = (
        letter()
        .stamp(ring("西省植物保护学会"), at=(1050, 1800))
        .stamp(ring("安吉县科学技术协会"), at=(450, 1800))
        .raster()
    )
    often, none = look(raster)
    once, defects = find_seals(separate(raster), raster, DPI, engine, Limits(seal_strips=0))
    assert none == ()
    assert [(defect.code, defect.blind) for defect in defects] == [("too_many_seal_candidates", True)]
    sure = {seal.text: seal.confidence for seal in often}
    hurried = {seal.text: seal.confidence for seal in once}
    assert hurried["安吉县科学技术协会"] == sure["安吉县科学技术协会"]  # its first look left no doubt
    assert hurried["西省植物保护学会"] < 0.9 * sure["西省植物保护学会"]


def _photo() -> NDArray[np.uint8]:
    clouds = np.random.default_rng(1).normal(0, 1, (60, 42, 3)).astype(np.float32)
    return np.clip(cv2.resize(clouds, (WIDTH, HEIGHT)) * 45 + (185, 60, 50), 0, 255).astype(np.uint8)


def _dots() -> NDArray[np.uint8]:
    page = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    for x, y, radius in np.random.default_rng(2).integers((0, 0, 3), (WIDTH, HEIGHT, 9), (5000, 3)).tolist():
        cv2.circle(page, (x, y), radius, (220, 20, 30), -1)
    return page


@pytest.mark.parametrize("page", [_photo, _dots])
def test_a_page_that_is_a_picture_or_a_pattern_says_that_seals_may_be_missing(
    look: Look, page: Callable[[], NDArray[np.uint8]]
) -> None:
    seals, defects = look(page())
    assert seals == ()
    assert [(defect.code, defect.blind) for defect in defects] == [("too_many_seal_candidates", True)]


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 2000, 3), (40, 40, 3), (HEIGHT, WIDTH, 3)])
def test_a_page_all_red_has_no_seal(look: Look, shape: tuple[int, int, int]) -> None:
    assert look(np.full(shape, (210, 20, 30), np.uint8)) == ((), ())


def test_crops_are_small_png_pictures(engine: RapidEngine) -> None:
    raster = Paper().stamp(ring("中国气象学会")).raster()
    (seal,), _ = find_seals(separate(raster), raster, None, engine, Limits(), crops=True)
    picture = Image.open(io.BytesIO(seal.picture))
    assert picture.format == "PNG"
    assert 300 < max(picture.size) <= 400
    assert seal.diameter_mm == pytest.approx(42, abs=1)  # from the proportions of A4


def test_the_scale_is_unknown_without_dpi_on_a_page_that_is_not_a4(engine: RapidEngine) -> None:
    raster = Paper().stamp(ring("中国气象学会")).raster()[1000:2000, 400:1654]
    (seal,), _ = find_seals(separate(raster), raster, None, engine, Limits())
    assert (seal.text, seal.diameter_mm) == ("中国气象学会", None)


@pytest.mark.parametrize("name", ["象山县科学技术协会", "湖南省水土保持学会"])
def test_a_name_that_is_spread_over_the_whole_ring_is_read_from_its_beginning(look: Look, name: str) -> None:
    even = 360 * (len(name) - 1) / len(name)
    paper = letter().stamp(ring(name, span=even), mm=42)
    (seal,), _ = look(paper.raster())
    assert seal.text == name
    assert seal.confidence > 0.6


def test_a_name_that_ends_as_others_begin_is_read_from_its_beginning(look: Look) -> None:
    (seal,), _ = look(letter().stamp(ring("荷飞旅游有限公司江苏分公司"), mm=42).raster())
    assert seal.text == "荷飞旅游有限公司江苏分公司"
    assert seal.angle is not None
    assert abs(seal.angle) < 4


@pytest.mark.parametrize(
    ("text", "turn"),
    [
        ("科学技术协会象山县", 6),
        ("会象山县科学技术协", 1),
        ("象山县科学技术协会", 0),
        ("学会中国遗传", 2),
        ("术协会学湖", 0),
    ],
)
def test_by_how_much_a_ring_was_begun_too_early(text: str, turn: int) -> None:
    assert turned(text) == turn
