"""The faces training seals are cut in. All are free, from Debian's packages; none is in this project.

| face | package | licence |
|---|---|---|
| Fandol Song, Fang, Kai, Hei | texlive-lang-chinese | GPL 3 with the font exception |
| Noto Serif and Sans CJK | fonts-noto-cjk, fonts-noto-cjk-extra | SIL Open Font License 1.1 |
| HanaMin A | fonts-hanazono | SIL Open Font License 1.1 |
| WenQuanYi Micro Hei (development only) | fonts-wqy-microhei | Apache 2.0, or GPL 3 with the font exception |
| TW-Sung, TW-Kai (development only) | fonts-cns11643-sung, -kai | Open Government Data License of Taiwan 1.0 |

benchmarks/seals measures in other faces, which are not to be added here. There are more engravers than free faces, so
each seal has a face that is bent, slanted and thickened in a way of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from random import Random

import cv2
import numpy as np
from fontTools.ttLib import TTFont
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

EM = 96  # pixels of a glyph's em box before it is set
_SIDE = EM + EM // 2  # of the picture that it is drawn on
_JAPAN, _MAINLAND, _TAIWAN = 0, 2, 3  # of Noto's collections, the faces that have the forms of
FOLDERS = (Path("/usr/share/fonts"), Path("/usr/share/texlive"))


@dataclass(frozen=True, slots=True)
class Face:
    """file: its name. share: how often it is drawn. stroke: most that is added to a stroke's sides, in ems.

    index: of the face in the file.
    """

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
    Face("NotoSerifCJK-ExtraLight.ttc", _EXTRA, 1, 0.045, _MAINLAND),
    Face("NotoSerifCJK-Light.ttc", _EXTRA, 1.5, 0.045, _MAINLAND),
    Face("NotoSerifCJK-Regular.ttc", _NOTO, 2, 0.035, _MAINLAND),
    Face("NotoSerifCJK-Regular.ttc", _NOTO, 0.7, 0.035, _JAPAN),
    Face("NotoSerifCJK-Medium.ttc", _EXTRA, 1, 0.03, _TAIWAN),
    Face("NotoSerifCJK-SemiBold.ttc", _EXTRA, 1.5, 0.02, _MAINLAND),
    Face("NotoSerifCJK-Black.ttc", _EXTRA, 0.8, 0.0, _MAINLAND),
    Face("NotoSansCJK-DemiLight.ttc", _EXTRA, 0.7, 0.035, _TAIWAN),
    Face("NotoSansCJK-Regular.ttc", _NOTO, 1.2, 0.03, _MAINLAND),
    Face("NotoSansCJK-Bold.ttc", _NOTO, 1, 0.01, _MAINLAND),
    Face("HanaMinA.ttf", "fonts-hanazono", 2, 0.045),
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
    broad: tuple[int, int] = (0, 0)  # added to strokes that go down, and to those that go across, pixels
    slant: float = 0.0  # pixels to the right at one pixel further up
    bend: tuple[float, ...] = ()  # pixels: of x over x, y over y, x over y, y over x, a bow and a wave each


def cut_by_lot(lot: Random, face: Face, path: Path) -> Cut:
    """A way to cut that is this seal's own."""
    much = round(face.stroke * EM)
    stroke = lot.randint(0, much)
    broad = (0, 0) if lot.random() < 0.4 else (lot.randint(0, much - stroke), lot.randint(0, much - stroke))
    if lot.random() < 0.25:
        return Cut(path, face.index, stroke, lot.random() < 0.7, broad)
    bend = tuple(lot.gauss(0, part * EM) for part in (0.035, 0.02, 0.03, 0.015, 0.015, 0.01, 0.02, 0.012))
    return Cut(path, face.index, stroke, lot.random() < 0.7, broad, lot.gauss(0, 0.035), bend)


@cache
def _load(path: Path, index: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), EM, index=index, layout_engine=ImageFont.Layout.BASIC)


def characters(path: Path, index: int) -> set[str]:
    """Those that the face has."""
    with TTFont(path, fontNumber=index, lazy=True) as font:
        return {chr(code) for code in font.getBestCmap()}


@lru_cache(maxsize=8000)
def _drawn(character: str, path: Path, index: int) -> NDArray[np.uint8]:
    picture = Image.new("L", (_SIDE, _SIDE), 0)
    ImageDraw.Draw(picture).text((_SIDE // 2, _SIDE // 2), character, 255, font=_load(path, index), anchor="mm")
    return np.asarray(picture)


@lru_cache(maxsize=64)
def _bent(slant: float, bend: tuple[float, ...]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where each pixel of a letter comes from."""
    ys, xs = np.mgrid[0:_SIDE, 0:_SIDE].astype(np.float32)
    u, v = (np.pi * (axis / _SIDE - 0.5) for axis in (xs, ys))
    shapes = [wave for along in (u, v, v, u) for wave in (np.cos(along), np.sin(2 * along))]
    waves = [size * shape for size, shape in zip(bend, shapes, strict=True)]
    xs += slant * (ys - _SIDE / 2) + waves[0] + waves[1] + waves[4] + waves[5]
    ys += waves[2] + waves[3] + waves[6] + waves[7]
    return xs.astype(np.float32), ys.astype(np.float32)


@lru_cache(maxsize=512)
def glyph(character: str, cut: Cut) -> NDArray[np.uint8]:
    """The character's ink, 0 to 255: its em box, or where it is filled the box of its ink."""
    ink = _drawn(character, cut.path, cut.index)
    if cut.stroke:
        side = 2 * cut.stroke + 1
        ink = cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    if any(cut.broad):
        ink = cv2.dilate(ink, np.ones((cut.broad[1] + 1, cut.broad[0] + 1), np.uint8))
    if cut.bend:
        ink = cv2.remap(ink, *_bent(cut.slant, cut.bend), cv2.INTER_LINEAR)
    points = cv2.findNonZero((ink > 60).astype(np.uint8))
    if points is None:
        return np.zeros((EM, EM), np.uint8)
    x, y, wide, high = cv2.boundingRect(points)
    if character.isascii():
        return np.ascontiguousarray(ink[y : y + high, x : x + wide])
    least = round(0.62 * EM)  # 一 and 卜 keep the em box's other side
    edge = (_SIDE - EM) // 2
    if not cut.filled or high < least:
        y, high = edge, EM
    if not cut.filled or wide < least:
        x, wide = edge, EM
    return np.ascontiguousarray(ink[y : y + high, x : x + wide])
