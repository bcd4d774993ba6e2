"""The seals a recogniser is trained on: what is cut from them reads as it is said to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from extractors.ocr.engine import Raster
from extractors.ocr.rapid import RapidEngine
from scripts.seal_text import draw, faces, strips
from scripts.seal_text.draw import Sample
from scripts.seal_text.faces import Cut, Face, FacesMissing
from scripts.seal_text.frames import frame_plate
from scripts.seal_text.plate import Plate, oval_plate, round_plate
from scripts.seal_text.press import seen
from scripts.seal_text.strips import Example
from scripts.seal_text.words import Words


class _Said(Words):
    """Always the same."""

    def __init__(self) -> None: ...

    def name(self, lot: Random) -> str:
        return "浙江省茶叶学会"

    def centre(self, lot: Random) -> str:
        return "办公室"

    def square(self, lot: Random) -> str:
        return "中国气象学会之印"

    def hanzi(self, lot: Random, count: int) -> str:
        return "天" * count


def _drawn(kind: str, number: int, font: Path) -> list[Example]:
    lot, said, cut = Random(f"{kind} {number}"), _Said(), Cut(font, 0, 1, True)
    plate: Plate = {
        "round": lambda: round_plate(lot, said, cut, cut),
        "oval": lambda: oval_plate(lot, said, cut, cut),
        "frame": lambda: frame_plate(lot, said, cut),
    }[kind]()
    return list(strips.of_seal(plate, seen(plate, lot, font, said), lot))


@pytest.mark.parametrize(
    ("kind", "text"), [("round", "浙江省茶叶学会"), ("oval", "浙江省茶叶学会"), ("frame", "中国气象学会之印")]
)
def test_strips_read_as_they_are_said_to(kind: str, text: str, font: Path) -> None:
    drawn = [example for number in range(9) for example in _drawn(kind, number, font)]
    # Of a frame a strip may be a row.
    cut = [(strip, said) for strip, said in drawn if said == text or (kind == "frame" and said)]
    assert len(cut) >= 6
    assert all(set(said) <= set(text) for _, said in cut)
    read = [one.text for one in RapidEngine().of_seals.recognise([strip for strip, _ in cut])]
    alike = [Levenshtein.normalized_similarity(one, said) for one, (_, said) in zip(read, cut, strict=True)]
    assert np.mean(alike) > 0.6


def test_bare_places_read_nothing(font: Path) -> None:
    said, cut = _Said(), Cut(font, 0, 1, True)
    bare: list[Raster] = []
    for number in range(48):
        lot = Random(f"bare {number}")
        plate = round_plate(lot, said, cut, cut)
        picture = seen(plate, lot, font, said)
        bare += [strip for strip, text in strips.of_seal(plate, replace(picture, among=False), lot) if not text]
        assert all(text for _, text in strips.of_seal(plate, replace(picture, among=True), lot))
    assert len(bare) >= 3
    assert all((strip < 160).any() for strip in bare)  # paper alone would teach nothing
    known = ("浙江省茶叶学会", "办公室")
    assert not any(one.text in known for one in RapidEngine().of_seals.recognise(bare))


def test_a_seed_draws_the_same_again(font: Path) -> None:
    first, second = (_drawn("round", 7, font) for _ in range(2))
    assert [text for _, text in first] == [text for _, text in second]
    assert all(np.array_equal(one, other) for (one, _), (other, _) in zip(first, second, strict=True))


def test_shards_are_loaded_as_they_were_written(tmp_path: Path) -> None:
    samples = [Sample(np.full((48, width), width, np.uint8), str(width)) for width in (8, 24, 16)]
    draw.write(tmp_path, 5, 0, samples)
    (path,) = draw.shards(tmp_path, 5)
    assert draw.shards(tmp_path) == [path]
    loaded = draw.load(path)
    assert [(one.text, one.picture.shape[1], float(one.picture.mean())) for one in loaded] == [
        ("8", 8, 8.0), ("24", 24, 24.0), ("16", 16, 16.0),
    ]  # fmt: skip


def test_a_missing_face_names_its_package(tmp_path: Path) -> None:
    with pytest.raises(FacesMissing, match="apt-get install fonts-of-nobody"):
        faces.require([Face("nobody.otf", "fonts-of-nobody", 1, 0)], (tmp_path,))
