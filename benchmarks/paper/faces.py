"""The faces letters are drawn in: Arphic, WenQuanYi, LXGW and CNS 11643, from Debian's packages.

None is in this project.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from fontTools.ttLib import TTFont
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

FILES = {
    "uming": ("uming.ttc", "fonts-arphic-uming"),
    "gbsn": ("gbsn00lp.ttf", "fonts-arphic-gbsn00lp"),
    "gkai": ("gkai00mp.ttf", "fonts-arphic-gkai00mp"),
    "zenhei": ("wqy-zenhei.ttc", "fonts-wqy-zenhei"),
    "microhei": ("wqy-microhei.ttc", "fonts-wqy-microhei"),
    "wenkai bold": ("LXGWWenKai-Bold.ttf", "fonts-lxgw-wenkai"),
    "wenkai": ("LXGWWenKai-Regular.ttf", "fonts-lxgw-wenkai"),
    "wenkai light": ("LXGWWenKai-Light.ttf", "fonts-lxgw-wenkai"),
    "cns sung": ("TW-Sung-98_1.ttf", "fonts-cns11643-sung"),
    "cns kai": ("TW-Kai-98_1.ttf", "fonts-cns11643-kai"),
}  # our name → file, package
FOLDERS = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"]
EM = 160  # pixels of a glyph's em box
MARGIN = 40  # pixels around the em box
_INKED = 60  # of 255: from here on a pixel is of the glyph's ink

Box = tuple[int, int, int, int]


class FacesMissing(RuntimeError):
    """A face is not installed. The message says which packages to install."""


@cache
def _files() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*.tt[cf]")) if folder.is_dir() else ():
            found.setdefault(path.name, path)
    missing = sorted({package for file, package in FILES.values() if file not in found})
    if missing:
        raise FacesMissing(f"papers are drawn in faces of Debian packages: apt-get install {' '.join(missing)}")
    return {face: found[file] for face, (file, _) in FILES.items()}


def require(folder: Path | None = None) -> None:
    """Raises FacesMissing where a face is neither installed nor below the folder."""
    if folder is not None:
        FOLDERS.append(folder)
        _files.cache_clear()
    _files()


@cache
def _characters(face: str) -> frozenset[int]:
    with TTFont(_files()[face], fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap())


def has(face: str, text: str) -> bool:
    """Whether the face has every character."""
    return all(ord(character) in _characters(face) for character in text)


@lru_cache(maxsize=300)
def load(face: str, pixels: int) -> ImageFont.FreeTypeFont:
    """The face at a size; of a collection the first."""
    return ImageFont.truetype(str(_files()[face]), pixels, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def glyph(face: str, character: str) -> tuple[NDArray[np.uint8], Box]:
    """The character's ink (0 to 255; EM and MARGIN around) and the box of it: left, top, right, bottom in pixels."""
    side = EM + 2 * MARGIN
    picture = Image.new("L", (side, side), 0)
    ImageDraw.Draw(picture).text((side // 2, side // 2), character, fill=255, font=load(face, EM), anchor="mm")
    ink = np.asarray(picture)
    rows, columns = np.nonzero(ink > _INKED)
    if not len(columns):
        return ink, (60, 60, 181, 181)
    return ink, (int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
