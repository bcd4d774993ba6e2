"""Masks in blocks of pixels."""

from __future__ import annotations

import numpy as np
import pytest

from extractors.seals.blocks import in_blocks, of_blocks


@pytest.mark.parametrize("side", [2, 4])
def test_each_pixel_has_its_blocks_value(side: int) -> None:
    blocks = np.array([[1, 0, 255], [0, 3, 0]], np.uint8)
    whole = np.kron(blocks, np.ones((side, side), np.uint8))
    assert np.array_equal(of_blocks(blocks, (2 * side, 3 * side), side), whole)
    assert np.array_equal(of_blocks(blocks, (2 * side - 1, 3 * side - 1), side), whole[:-1, :-1])


@pytest.mark.parametrize("side", [2, 4])
def test_blocks_count_what_is_inked(side: int) -> None:
    mask = np.zeros((7, 9), np.uint8)
    mask[:side, :side] = 1
    mask[6, 8] = 1
    counts = in_blocks(mask, side)
    assert counts[0, 0] == side**2
    assert counts[-1, -1] == 1
    assert counts.sum() == side**2 + 1
