"""Seals: one plate a body, a fresh pressing each time unless it is a copy."""

from random import Random

import cv2
import numpy as np

from clients.simulator.plan import SealName
from clients.simulator.seal import engraved, stamp

_NAME = SealName("安吉县科学技术协会")


def test_a_body_has_one_plate() -> None:
    assert engraved(_NAME) == engraved(SealName(_NAME.text, impression="copy"))
    assert engraved(SealName("中国林学会")).diameter_mm > engraved(_NAME).diameter_mm


def test_two_pressings_differ_and_copies_do_not() -> None:
    facts = engraved(_NAME)
    fresh = [stamp(Random(number), facts, 150).ink for number in range(2)]
    copies = [stamp(Random(number), facts, 150, "copy").ink for number in range(2)]
    assert not np.array_equal(*fresh)
    assert np.array_equal(*copies)


def test_a_copy_at_another_resolution_is_the_same_ink() -> None:
    facts = engraved(_NAME)
    low, high = (stamp(Random(0), facts, dpi, "copy").ink.astype(np.float32) for dpi in (150, 250))
    scaled = cv2.resize(high, low.shape[::-1], interpolation=cv2.INTER_AREA)
    other = stamp(Random(0), facts, 150).ink.astype(np.float32)

    def alike(one: np.ndarray, two: np.ndarray) -> float:
        return float(np.corrcoef(one.ravel(), two.ravel())[0, 1])

    assert alike(low, scaled) > 0.98 > alike(low, other[: low.shape[0], : low.shape[1]])
