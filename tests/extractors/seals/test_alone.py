"""A seal alone on a blank page, whatever it says and whatever its ink, stands in no slot of the letter before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from extractors.document import Document, Line, Place, Source
from extractors.forms.slots import find_slots
from extractors.limits import Limits
from extractors.look import Eye
from extractors.ocr.engine import Raster, Shot
from extractors.ocr.rapid import RapidEngine
from extractors.seals import find_seals
from tests.extractors.forms.build import LETTER, scan
from tests.extractors.seals.drawing import DPI, Ink, Paper, ring

LETTER_LINES = [
    (0.3, 0.1, "关于商请共同开展科技志愿服务活动的函"),
    (0.1, 0.2, "安吉县科学技术协会："),
    (0.1, 0.25, "我会拟与贵单位共同开展“科技助农”活动。"),
    (0.6, 0.4, "中国林学会"),
    (0.6, 0.44, "2021年8月26日"),
    (0.45, 0.6, "回执"),
    (0.1, 0.64, "同意结对。"),
]
RINGS = {
    "short": ring("中国林学会", span=150),
    "code": ring("安吉县科学技术协会", code="3305231234567"),
    "department": ring("安吉县科学技术协会", centre="科普部"),
    "long": ring("前郭尔罗斯蒙古族自治县科学技术协会", centre="业务专用章", span=280),
    "dated": ring("中国林学会收文", centre="2021.8.26"),
}


def bilevel(page: Raster) -> Raster:
    return np.where(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY) > 170, 255, 0).astype(np.uint8)


TONES: dict[str, Callable[[Paper], Raster]] = {
    "red": lambda paper: paper.raster(),
    "grey": lambda paper: paper.raster(grey=True),
    "1-bit": lambda paper: bilevel(paper.raster()),
}


@pytest.fixture(scope="module")
def eye() -> Eye:
    engine = RapidEngine(threads=1)
    return Eye(engine, engine, Limits(), find_seals)


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("seal", RINGS)
def test_a_seal_alone_on_a_blank_page_stands_in_no_slot(eye: Eye, tone: str, seal: str) -> None:
    impression: Ink = RINGS[seal]
    sight = eye.look(Shot(TONES[tone](Paper().stamp(impression, turned=7)), Place(page=2), DPI, sheet=True))
    assert len(sight.seals) == 1
    letter = scan(*LETTER_LINES)
    document = Document("pdf", blocks=(*letter.blocks, *sight.blocks), seals=sight.seals)
    assert [slot.seals for slot in find_slots(document, LETTER)] == [(), ()]
    # as it does where its date is printed
    date = Line("2021年8月28日", sight.seals[0].place, 0.98, source=Source.OCR)
    signed = replace(document, blocks=(*letter.blocks, date))
    assert [slot.seals for slot in find_slots(signed, LETTER) if slot.id == "county_reply"] == [(0,)]
