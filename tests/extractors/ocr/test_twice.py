"""What two readings of a value differ on is not certain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from extractors.document import Line, Place
from extractors.ocr.engine import Odds, Raster, Strip
from extractors.ocr.rapid import RapidEngine
from extractors.ocr.twice import DOUBTED, read_twice, telling


class Says:
    """A recogniser that reads the same on every strip."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.strips: list[tuple[int, ...]] = []

    def recognise(self, strips: Sequence[Raster]) -> tuple[Strip, ...]:
        self.strips += [strip.shape for strip in strips]
        return tuple(Strip(self.text, 0.99) for _ in strips)

    def weigh(self, strips: Sequence[Raster]) -> tuple[Odds, ...]:
        return tuple(() for _ in strips)


@pytest.fixture(scope="module")
def page(engine: RapidEngine, draw) -> tuple[Raster, tuple[Line, ...]]:  # type: ignore[no-untyped-def]
    grey = draw([("经费共35000元，电话13812345678", 40, 80, 32), ("此致敬礼", 40, 160, 32)], size=(800, 260))[:, :, 0]
    return grey, engine.read(grey)


def sureness(lines: Sequence[Line]) -> dict[str, bool]:
    """The words, and whether they are doubted."""
    return {word.text: word.confidence <= DOUBTED for line in lines for word in line.words if word.text.isascii()}


def test_a_second_reading_that_agrees_changes_nothing(
    engine: RapidEngine, page: tuple[Raster, tuple[Line, ...]]
) -> None:
    grey, lines = page
    assert read_twice(lines, grey, engine.second) == lines


def test_only_the_value_that_is_read_differently_is_doubted(page: tuple[Raster, tuple[Line, ...]]) -> None:
    grey, lines = page
    again = read_twice(lines, grey, Says("共35000元"))
    assert sureness(again) == {"35000": False, "13812345678": True}
    assert [line.text for line in again] == [line.text for line in lines]
    assert [line.confidence for line in again] == [line.confidence for line in lines]


def test_lines_without_values_cost_nothing(page: tuple[Raster, tuple[Line, ...]]) -> None:
    grey, lines = page
    recogniser = Says("")
    read_twice(lines[1:], grey, recogniser)
    assert recogniser.strips == []
    read_twice(lines, grey, recogniser)
    assert len(recogniser.strips) == 2


def test_shares_and_mail_addresses_are_no_values(engine: RapidEngine, draw) -> None:  # type: ignore[no-untyped-def]
    grey = draw([("占87.5%，邮箱li1978@163.com", 40, 80, 32)], size=(800, 160))[:, :, 0]
    lines = engine.read(grey)
    assert "87.5%" in lines[0].text
    recogniser = Says("")
    read_twice(lines, grey, recogniser)
    assert len(recogniser.strips) == 1  # 163 may be anything


def test_a_line_without_a_place_is_left_alone() -> None:
    line = Line("35000元", Place(), 0.9)
    assert read_twice((line,), np.full((40, 90), 255, np.uint8), Says("")) == (line,)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("二○二一年", "二〇二一年"),
        ("叁万圆整", "叁万元整"),
        ("共 3,500 元", "3500元"),
        ("O7", "零7"),
        ("１２7０00元", "127000元"),
    ],
)
def test_signs_that_say_the_same_are_the_same(text: str, same: str) -> None:
    assert telling(text) == telling(same)
