"""What the detector is shown of a page."""

from __future__ import annotations

import numpy as np
import pytest

from extractors.ocr import detection
from extractors.ocr.detection import Quad
from extractors.ocr.rapid import RapidEngine


def test_a_blank_page_is_not_looked_at() -> None:
    assert detection.prepare(np.full((800, 600), 255, np.uint8), 960) is None


def test_margins_are_not_looked_at_but_ink_has_paper_around() -> None:
    page = np.full((960, 640), 255, np.uint8)
    page[400:420, 300:340] = 0
    window = detection.prepare(page, 960)
    assert window is not None
    assert (window.left, window.top, window.wide, window.tall) == (192, 384, 640, 960)
    assert window.plane.shape == (1, 3, 96, 192)
    assert window.plane.min() == -1.0


def test_a_hairline_on_a_large_page_is_ink() -> None:
    page = np.full((3500, 2480), 255, np.uint8)
    page[1000:1003, 200:2000] = 90
    assert detection.prepare(page, 960) is not None


def test_ink_at_every_edge_is_looked_at_whole() -> None:
    page = np.zeros((700, 500), np.uint8)
    window = detection.prepare(page, 960)
    assert window is not None
    assert (window.left, window.top, window.plane.shape) == (0, 0, (1, 3, window.tall, window.wide))


@pytest.mark.parametrize(("left", "top"), [(20, 10), (500, 300), (60, 700)])
def test_a_line_is_found_where_it_stands(left: int, top: int, engine: RapidEngine, draw) -> None:  # type: ignore[no-untyped-def]
    size, (width, height) = 32, (1000, 800)
    (line,) = engine.read(draw([("申报单位名称", left, top, size)], size=(width, height))[:, :, 0])
    box = line.place.box
    assert line.text == "申报单位名称"
    assert box is not None
    assert (box.left + box.right) / 2 * width == pytest.approx(left + 3 * size, abs=size / 3)
    assert (box.top + box.bottom) / 2 * height == pytest.approx(top + 0.72 * size, abs=size / 3)


def test_a_page_number_between_dashes_that_the_detector_overlooks_is_read(engine: RapidEngine, draw) -> None:  # type: ignore[no-untyped-def]
    lines = [("结对共建工作方案如下所示", 120, 80 + 60 * row, 32) for row in range(8)]
    page = draw([*lines, ("7", 394, 940, 22)], size=(800, 1000))[:, :, 0].copy()
    page[952:954, 350:376] = page[952:954, 424:450] = 60
    *_, last = engine.read(page)
    assert last.text.translate(str.maketrans("—–－", "---")).replace(" ", "") == "-7-"


def test_specks_and_rules_outside_of_lines_are_not_read(engine: RapidEngine, draw) -> None:  # type: ignore[no-untyped-def]
    page = draw([("结对共建工作方案", 120, 80, 32)], size=(800, 1000))[:, :, 0].copy()
    page[700:702, 100:700] = 60
    page[300:900, 60:63] = 60
    page[np.random.default_rng(5).integers(0, 1000, 60), np.random.default_rng(6).integers(0, 800, 60)] = 40
    assert [line.text for line in engine.read(page)] == ["结对共建工作方案"]


def test_what_surrounds_a_character_is_not_its_neighbours() -> None:
    page = np.full((80, 400), 255, np.uint8)
    page[34:46, 86:90] = page[34:46, 111:115] = 40
    three, name = Quad(100, 40, 18, 24, 0.0), Quad(160, 40, 46, 24, 0.0)
    wider, same = detection._with_overlooked([three, name], page)
    assert wider.width >= 29
    assert same == name


def test_a_frame_around_a_character_is_not_offered_as_ink_of_its_own() -> None:
    page = np.full((80, 400), 255, np.uint8)
    page[30:52, 75:130] = 40
    page[32:50, 77:128] = 255  # the cell around a row's number
    assert detection._with_overlooked([Quad(100, 40, 14, 16, 0.0), Quad(250, 40, 120, 20, 0.0)], page)[2:] == []
