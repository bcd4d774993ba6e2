"""The faces pages are drawn in: those of Debian, which the simulator does not use."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from PIL import ImageFont

_FOLDERS = (Path("/usr/share/fonts"), Path.home() / ".local/share/fonts", Path.home() / ".fonts")
_SONG = ("gbsn00lp.ttf", "uming.ttc")
_KAI = ("gkai00mp.ttf", "ukai.ttc")
_HEI = ("wqy-zenhei.ttc", "wqy-microhei.ttc")
_HINT = (
    "the pages are drawn in fonts of Debian that are not installed: apt-get install fonts-arphic-gbsn00lp"
    " fonts-arphic-gkai00mp fonts-arphic-uming fonts-arphic-ukai fonts-wqy-zenhei fonts-wqy-microhei"
)


@cache
def files(style: str) -> tuple[Path, ...]:
    """The files of a style, "song", "kai" or "hei". Ends the program with a hint where there is none."""
    names = {"song": _SONG, "kai": _KAI, "hei": _HEI}[style]
    found = {path.name: path for folder in _FOLDERS if folder.is_dir() for path in sorted(folder.rglob("*.tt[cf]"))}
    known = tuple(found[name] for name in names if name in found)
    if not known:
        sys.exit(_HINT)
    return known


@cache
def face(path: Path, pixels: int) -> ImageFont.FreeTypeFont:
    """A face at a size; in a collection the first is the Simplified one."""
    return ImageFont.truetype(str(path), pixels)
