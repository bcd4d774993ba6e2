"""Hard papers are drawn alike for a seed, with a truth that fits them; in the one face that every machine has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest

from benchmarks.paper import faces, names
from benchmarks.paper.pictures import Picture, Truth, picture
from benchmarks.paper.score import Score, matched, plain
from extractors.document import Box, Place, Seal, SealColour, SealShape
from extractors.hanzi import HANZI

NUMBERS = (0, 4)


@pytest.fixture
def only_face(monkeypatch: pytest.MonkeyPatch, font: Path) -> Iterator[None]:
    """Every face is the font of the tests."""
    kept = (faces._characters, faces.load, faces.glyph)
    for cached in kept:
        cached.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(faces, "_files", lambda: dict.fromkeys(faces.FILES, font))
        yield
    for cached in kept:
        cached.cache_clear()


@pytest.mark.usefixtures("only_face")
def test_a_seed_draws_the_same_again_and_every_seal_lies_on_its_picture() -> None:
    for number in NUMBERS:
        first, again = picture(1001, number), picture(1001, number)
        assert np.array_equal(first.raster, again.raster)
        assert first.truths == again.truths
        high, wide = first.raster.shape[:2]
        for truth in first.truths:
            left, top, right, bottom = truth.box
            assert 0 <= left < right <= wide
            assert 0 <= top < bottom <= high
            assert HANZI.sub("", truth.name) in ("", "（）")


def test_a_missing_face_names_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(faces, "FOLDERS", [])
    with pytest.raises(faces.FacesMissing, match=r"apt-get install .*fonts-cns11643-kai"):
        faces.require(tmp_path)


def test_names_are_hanzi_and_neither_short_nor_long() -> None:
    rng = Random(1001)
    for _ in range(300):
        _, name = names.body(rng)
        assert HANZI.sub("", name) in ("", "（）"), name
        assert names.LEAST <= len(names.unbracketed(name)) <= names.MOST


def _seal(text: str, box: Box, confidence: float) -> Seal:
    return Seal(SealShape.ROUND, SealColour.RED, text, Place(page=1, box=box), confidence=confidence)


def test_a_seal_is_found_once_and_brackets_do_not_count() -> None:
    truth = Truth("round", "鑫达（湖州）茶业有限公司", "", "", (10, 10, 60, 60), frozenset({"round"}))
    page = Picture("1001-000", np.zeros((100, 100, 3), np.uint8), None, (truth,))
    best = _seal("鑫达(湖州)茶业有限公司", Box(0.1, 0.1, 0.6, 0.6), 0.95)
    other = _seal("鑫达", Box(0.12, 0.1, 0.62, 0.6), 0.95)
    assert matched(page, [other, best]) == ([(truth, best)], [other])
    assert plain(best.text) == plain(truth.name)
    score = Score()
    assert len(score.add(page, [other, best])) == 1
    assert (score.all.exact, score.all.sure, score.all.sure_wrong, score.strays) == (1, 1, 0, 1)
