"""One impression on two papers is known by its grain; two impressions of one seal are not one."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
import pytest

from extractors.impressions import BANDS, BYTES, COLUMNS, SAME, alike, compare, likeness, pack, unpack
from extractors.limits import Limits
from extractors.ocr.engine import Raster
from extractors.ocr.inks import separate
from extractors.seals.find import find
from extractors.seals.impression import describe
from tests.extractors.seals.drawing import BLUE, GREY, SIDE, Ink, Paper, frame, letter, ring

NAME = "安吉县科学技术协会"


def pressed(seed: int, plate: Ink | None = None) -> Ink:
    """A plate with the grain of one pressing."""
    noise = np.random.default_rng(seed).standard_normal((SIDE // 7, SIDE // 7)).astype(np.float32)
    grain = cv2.resize(noise, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    return np.asarray((ring(NAME) if plate is None else plate) * np.clip(1 - 0.25 * np.abs(grain), 0.2, 1), np.float32)


def description(raster: Raster) -> bytes:
    inks = separate(raster)
    (outline,) = [outline for outline in find(inks, Limits()).outlines if outline.coverage > 0.7]
    return describe(inks, outline)


def alikeness(one: Raster, other: Raster) -> float:
    found = likeness(description(one), description(other))
    assert found is not None
    return found


@cache
def first() -> Raster:
    return Paper().stamp(pressed(1), at=(1000, 1500), turned=3).raster()


@pytest.mark.parametrize(
    "other",
    [
        lambda: Paper().stamp(pressed(2), at=(1000, 1500), turned=3),
        lambda: Paper().stamp(pressed(3), at=(900, 1400), turned=-12),
        lambda: letter().stamp(pressed(4), at=(700, 900), mm=45),
    ],
    ids=["same place", "turned", "over print"],
)
def test_fresh_impressions_of_one_seal_are_not_one(other: Callable[[], Paper]) -> None:
    assert alikeness(first(), other().raster()) < SAME - 0.1


@pytest.mark.parametrize(
    "other",
    [
        lambda: Paper().stamp(pressed(1), at=(1000, 1500), turned=3),
        lambda: letter().stamp(pressed(1), at=(900, 1333), turned=-15),
        lambda: Paper().stamp(pressed(1), at=(700, 900), mm=46),
        lambda: Paper().stamp(pressed(1), at=(700, 900), mm=37, turned=170),
        lambda: Paper().stamp(pressed(1), at=(1000, 1500), ink=BLUE),
        lambda: letter().stamp(pressed(1), at=(1000, 1500), turned=8),
    ],
    ids=["same", "over print", "larger", "smaller, upside down", "blue", "over print, turned"],
)
def test_one_impression_on_two_papers_is_known(other: Callable[[], Paper]) -> None:
    assert alikeness(first(), other().raster()) >= SAME


def test_a_notch_worn_into_the_plate_makes_no_two_impressions_one() -> None:
    worn = ring(NAME)
    worn[: SIDE // 2, : SIDE // 12] *= 0.2
    worn[SIDE // 3 : SIDE // 2, -SIDE // 14 :] *= 0.3
    one, other = (Paper().stamp(pressed(seed, worn), at=(1000, 1500)).raster() for seed in (1, 2))
    assert alikeness(one, other) < SAME


def test_a_grey_copy_of_an_impression_is_known() -> None:
    one, other = (paper.stamp(pressed(1), at=(1000, 1500), ink=GREY) for paper in (Paper(), Paper()))
    assert alikeness(one.raster(grey=True), other.raster(grey=True)) >= SAME


def test_what_has_no_texture_or_no_ring_has_no_description() -> None:
    square = Paper().stamp(frame(("学会", "之印")), mm=30).raster()
    small = Paper().stamp(pressed(1), mm=9).raster()
    for raster in (square, small):
        inks = separate(raster)
        assert [describe(inks, outline) for outline in find(inks, Limits()).outlines] in ([], [b""])


def test_even_ink_on_two_papers_is_no_proof() -> None:
    one = description(Paper().stamp(ring(NAME), at=(1000, 1500)).raster())
    other = description(letter().stamp(ring(NAME), at=(777, 1212), turned=20).raster())
    found = likeness(one, other)
    assert found is None or found < SAME


# ------------------------------------------------------------------------------------------------- descriptions


def packed(seed: int, seen: float = 1.0) -> bytes:
    random = np.random.default_rng(seed)
    return pack(random.standard_normal((BANDS, COLUMNS)), random.random((BANDS, COLUMNS)) < seen)


def test_a_description_is_a_few_hundred_bytes_and_alike_to_itself() -> None:
    assert len(packed(1)) == BYTES == 769
    assert likeness(packed(1), packed(1)) == pytest.approx(1.0)


def test_many_are_compared_as_one_by_one() -> None:
    one, *others = [unpack(packed(seed, 0.7)) for seed in (1, 2, 1, 3, 1, 4)]
    assert one is not None
    known = [other for other in others if other is not None]
    assert alike(one, known) == [number for number, other in enumerate(known) if compare(one, other) >= SAME] == [1, 3]
    assert alike(one, []) == []


@pytest.mark.parametrize(
    "junk",
    [b"", b"\x01", b"\x02" + bytes(BYTES - 1), bytes([1]) + bytes(BYTES - 1), bytes([1]) + b"\x88" * (BYTES - 1)],
    ids=["nothing", "short", "another version", "nothing seen", "all the same"],
)
def test_what_is_no_description_is_compared_with_nothing(junk: bytes) -> None:
    assert unpack(junk) is None
    assert likeness(junk, packed(1)) is None


def test_any_bytes_of_the_right_length_end_in_a_number_or_nothing() -> None:
    random = np.random.default_rng(5)
    for _ in range(200):
        strange = bytes([1]) + random.choice([0, 17, 136, 255], BYTES - 1).astype(np.uint8).tobytes()
        found = likeness(strange, packed(1))
        assert found is None or -1.001 <= found <= 1.001
