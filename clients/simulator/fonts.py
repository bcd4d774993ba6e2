"""The faces letters are drawn in: Noto and Source Han (SIL Open Font License), from the wheel `mplfonts`.

The wheel is only a carrier: it is located, never imported. Each typeface has one weight, so variety is made: strokes
are thickened, glyphs are narrowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageFont

SONG = "NotoSerifCJKsc-Regular.otf"
HEI = "NotoSansCJKsc-Regular.otf"
MONO = "NotoSansMonoCJKsc-Regular.otf"


class FontsMissing(RuntimeError):
    """The wheel `mplfonts` is not installed. The message says what to install."""


@dataclass(frozen=True, slots=True)
class Face:
    """A typeface as it is used. weight: extra stroke in parts of the size (0 to 0.05). width: 0.8 to 1.1 of normal."""

    file: str
    weight: float = 0.0
    width: float = 1.0


@cache
def _folder() -> Path:
    spec = find_spec("mplfonts")
    if spec is None or spec.origin is None:
        raise FontsMissing("letters are drawn with fonts of the package mplfonts: pip install 'heyan[simulator]'")
    return Path(spec.origin).parent / "fonts"


@cache
def load(file: str, size: int) -> ImageFont.FreeTypeFont:
    """A typeface at a size in pixels. Raises FontsMissing."""
    return ImageFont.truetype(str(_folder() / file), size, layout_engine=ImageFont.Layout.BASIC)


@cache
def advance(file: str, character: str) -> float:
    """How wide a character is set, in ems."""
    return load(file, 100).getlength(character) / 100
