"""What others make of the same seals: crops by the truth's box, so that nobody has to find them.

Each peer's Hanzi are joined in the order it tells them; a seal counts as exact where they are its name, with or without
its centre line.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytesseract
from numpy.typing import NDArray
from rapidocr import RapidOCR

from benchmarks.scoring import ned
from benchmarks.seals.pages import Sheet, Truth
from benchmarks.seals.score import box_of, hanzi

Picture = NDArray[np.uint8]


class Peers:
    """Three ways to read a round or oval seal. RapidOCR as installed: its default models and settings."""

    def __init__(self) -> None:
        self._rapid = RapidOCR(params={"Global.log_level": "error"})
        self.ways: dict[str, Callable[[Picture], str]] = {
            "rapidocr on the crop": self._read,
            "rapidocr on the unwrapped ring": lambda crop: self._read(unwrapped(crop)),
            "warpPolar + Tesseract": lambda crop: _tesseract(unwrapped(crop)),
        }

    def _read(self, picture: Picture) -> str:
        answer = self._rapid(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        return "".join(answer.txts or ())


def _tesseract(picture: Picture) -> str:
    return str(pytesseract.image_to_string(picture, lang="chi_sim", config="--psm 6"))


def crop(sheet: Sheet, truth: Truth) -> Picture:
    """The seal's box with a margin of a twentieth, RGB."""
    height, width = sheet.picture.shape[:2]
    box = box_of(truth, sheet)
    margin = 0.05 * max(box.width * width, box.height * height)
    y0, y1 = max(0, int(box.top * height - margin)), min(height, int(box.bottom * height + margin) + 1)
    x0, x1 = max(0, int(box.left * width - margin)), min(width, int(box.right * width + margin) + 1)
    part = sheet.picture[y0:y1, x0:x1]
    return np.ascontiguousarray(part if part.ndim == 3 else cv2.cvtColor(part, cv2.COLOR_GRAY2RGB))


def unwrapped(picture: Picture) -> Picture:
    """The outer half of the ring as a strip that begins at the bottom, as the usual recipe has it."""
    side = max(picture.shape[:2])
    square = cv2.resize(picture, (side, side), interpolation=cv2.INTER_CUBIC)
    around = round(np.pi * side)
    polar = cv2.warpPolar(square, (side // 2, around), (side / 2, side / 2), side / 2, cv2.WARP_POLAR_LINEAR)
    strip = cv2.rotate(polar, cv2.ROTATE_90_COUNTERCLOCKWISE)  # columns clockwise from 3 o'clock, outside on top
    strip = np.roll(strip, -around // 4, axis=1)  # from 6 o'clock
    return np.ascontiguousarray(strip[: side // 4])


def judge(read: str, truth: Truth) -> tuple[bool, float]:
    """Whether the name is exact, and 1-NED."""
    text = hanzi(read)
    wanted = (truth.engraved.text, truth.engraved.text + truth.engraved.centre)
    return text in wanted, max(ned(text, each) for each in wanted)
