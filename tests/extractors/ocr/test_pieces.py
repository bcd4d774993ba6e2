"""Connected pieces of a mask."""

from __future__ import annotations

import numpy as np
import pytest

from extractors.ocr.pieces import of_pieces, pieces


def test_pixels_that_touch_at_a_corner_are_one_piece() -> None:
    mask = np.zeros((9, 12), np.uint8)
    mask[1, 1] = mask[2, 2] = mask[3, 1] = 1
    mask[5:8, 6:11] = 255
    labels, stats = pieces(mask)
    assert stats[1:].tolist() == [[1, 1, 2, 3, 3], [6, 5, 5, 3, 15]]
    assert labels[2, 2] == labels[3, 1] == 1
    assert labels[6, 8] == 2
    assert labels[0, 0] == 0


def test_an_empty_mask_has_none() -> None:
    labels, stats = pieces(np.zeros((4, 5), np.uint8))
    assert len(stats) == 1
    assert not labels.any()


@pytest.mark.parametrize("kind", [np.uint16, np.int32])
def test_each_pixel_has_its_pieces_value(kind: type[np.uint16] | type[np.int32]) -> None:
    labels = np.array([[0, 2, 2], [1, 0, 3]], kind)
    told = of_pieces(np.array([0, 7, 255, 1], np.uint8), labels)
    assert told.dtype == np.uint8
    assert told.tolist() == [[0, 255, 255], [7, 0, 1]]
