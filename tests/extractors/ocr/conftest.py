"""The real engine, loaded once, and letters drawn by the tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from extractors.ocr.engine import Raster
from extractors.ocr.rapid import RapidEngine

Draw = Callable[..., Raster]


@pytest.fixture(scope="session")
def engine() -> RapidEngine:
    return RapidEngine(side=960)


@pytest.fixture(scope="session")
def draw(font: Path) -> Draw:
    """Draws lines of text: (text, left, top, size) in pixels on a white page of width × height; RGB."""

    def drawn(
        lines: Sequence[tuple[str, int, int, int]],
        size: tuple[int, int] = (800, 400),
        colour: tuple[int, int, int] = (20, 20, 20),
    ) -> Raster:
        page = Image.new("RGB", size, "white")
        pen = ImageDraw.Draw(page)
        for text, left, top, height in lines:
            pen.text((left, top), text, font=ImageFont.truetype(str(font), height), fill=colour)
        return np.asarray(page).copy()

    return drawn
