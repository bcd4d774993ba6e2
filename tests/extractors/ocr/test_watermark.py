"""Pale text that leans across the rows is taken off."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from extractors.ocr.engine import Raster
from extractors.ocr.inks import separate
from extractors.ocr.rapid import RapidEngine
from extractors.ocr.watermark import without_watermark
from tests.extractors.ocr.conftest import Draw

TEXT = ("请于规定时间前寄送纸质材料", "双方应当建立定期会商机制", "培训内容包括实用技术")


def marked(page: Raster, font: Path, grey: int) -> Raster:
    """A page with a text across it in two places."""
    tile = Image.new("L", (280, 60), 255)
    ImageDraw.Draw(tile).text((10, 5), "仅供申报使用", font=ImageFont.truetype(str(font), 40), fill=grey)
    tile = tile.rotate(30, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    layer = Image.new("L", page.shape[1::-1], 255)
    for place in ((60, 30), (420, 200)):
        layer.paste(tile, place)
    return (page.astype(np.float32) * (np.asarray(layer)[..., None] / np.float32(255))).astype(np.uint8)


@pytest.fixture
def page(draw: Draw) -> Raster:
    return draw([(text, 60, 60 + 110 * row, 40) for row, text in enumerate(TEXT)], (800, 500))


def test_print_is_read_without_the_watermark_across_it(engine: RapidEngine, page: Raster, font: Path) -> None:
    inks = separate(marked(page, font, 180))
    lines = engine.read(inks.grey)
    assert len(lines) > len(TEXT)
    clean = without_watermark(lines, inks)
    assert clean is not None
    assert tuple(line.text for line in engine.read(clean.grey)) == TEXT


def test_what_leans_and_is_as_dark_as_print_stays(engine: RapidEngine, page: Raster, font: Path) -> None:
    inks = separate(marked(page, font, 30))
    assert without_watermark(engine.read(inks.grey), inks) is None


def test_level_print_however_pale_is_no_watermark(engine: RapidEngine, page: Raster) -> None:
    page[300:] = 255 - (255 - page[300:]) // 4
    inks = separate(page)
    assert without_watermark(engine.read(inks.grey), inks) is None
