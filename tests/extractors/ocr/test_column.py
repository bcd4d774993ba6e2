"""Characters that stand below each other."""

from __future__ import annotations

import cv2
import numpy as np

from extractors.ocr.column import characters_of
from extractors.ocr.rapid import RapidEngine


def test_a_label_that_runs_down_beside_the_cells_it_names_is_read(engine: RapidEngine, draw) -> None:  # type: ignore[no-untyped-def]
    rows = [("姓名", 150, 44, 28), ("王建", 300, 44, 28), ("电话", 150, 98, 28), ("13812345678", 300, 98, 28)]
    spine = [(character, 82, 40 + 36 * number, 28) for number, character in enumerate("负责人")]
    rest = [("学会将按要求组织专家开展科技志愿服务活动", 82, 2200, 28)]
    page = draw([*rows, *spine, *rest], size=(1654, 2339))  # A4 at 200 dpi, which the detector sees at less than half
    for y in (36, 90, 154):
        cv2.line(page, (60 if y != 90 else 130, y), (640, y), (0, 0, 0), 2)
    for x in (60, 130, 280, 640):
        cv2.line(page, (x, 36), (x, 154), (0, 0, 0), 2)
    lines = engine.read(page[:, :, 0])
    (label,) = [line for line in lines if "人" in line.text]
    assert label.text == "负责人"
    assert [word.text for word in label.words] == list("负责人")
    tops = [word.box.top for word in label.words]
    assert tops == sorted(tops)


def squares(*places: tuple[int, int, int, int], size: tuple[int, int] = (80, 160)) -> np.ndarray:  # type: ignore[type-arg]
    strip = np.full((size[1], size[0]), 255, np.uint8)
    for left, top, right, bottom in places:
        cv2.rectangle(strip, (left, top), (right, bottom), 20, 3)
    return strip


def test_neither_one_character_nor_two_rows_are_a_column() -> None:
    assert len(characters_of(squares((20, 20, 50, 50), (20, 60, 50, 90), (20, 100, 50, 130)))) == 3
    assert characters_of(squares((20, 20, 50, 32), (20, 38, 50, 50))) == (), "the parts of 二"
    rows = [(left, top, left + 24, top + 24) for left in (10, 45, 80) for top in (20, 60)]
    assert characters_of(squares(*rows, size=(120, 110))) == ()
    assert characters_of(np.full((90, 60), 255, np.uint8)) == ()


def test_rules_beside_and_between_characters_are_none_of_them() -> None:
    strip = squares((20, 12, 50, 42), (20, 60, 50, 90), size=(80, 100))
    cv2.line(strip, (0, 50), (80, 51), 20, 2)
    cv2.line(strip, (70, 0), (71, 100), 20, 2)
    places = characters_of(strip)
    assert [(top, bottom) for _, top, _, bottom in places] == [(10, 45), (58, 93)]


def test_a_rule_paler_than_print_is_none_of_a_column() -> None:
    strip = squares((20, 12, 50, 42), (20, 60, 50, 90), size=(80, 100))
    strip[:, 70:72] = 190
    strip[::4, 70:72] = 120  # as dark as print here and there
    assert [(top, bottom) for _, top, _, bottom in characters_of(strip)] == [(10, 45), (58, 93)]
