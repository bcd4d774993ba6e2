"""Boxes to be ticked, drawn as forms print them and people fill them in."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from extractors.document import Box, Line, Place, Source, Word
from extractors.forms.choice import ticked
from extractors.forms.spec import Option
from extractors.ocr.engine import Raster
from extractors.ocr.marks import UNSURE, with_marks

WIDTH, HEIGHT = 900, 300
TOP = 120
OPTIONS = (Option("national", ("全国学会",)), Option("provincial", ("省级学会",)))
SCANS = tuple(product((22, 29, 44), (False, True)))  # 10.5 pt at 150, 200 and 300 dpi; 1-bit or not


def sheet(text: str, em: int) -> tuple[Raster, Line]:
    """Print, and a line as the recogniser reads it: of a box, written as ＿ in `text`, it says nothing."""
    picture = np.full((HEIGHT, WIDTH), 245, np.uint8)
    words = []
    for index, character in enumerate(text):
        left = 60 + index * em
        if character not in "＿ ":
            for stroke in (0.25, 0.5, 0.75):
                y = round(TOP + stroke * em)
                cv2.line(picture, (left + em // 6, y), (left + em - em // 6, y), 20, max(1, em // 14))
            cv2.line(picture, (left + em // 2, TOP + 2), (left + em // 2, TOP + em - 2), 20, max(1, em // 14))
            box = Box(left / WIDTH, TOP / HEIGHT, (left + em) / WIDTH, (TOP + em) / HEIGHT)
            words.append(Word(character, box, 0.98))
    place = Place(1, Box(words[0].box.left, (TOP - 0.1 * em) / HEIGHT, words[-1].box.right, (TOP + 1.1 * em) / HEIGHT))
    read = "".join(character for character in text if character not in "＿ ")
    return picture, Line(read, place, 0.98, tuple(words), source=Source.OCR)


def draw(picture: Raster, index: int, em: int, shape: str, inside: str) -> None:
    """A box of 0.76 em in place of a character. inside: "", "tick", "far" (out of the box), "cross", "all", "speck"."""
    thick = max(1, round(em / 16))
    x, y, half = 60 + index * em + em // 2, TOP + em // 2, round(0.38 * em)
    full = cv2.FILLED if inside == "all" else thick
    if shape == "square":
        cv2.rectangle(picture, (x - half, y - half), (x + half, y + half), 20, full)
    else:
        cv2.circle(picture, (x, y), half, 20, full, cv2.LINE_AA)
    if inside in ("tick", "far"):
        end = (x + round(0.5 * em), y - round(0.5 * em)) if inside == "far" else (x + half // 2, y - half // 2)
        points = np.array([(x - half // 2, y), (x - half // 8, y + half // 2), end])
        cv2.polylines(picture, [points], False, 20, 2 * thick, cv2.LINE_AA)
    elif inside == "cross":
        for slope in (-1, 1):
            cv2.line(picture, (x - half, y - slope * half), (x + half, y + slope * half), 20, thick, cv2.LINE_AA)
    elif inside == "speck":
        cv2.circle(picture, (x, y), max(1, round(0.1 * em)), 120, cv2.FILLED, cv2.LINE_AA)


def scanned(picture: Raster, one_bit: bool) -> Raster:
    noise = np.random.default_rng(1001).normal(0, 6, picture.shape)
    grey = np.clip(cv2.GaussianBlur(picture, (0, 0), 0.6) + noise, 0, 255).astype(np.uint8)
    return np.where(grey < 140, 0, 255).astype(np.uint8) if one_bit else grey


@pytest.mark.parametrize(("em", "one_bit"), SCANS)
@pytest.mark.parametrize(
    ("shape", "inside"),
    [(shape, inside) for shape in ("square", "circle") for inside in ("tick", "cross", "all")] + [("square", "far")],
)
@pytest.mark.parametrize("text", ["类别：＿全国学会 ＿省级学会", "类别：全国学会＿ 省级学会＿", "＿全国学会＿省级学会"])
def test_the_option_beside_the_ticked_box_is_chosen(em: int, one_bit: bool, shape: str, inside: str, text: str) -> None:
    first, second = (index for index, character in enumerate(text) if character == "＿")
    for chosen, (one, other) in {"national": (inside, ""), "provincial": ("", inside)}.items():
        picture, line = sheet(text, em)
        draw(picture, first, em, shape, one)
        draw(picture, second, em, shape, other)
        (read,) = with_marks((line,), scanned(picture, one_bit))
        assert ticked(read.text.removeprefix("类别："), OPTIONS, recognised=True) == chosen, read.text


@pytest.mark.parametrize(("em", "one_bit"), SCANS)
@pytest.mark.parametrize(("shape", "sign"), [("square", "□"), ("circle", "○")])
def test_empty_boxes_are_written_where_they_stand(em: int, one_bit: bool, shape: str, sign: str) -> None:
    picture, line = sheet("类别：＿全国学会 ＿省级学会", em)
    draw(picture, 3, em, shape, "")
    draw(picture, 9, em, shape, "")
    (read,) = with_marks((line,), scanned(picture, one_bit))
    assert read.text == f"类别：{sign}全国学会{sign}省级学会"
    assert [word.text for word in read.words] == list(read.text)
    assert ticked(read.text.removeprefix("类别："), OPTIONS, recognised=True) == ""


def test_a_speck_in_a_box_is_neither_a_tick_nor_nothing() -> None:
    picture, line = sheet("类别：＿全国学会 ＿省级学会", 44)
    draw(picture, 3, 44, "square", "speck")
    draw(picture, 9, 44, "square", "")
    (read,) = with_marks((line,), scanned(picture, False))
    assert read.text == f"类别：{UNSURE}全国学会□省级学会"
    assert ticked(read.text.removeprefix("类别："), OPTIONS, recognised=True) is None


def test_an_empty_box_that_was_read_is_ticked_where_it_bears_ink() -> None:
    picture, line = sheet("口全国学会 口省级学会", 44)
    picture[:, :] = 245
    draw(picture, 0, 44, "square", "")
    draw(picture, 6, 44, "square", "tick")
    (read,) = with_marks((line,), scanned(picture, False))
    assert read.text == "口全国学会☑省级学会"


def test_print_has_no_boxes() -> None:
    picture, line = sheet("国家农村人口与图书回访 园林", 44)
    assert with_marks((line,), scanned(picture, False)) == (line,)


def test_what_another_line_was_read_from_is_no_box_of_this_one() -> None:
    picture, line = sheet("类别：全国学会", 44)
    draw(picture, 8, 44, "square", "")
    left = (60 + 8 * 44) / WIDTH
    box = Box(left, TOP / HEIGHT, left + 44 / WIDTH, (TOP + 44) / HEIGHT)
    other = Line("回", Place(1, box), 0.9, (Word("回", box, 0.9),), source=Source.OCR)
    assert with_marks((line, other), scanned(picture, False)) == (line, other)


def test_a_box_between_two_lines_belongs_to_the_nearer_one() -> None:
    picture, line = sheet("全国学会  ＿省级学会", 44)
    draw(picture, 6, 44, "square", "tick")
    halves = tuple(
        Line(text, Place(1, Box(words[0].box.left, words[0].box.top, words[-1].box.right, words[0].box.bottom)), 0.9,
             words, source=Source.OCR)
        for text, words in (("全国学会", line.words[:4]), ("省级学会", line.words[4:]))
    )  # fmt: skip
    read = with_marks(halves, scanned(picture, False))
    assert [each.text for each in read] == ["全国学会", "☑省级学会"]
    box = read[1].place.box
    assert box is not None
    assert box.left < line.words[4].box.left


def test_the_circle_of_a_year_is_a_digit() -> None:
    picture, line = sheet("二＿二一年九月三日", 44)
    draw(picture, 1, 44, "circle", "")
    (read,) = with_marks((line,), scanned(picture, False))
    assert read.text == "二〇二一年九月三日"


def test_a_circle_within_a_seal_is_none_to_be_ticked() -> None:
    picture, line = sheet("八月二日＿", 29)
    draw(picture, 4, 29, "circle", "tick")
    (marked,) = with_marks((line,), picture)
    assert marked.text != line.text
    assert with_marks((line,), picture, [Box(0.1, 0.2, 0.9, 0.9)]) == (line,)


def test_between_two_characters_at_the_usual_pitch_there_is_no_box() -> None:
    """The right half of a character is closed and as broad as a box, where its box as read is too narrow."""
    em = 40
    picture, line = sheet("产业服务纪实", em)
    words = list(line.words)
    box = words[2].box
    words[2] = Word("服", Box(box.left, box.top, box.left + 0.45 * em / WIDTH, box.bottom), 0.98)
    words[3] = Word("务", Box(box.left + 1.15 * em / WIDTH, box.top, box.left + 1.9 * em / WIDTH, box.bottom), 0.98)
    draw(picture, 2, em, "square", "tick")
    read = Line(line.text, line.place, 0.98, tuple(words), source=Source.OCR)
    assert with_marks((read,), scanned(picture, one_bit=False))[0].text == "产业服务纪实"


@pytest.mark.parametrize(("em", "one_bit"), SCANS)
@pytest.mark.parametrize("chosen", ["national", "provincial"])
def test_a_tick_that_stands_for_its_box_is_one(em: int, one_bit: bool, chosen: str) -> None:
    picture, line = sheet("＿全国学会 ＿省级学会", em)
    tick, empty = (0, 6) if chosen == "national" else (6, 0)
    draw(picture, empty, em, "square", "")
    x, y, half = 60 + tick * em + em // 2, TOP + em // 2, round(0.3 * em)
    points = np.array([(x - half, y), (x - half // 3, y + half), (x + half, y - half)])
    cv2.polylines(picture, [points], False, 20, max(2, em // 6), cv2.LINE_AA)
    (read,) = with_marks((line,), scanned(picture, one_bit))
    assert ticked(read.text, OPTIONS, recognised=True) == chosen, read.text


def test_the_round_of_an_at_is_no_circle() -> None:
    picture, line = sheet("王＿@＿云", 30)
    cv2.circle(picture, (60 + 2 * 30 + 8, TOP + 15), 12, 20, 2, cv2.LINE_AA)
    narrow = replace(line.words[1], box=replace(line.words[1].box, right=line.words[1].box.left + 4 / WIDTH))
    line = replace(line, words=(line.words[0], narrow, line.words[2]))
    (read,) = with_marks((line,), scanned(picture, False))
    assert read.text == "王@云"


@pytest.mark.parametrize("inside", [6, 8])
@pytest.mark.parametrize("groups", [("4194", "9390"), ("for", "details."), ("at", "office47@mail.org.cn")])
def test_the_round_of_what_stands_at_a_words_edge_is_no_box(font: Path, inside: int, groups: tuple[str, str]) -> None:
    page = Image.new("L", (WIDTH, HEIGHT), 245)
    pen, face, words, left = ImageDraw.Draw(page), ImageFont.truetype(str(font), 30), list[Word](), 100.0
    for group in groups:
        pen.text((left, TOP), group, font=face, fill=20)
        start, top, end, bottom = pen.textbbox((left, TOP), group, font=face)
        box = Box((start + inside) / WIDTH, (top - 6) / HEIGHT, end / WIDTH, (bottom + 6) / HEIGHT)
        words.append(Word(group, box, 0.98))
        left = end + 24
    text = " ".join(groups)
    line = Line(text, Place(1, Box.around(word.box for word in words)), 0.98, tuple(words), source=Source.OCR)
    assert with_marks((line,), np.asarray(page))[0].text == text
