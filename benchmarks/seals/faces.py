"""The faces seals and print are drawn in: Arphic, WenQuanYi and LXGW, from Debian's packages; none is in this project.

The simulator draws in Noto and Source Han, so no face is common to both.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

SONG = "uming.ttc"
OLD_SONG = "gbsn00lp.ttf"
KAI = "gkai00mp.ttf"
HEI = "wqy-zenhei.ttc"
PEN = "LXGWWenKai-Bold.ttf"
PACKAGES = {
    SONG: "fonts-arphic-uming",
    OLD_SONG: "fonts-arphic-gbsn00lp",
    KAI: "fonts-arphic-gkai00mp",
    HEI: "fonts-wqy-zenhei",
    PEN: "fonts-lxgw-wenkai",
}
FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
EM = 160  # pixels of a glyph's em box before it is set


class FacesMissing(RuntimeError):
    """A face is not installed. The message says which packages to install."""


@cache
def _files() -> dict[str, Path]:
    found = {path.name: path for folder in FOLDERS if folder.is_dir() for path in folder.rglob("*.tt[cf]")}
    missing = [package for file, package in PACKAGES.items() if file not in found]
    if missing:
        raise FacesMissing(f"seals are drawn in faces of Debian packages: apt-get install {' '.join(missing)}")
    return found


def require() -> None:
    """Raises FacesMissing where a face is not installed."""
    _files()


@cache
def load(file: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_files()[file]), size, layout_engine=ImageFont.Layout.BASIC)


@dataclass(frozen=True, slots=True)
class Cut:
    """How an engraver cuts letters. stroke: added to each side of a stroke, in ems (0 to 0.05)."""

    file: str
    stroke: float


@lru_cache(maxsize=4096)
def glyph(character: str, cut: Cut) -> NDArray[np.uint8]:
    """The character's ink within its box, 0 to 255: EM high for Hanzi, cap-high for others, as wide as its ink."""
    font = load(cut.file, EM)
    picture = Image.new("L", (2 * EM, 2 * EM), 0)
    stroke = round(cut.stroke * EM)
    ImageDraw.Draw(picture).text((EM, EM), character, 255, font=font, anchor="mm", stroke_width=stroke)
    ink = np.asarray(picture)
    points = cv2.findNonZero(ink)
    if points is None:
        return np.zeros((EM, EM // 2), np.uint8)
    x, y, wide, high = cv2.boundingRect(points)
    if ord(character) < 0x2E80:
        return np.ascontiguousarray(ink[y : y + high, x : x + wide])
    # 一 stays flat: never less than the em box's usual part.
    least = round(0.8 * EM)
    if high < least:
        y, high = EM - least // 2, least
    if wide < least:
        x, wide = EM - least // 2, least
    return np.ascontiguousarray(ink[y : y + high, x : x + wide])
