"""Lines that bow are laid straight."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.ocr.engine import Raster
from extractors.ocr.page import cut_out, stand
from tests.extractors.ocr.test_page import lines_of_blocks


def curled(page: Raster, half: float, whole: float) -> Raster:
    """Moves what is on the page down by waves over its width, fractions of its height."""
    height, width = page.shape[:2]
    across = np.pi * (np.arange(width) + 0.5) / width
    down = height * (half * np.sin(across) + whole * np.sin(2 * across))
    rows = (np.arange(height)[:, None] - down).astype(np.float32)
    columns = np.broadcast_to(np.arange(width, dtype=np.float32), rows.shape)
    return np.asarray(cv2.remap(page, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def share_between_lines(page: Raster) -> float:
    """Of the rows, how many have next to no ink: all between the lines where these are straight."""
    return float(((page[100:980] < 120).mean(axis=(1, 2)) < 0.01).mean())


@pytest.mark.parametrize(("half", "whole"), [(0.02, 0.0), (-0.035, 0.0), (0.0, 0.012), (0.02, -0.008)])
def test_the_lines_of_a_sheet_that_curls_are_laid_straight(half: float, whole: float) -> None:
    page = lines_of_blocks()
    bent = curled(page, half, whole)
    assert share_between_lines(bent) < 0.3
    upright = stand(cut_out(bent, None))
    assert share_between_lines(upright.raster) > 0.8 * share_between_lines(page)
    assert upright.slant == pytest.approx(0.0, abs=0.4)


def test_a_flat_sheet_and_a_scan_are_left_as_they_are() -> None:
    page = lines_of_blocks()
    assert stand(cut_out(page, None)).raster is page
    bent = curled(page, 0.02, 0.0)
    assert share_between_lines(stand(cut_out(bent, 96.0)).raster) < 0.5  # a scanner's lid holds paper flat
