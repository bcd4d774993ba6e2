"""The faces training seals are cut in. All are free, from Debian's packages; none is in this project.

| face | package | licence |
|---|---|---|
| Fandol Song, Fang, Kai, Hei | texlive-lang-chinese | GPL 3 with the font exception |
| Noto Serif CJK SC, Noto Sans CJK SC | fonts-noto-cjk, fonts-noto-cjk-extra | SIL Open Font License 1.1 |
| WenQuanYi Micro Hei (development only) | fonts-wqy-microhei | Apache 2.0, or GPL 3 with the font exception |
| TW-Sung, TW-Kai (development only) | fonts-cns11643-sung, -kai | Open Government Data License of Taiwan 1.0 |

benchmarks/seals measures in other faces, which are not to be added here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import cv2
import numpy as np
from fontTools.ttLib import TTFont
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

EM = 96  # pixels of a glyph's em box before it is set
_SIMPLIFIED = 2  # the face of Noto's collections that has the forms of the mainland
FOLDERS = (Path("/usr/share/fonts"), Path("/usr/share/texlive"))


@dataclass(frozen=True, slots=True)
class Face:
    """file: its name. share: how often it is drawn. stroke: most that is added to a stroke's sides, in ems."""

    file: str
    package: str
    share: float
    stroke: float
    index: int = 0


_LATEX, _NOTO, _EXTRA = "texlive-lang-chinese", "fonts-noto-cjk", "fonts-noto-cjk-extra"
TRAINING = (
    Face("FandolFang-Regular.otf", _LATEX, 4, 0.045),
    Face("FandolSong-Regular.otf", _LATEX, 4, 0.04),
    Face("FandolSong-Bold.otf", _LATEX, 3, 0.025),
    Face("FandolKai-Regular.otf", _LATEX, 2, 0.035),
    Face("FandolHei-Regular.otf", _LATEX, 1.5, 0.025),
    Face("FandolHei-Bold.otf", _LATEX, 0.7, 0.01),
    Face("NotoSerifCJK-Light.ttc", _EXTRA, 1.5, 0.045, _SIMPLIFIED),
    Face("NotoSerifCJK-Regular.ttc", _NOTO, 2, 0.035, _SIMPLIFIED),
    Face("NotoSerifCJK-SemiBold.ttc", _EXTRA, 1.5, 0.02, _SIMPLIFIED),
    Face("NotoSerifCJK-Black.ttc", _EXTRA, 0.8, 0.0, _SIMPLIFIED),
    Face("NotoSansCJK-Regular.ttc", _NOTO, 1.2, 0.03, _SIMPLIFIED),
    Face("NotoSansCJK-Bold.ttc", _NOTO, 1, 0.01, _SIMPLIFIED),
)
DEVELOPMENT = (
    Face("TW-Sung-98_1.ttf", "fonts-cns11643-sung", 4, 0.035),
    Face("TW-Kai-98_1.ttf", "fonts-cns11643-kai", 1, 0.03),
    Face("wqy-microhei.ttc", "fonts-wqy-microhei", 1.5, 0.02),
)


class FacesMissing(RuntimeError):
    """A face is not installed. The message says which packages have them."""


@cache
def _files(folders: tuple[Path, ...]) -> dict[str, Path]:
    return {path.name: path for folder in folders if folder.is_dir() for path in folder.rglob("*.[ot]t[cf]")}


def require(faces: Sequence[Face], folders: tuple[Path, ...]) -> dict[Face, Path]:
    """Where the faces are. Raises FacesMissing where one is not."""
    files = _files(folders)
    missing = sorted({face.package for face in faces if face.file not in files})
    if missing:
        raise FacesMissing(f"faces are missing: apt-get install {' '.join(missing)}, or unpack them below --fonts")
    return {face: files[face.file] for face in faces}


@dataclass(frozen=True, slots=True)
class Cut:
    """How an engraver cuts letters: in which face, and how much bolder (pixels of the em box to each side)."""

    path: Path
    index: int
    stroke: int
    filled: bool  # letters are stretched to fill their boxes, as on most seals


@cache
def _load(path: Path, index: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), EM, index=index, layout_engine=ImageFont.Layout.BASIC)


def characters(path: Path, index: int) -> set[str]:
    """Those that the face has."""
    with TTFont(path, fontNumber=index, lazy=True) as font:
        return {chr(code) for code in font.getBestCmap()}


@lru_cache(maxsize=30000)
def glyph(character: str, cut: Cut) -> NDArray[np.uint8]:
    """The character's ink, 0 to 255: its em box, or where it is filled the box of its ink."""
    side = EM + EM // 2
    picture = Image.new("L", (side, side), 0)
    ImageDraw.Draw(picture).text(
        (side // 2, side // 2), character, 255, font=_load(cut.path, cut.index), anchor="mm", stroke_width=cut.stroke
    )
    ink = np.asarray(picture)
    points = cv2.findNonZero((ink > 60).astype(np.uint8))
    if points is None:
        return np.zeros((EM, EM), np.uint8)
    x, y, wide, high = cv2.boundingRect(points)
    if character.isascii():
        return np.ascontiguousarray(ink[y : y + high, x : x + wide])
    least = round(0.62 * EM)  # 一 and 卜 keep the em box's other side
    edge = (side - EM) // 2
    if not cut.filled or high < least:
        y, high = edge, EM
    if not cut.filled or wide < least:
        x, wide = edge, EM
    return np.ascontiguousarray(ink[y : y + high, x : x + wide])
