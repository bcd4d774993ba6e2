"""Which way up a frame is read, and whether its characters are bare."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from extractors.document import SealColour, SealShape
from extractors.ocr.engine import Odds, Strip
from extractors.seals import beam, inscription
from extractors.seals.outline import Outline
from extractors.seals.unroll import Floats, Impression


def framed(picture: Floats, filled: float) -> Impression:
    side = float(len(picture))
    corners = ((0.0, 0.0), (side, 0.0), (side, side), (0.0, side))
    outline = Outline(
        SealShape.SQUARE, SealColour.RED, (side / 2, side / 2), side / 2, side / 2, 0.0, 1.0, corners, filled=filled
    )
    return Impression(outline, (0, 0), (picture,))


def solid(side: int = 120) -> Floats:
    return np.ones((side, side), np.float32)


def test_a_thick_frame_is_not_a_field_of_ink() -> None:
    picture = solid()
    picture[20:100, 20:100] = 0
    picture[28:56, 28:92] = picture[64:92, 28:92] = 1
    assert not inscription._bare(framed(picture, 0.6))


def test_bare_characters_stand_in_a_field_of_ink() -> None:
    picture = solid()
    for top in (14, 66):
        for left in (14, 66):
            picture[top : top + 40 : 10, left : left + 40] = 0
    assert inscription._bare(framed(picture, 0.6))


@pytest.mark.parametrize("turn", [0.0, 20.0, -75.0, 130.0])
def test_a_triangle_may_stand_on_any_of_its_sides(turn: float) -> None:
    angles = np.radians(np.array([-90.0, 30.0, 150.0]) + turn)
    corners = tuple((100 + 60 * float(np.cos(angle)), 100 + 60 * float(np.sin(angle))) for angle in angles)
    outline = Outline(SealShape.TRIANGLE, SealColour.RED, (100, 100), 52, 45, 0.0, 1.0, corners)
    ways = inscription._ways_up(outline)
    assert len(ways) == 3
    assert min(abs((way - turn + 180) % 360 - 180) for way in ways) == pytest.approx(0, abs=1e-6)
    assert abs((ways[0] + 180) % 360 - 180) == min(abs((way + 180) % 360 - 180) for way in ways)


def test_a_square_may_be_a_diamond_that_was_turned() -> None:
    ways = inscription._ways_up(framed(solid(), 0.2).outline)
    assert ways[0] == 0.0
    assert {round(way) % 360 for way in ways} == set(range(0, 360, 45))


def _read_as(*letters: dict[str, float], source: int) -> inscription._Reading:
    """A reading of a column each, blanks between them."""
    odds = tuple(column for one in letters for column in (one, {"": 0.99}))
    best = [max(one, key=lambda letter: one[letter]) for one in letters]
    characters = tuple((letter, 0.5, one[letter]) for letter, one in zip(best, letters, strict=True))
    return inscription._Reading("".join(best), characters, True, 1.0, source, 0.0, 0, odds)


def test_what_stands_there_all_readings_tell_together() -> None:
    sure = [{letter: 0.99} for letter in "兰州市护理学会"]
    one = _read_as(*sure, {"含": 0.6, "合": 0.35}, {"格": 0.9}, source=0)
    other = _read_as(*sure, {"合": 0.7, "含": 0.2}, {"格": 0.9}, source=2)
    turned = replace(_read_as({"含": 0.99}, {"格": 0.99}, source=4), angle=90.0)
    for best in (one, other):
        assert inscription._voted(best, [one, other, turned]).text == "兰州市护理学会合格"
    assert inscription._voted(other, [one, other, turned]) == other
    assert inscription._voted(one, [one]).text == "兰州市护理学会合格"  # a label's word is likelier


def test_what_is_not_clean_as_a_whole_is_told_as_it_was_read() -> None:
    best = _read_as(*({letter: 0.9} for letter in "安吉县科学支术协会"), source=0)
    assert inscription._voted(best, [best]).text == "安吉县科学支术协会"


def test_rows_are_read_down_their_columns_as_well() -> None:
    def row(text: str) -> tuple[Strip, Odds]:
        odds = tuple(column for letter in text for column in ({"": 0.9}, {letter: 0.9}, {"": 0.9}))
        return beam.aligned(text, odds), odds

    cells = inscription._by_columns([row("粮来"), row("食宾"), row("局市")])
    assert [max(cell[1], key=lambda letter: cell[1][letter]) for cell in cells] == list("来宾市粮食局")
    assert sum(len(cell) for cell in cells) == 18
    assert inscription._by_columns([row("粮来"), row("食宾局")]) == []
    assert inscription._by_columns([row("粮食局")]) == []


def test_in_which_order_characters_stand_that_is_usual() -> None:
    rows = replace(_read_as(*({letter: 0.98} for letter in "民勤县昆虫联合会"), source=0), score=9.0)
    worn = replace(rows, score=8.0, characters=tuple((letter, at, 0.3) for letter, at, _ in rows.characters))
    columns = replace(_read_as(*({letter: 0.99} for letter in "县联会勤虫民昆合"), source=2), score=10.0, way=9)
    for readings in ([rows, columns], [columns, worn]):
        best = inscription._best(readings)
        assert best is not None
        assert (best.text, best.way) == ("民勤县昆虫联合会", 0)
    turned = replace(columns, angle=90.0)  # what stands another way up is told by how well it reads
    assert inscription._best([rows, turned]) == inscription._best([turned, rows])
    assert getattr(inscription._best([rows, turned]), "text", "") == "县联会勤虫民昆合"
