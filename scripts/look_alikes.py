"""Make extractors/values/data/look-alikes.txt: characters of names that a worn or blurred print makes look the same.

    python scripts/look_alikes.py > extractors/values/data/look-alikes.txt

Every character that stands in the gazetteer or in the names of societies is drawn in Noto Sans CJK, blurred, and
compared with every other. Two are alike where the pictures' correlation, at the best shift of a pixel, is high. What a
person knows to be confused besides stands in KNOWN.
"""

from __future__ import annotations

import re
import sys
from itertools import product
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from clients.simulator.fonts import HEI, load  # noqa: E402

SIZE = 32  # pixels of a character
BLUR = 1.0  # pixels: strokes closer than this run together
WIDE = 4.0  # pixels: how dense a part of a character is says little, so what is wider than this is taken out
ALIKE = 0.72  # correlation from which two are alike

HEADER = """\
# Characters of names that a worn or blurred print makes look the same: each line a character and those like it.
# Made by scripts/look_alikes.py from glyphs of Noto Sans CJK (SIL OFL), with pairs known from reading."""

KNOWN = (
    "未末", "己已巳", "日曰目", "土士", "人入八", "千干于", "大太犬", "木术本", "天夫", "田由甲申", "刀力", "儿几",
    "白自", "午牛", "王玉主", "市布", "县具且", "氏民", "兔免", "师帅", "侯候", "戊戌戍", "折拆析", "沂泝", "沅沉",
    "源原", "技枝", "协办", "学宇字", "科料", "会合", "汨汩", "滕藤", "阳陌", "陵凌棱", "洲州", "拔拨", "茶荼",
    "柏栢", "晴睛", "渔鱼", "植值", "楼搂", "桂佳", "奉泰", "农衣", "林材", "化比", "地他", "物吻", "气乞", "广厂",
    "延廷", "隆降", "永水", "汝妆", "徽微", "宁字", "密蜜", "县昙", "昌吕", "兽善",
)  # fmt: skip


def main() -> None:
    characters = sorted(_characters() | set("".join(KNOWN)))
    pictures = np.stack([_picture(character) for character in characters])
    alike: dict[str, set[str]] = {character: set() for character in characters}
    likeness = _likeness(pictures)
    for row, column in zip(*np.nonzero(likeness >= ALIKE), strict=True):
        if row != column:
            alike[characters[row]].add(characters[column])
    for group in KNOWN:
        for character in group:
            alike[character] |= set(group) - {character}
    print(HEADER)
    for character, others in sorted(alike.items()):
        if others:
            print(character + "".join(sorted(others)))


def _characters() -> set[str]:
    data = ROOT / "extractors/values/data"
    files = [data / "divisions.tsv", data / "national-societies.yaml"]
    text = "".join(
        line for file in files for line in file.read_text("utf-8").splitlines() if not line.lstrip().startswith("#")
    )
    return set(re.findall("[一-鿿]", text))


def _picture(character: str) -> np.ndarray:
    """The character, blurred, with mean 0 and length 1."""
    image = Image.new("L", (SIZE + 8, SIZE + 8), 0)
    ImageDraw.Draw(image).text((4, 0), character, 255, font=load(HEI, SIZE))
    fine, wide = (np.asarray(image.filter(ImageFilter.GaussianBlur(blur)), dtype=np.float32) for blur in (BLUR, WIDE))
    picture = fine - wide
    picture -= picture.mean()
    return picture / max(float(np.linalg.norm(picture)), 1e-6)


def _likeness(pictures: np.ndarray) -> np.ndarray:
    """The greatest correlation of each two pictures over shifts of one pixel."""
    flat = pictures.reshape(len(pictures), -1)
    best = np.full((len(flat), len(flat)), -1.0, dtype=np.float32)
    for shift in product((-1, 0, 1), repeat=2):
        moved = np.roll(pictures, shift, axis=(1, 2)).reshape(len(pictures), -1)
        best = np.maximum(best, flat @ moved.T)
    return np.maximum(best, best.T)


if __name__ == "__main__":
    main()
