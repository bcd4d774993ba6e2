"""Dates beneath black seals: what is sure of them is read, what is not is said not to be."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from extractors.document import UNREAD, Box, Line, Place, Seal, SealColour, SealShape, Word
from extractors.ocr.date_grammar import weigh
from extractors.ocr.dated import read_dates
from extractors.ocr.engine import Odds, Raster
from extractors.ocr.rapid import RapidEngine
from extractors.ocr.twice import DOUBTED

SIZE = WIDTH, HEIGHT = 1000, 500
Draw = Callable[..., Raster]


def typed(text: str, unseen: str = "") -> Odds:
    """Surely read, two columns a character; of the characters `unseen` the recogniser sees nothing."""
    odds: list[dict[str, float]] = []
    for character in text:
        odds += [{"": 1.0}] if character in unseen else [{character: 0.99, "": 0.01}]
        odds += [{"": 1.0}]
    return tuple(odds)


def stated(odds: Odds) -> list[str]:
    """The likeliest century, decade, year, month and day; "?" where it is no likelier than 0.9."""
    values = [weigh(odds).values[slot] for slot in (0, 1, 2, 4, 6)]
    return [max(each, key=lambda value: each[value]) if max(each.values()) > 0.9 else "?" for each in values]


@pytest.mark.parametrize(
    "text",
    [
        "2021年8月15日",
        "二〇二一年八月十五日",
        "二零二一年八月十五日",
        "2021.8.15",
        "2021-08-15",
        "2021/8/15",
        "签发2021年8月15日（章）",
    ],
)
def test_a_date_is_weighed_in_every_notation(text: str) -> None:
    assert stated(typed(text)) == ["20", "2", "1", "8", "15"]
    assert weigh(typed(text)).likelihood > 0.5


@pytest.mark.parametrize(
    ("text", "unseen", "parts"),
    [
        ("2029年7月8日", "9", ["20", "?", "?", "7", "8"]),  # nor which of the two digits it is that is seen
        ("2021年9月3日", "9", ["20", "2", "1", "?", "3"]),
        ("二〇二一年八月六日", "八", ["20", "2", "1", "?", "6"]),
        ("2021.8.157", "", ["20", "2", "1", "8", "?"]),  # a date does not end within a number
    ],
)
def test_what_is_not_seen_may_be_anything(text: str, unseen: str, parts: list[str]) -> None:
    assert stated(typed(text, unseen)) == parts


@pytest.mark.parametrize("text", ["", "中国林学会", "联系电话：13812345678", "1109876543210", "50000元"])
def test_what_is_no_date_is_unlikely_to_be_one(text: str) -> None:
    assert weigh(typed(text)).likelihood < 1e-8


def star(page: Raster, x: int, y: int, size: int) -> None:
    turn = np.arange(10) * np.pi / 5
    radius = np.where(np.arange(10) % 2, 0.4, 1.0) * size
    points = np.stack([x + radius * np.sin(turn), y - radius * np.cos(turn)], axis=1)
    cv2.fillPoly(page, [np.round(points).astype(np.int32)], 0)


def stamped(draw: Draw, date: str, *, at: int) -> tuple[Raster, Seal]:
    """A black ring around a date, and its star at a height of the date and `at` from the left."""
    page = draw([(date, 350, 230, 36)], size=SIZE)[:, :, 0].copy()
    cv2.circle(page, (at, 250), 165, 0, 8, cv2.LINE_AA)
    star(page, at, 250, 46)
    box = Box((at - 169) / WIDTH, 81 / HEIGHT, (at + 169) / WIDTH, 419 / HEIGHT)
    return page, Seal(SealShape.ROUND, SealColour.BLACK, "", Place(box=box))


def test_a_date_beneath_a_black_seal_is_read_as_far_as_it_can_be(engine: RapidEngine, draw: Draw) -> None:
    page, seal = stamped(draw, "2021年7月15日", at=411)  # the star lies on the year
    lines = read_dates(engine.read(page), page, [seal], engine)
    (date,) = [line for line in lines if "月" in line.text]
    assert date.text.endswith("年7月15日")
    assert UNREAD in date.text.partition("年")[0]
    assert "".join(word.text for word in date.words) == date.text
    sure = [word.confidence for word in date.words if UNREAD not in word.text]
    assert min(sure) >= 0.99
    assert all(word.confidence == 0 for word in date.words if UNREAD in word.text)
    assert date.place.box is not None
    assert date.place.box.left * WIDTH == pytest.approx(350, abs=25)
    assert date.place.box.right * WIDTH == pytest.approx(590, abs=30)


def test_other_seals_and_other_lines_change_nothing(engine: RapidEngine, draw: Draw) -> None:
    page = draw([("2021年7月15日", 350, 230, 36), ("共同开展活动", 350, 300, 36)], size=SIZE)[:, :, 0]
    lines = engine.read(page)
    box = Box(0.3, 0.2, 0.6, 0.8)
    red = Seal(SealShape.ROUND, SealColour.RED, "", Place(box=box))
    far = Seal(SealShape.ROUND, SealColour.BLACK, "", Place(box=Box(0.0, 0.0, 0.2, 0.3)))
    assert read_dates(lines, page, [red, far], engine) == lines


def test_what_looks_like_a_date_and_cannot_be_weighed_is_doubted(engine: RapidEngine) -> None:
    words = [Word(text, Box(0.4 + 0.02 * n, 0.45, 0.42 + 0.02 * n, 0.5), 0.99) for n, text in enumerate("21年5月")]
    line = Line("21年5月", Place(box=Box(0.4, 0.45, 0.5, 0.5)), 0.99, tuple(words))
    seal = Seal(SealShape.ROUND, SealColour.BLACK, "", Place(box=Box(0.3, 0.2, 0.6, 0.8)))
    blank = np.full((HEIGHT, WIDTH), 255, np.uint8)
    (doubted,) = read_dates([line], blank, [seal], engine)
    assert doubted.text == line.text
    assert [word.confidence for word in doubted.words] == [DOUBTED, DOUBTED, 0.99, DOUBTED, 0.99]
