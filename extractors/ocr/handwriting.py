"""Ink of pens: behind the words that ask for a signature, and between the printed 年, 月 and 日 of a date.

What is neither printed lines, rules nor a seal was written. Only whether somebody wrote there is told, never what: a
date whose numbers the recogniser passed over (a thin 1 is a scratch to it) must not look like one left blank.

The ground of a signature that is looked at reaches from the words (签字：) to a third of the page further, to the next
word printed on the line, or to the end of the table's cell; handwriting is larger than print, so it reaches beyond the
line above and below. It costs nothing on pages that ask for no signature.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import cv2
import numpy as np

from extractors.document import UNREAD, Box, Line, Seal, SealColour, Word
from extractors.hanzi import HAN
from extractors.ocr.engine import Raster
from extractors.ocr.inks import Inks
from extractors.ocr.pieces import pieces

_ASKS = re.compile(
    rf"(?:签字|签名|手签|签署|签章)(?:[)）]\s*[:：;；]?|\s*[:：;；]|\s*$|(?=[^\s{HAN}]|.{{1,2}}$))"
    r"|(?:负责人|代表人|经办人|承诺人|主席|理事长|领导)\s*[:：]\s*$"
)  # 签字A2, 签字で, 签字从: a hand's strokes; 负责人： and nothing that was read
_PRINTED_NEXT = re.compile(r"[(（]|公章|盖章|单位|电话|日期|年")
_GAP = re.compile(r"(?:年(?=[\s/|\\丨]*(月))|月(?=[\s/|\\丨]*(日))|(?<!\d)[12]\d{0,2}(?=\s*(年)\s*\d{0,2}\s*月))")
"""What stands before a place of a date in which no number was read, or a stroke at most, and what stands behind."""

_MOST = 40  # places of a page that are looked at
_WIDTH = 0.3  # of the page's width
_SURE = 0.85  # confidence from which a recognised line is printed
_DARK = 176  # of the stretched grey: a thin or pale pen is no darker
_BREAK = 0.12  # em: gaps in a thin stroke
_BESIDE = 0.06  # em beside printed characters that are theirs
_NARROWEST = 0.15  # em: a gap in which a number can stand
_MARGIN = 0.5  # of a character: how far its ink may stand beyond its box
_PEN = 0.25  # optical density in the red channel from which ink is a pen's: that of red seals has next to none


def find_handwriting(
    inks: Inks, lines: Sequence[Line], seals: Sequence[Seal], cells: Sequence[Box] = ()
) -> tuple[Box, ...]:
    """Where somebody wrote behind words that ask for a signature, as fractions of the page. cells: of its tables."""
    height, width = inks.grey.shape
    found = []
    asked = [(line, match) for line in lines for match in _ASKS.finditer(line.text) if line.place.box is not None]
    for line, match in asked[:_MOST]:
        words = line.part(match.start(), _end_of_print(line, match))
        if words is None:
            continue
        # the box of a line that a signature was read into is higher than its print
        size = min(
            words.height, 1.2 * words.width * width / height / max(1, _end_of_print(line, match) - match.start())
        )
        home = min((cell for cell in cells if cell.holds_middle_of(words)), key=lambda cell: cell.area, default=None)
        ground = _ground(words, size, home)
        left, top = int(ground.left * width), int(ground.top * height)
        right, bottom = int(ground.right * width), int(ground.bottom * height)
        em = max(4, round(size * height))
        if right - left < em or bottom - top < em:
            continue
        printed = [_characters_of(other) for other in lines if other is not line and _is_print(other)]
        printed.append(_printed_behind(line, match.end(), size))
        ink = _ink(inks, (left, top, right, bottom), [box for box in printed if box is not None], seals)
        ink = _without_underlines(ink, em)
        strokes = _strokes(ink if home is not None else _before_a_rule(ink), em)
        if strokes is not None:
            x, y, wide, high = strokes
            found.append(
                Box((left + x) / width, (top + y) / height, (left + x + wide) / width, (top + y + high) / height)
            )
    return tuple(found)


def with_unread(lines: Sequence[Line], inks: Inks, seals: Sequence[Seal]) -> tuple[Line, ...]:
    """The lines with `UNREAD` where ink stands in a date's form in which no number was read; a blank form as it is."""
    told: list[Line] = []
    seals = [seal for seal in seals if seal.colour is not SealColour.BLACK]  # whose ink may as well be a pen's
    for line in lines:
        for match in reversed(list(_GAP.finditer(line.text))):
            gap = _between(line, match)
            if gap is not None and _written_in(gap, inks, seals):
                line = _with_sign(line, match.end(), match.start(match.lastindex or 0), gap)
        told.append(line)
    return tuple(told)


def _between(line: Line, match: re.Match[str]) -> Box | None:
    """The place between what matched and the next printed character; None where there is none."""
    after = match.span(match.lastindex or 0)
    one, two = line.part(*match.span()), line.part(*after)
    if one is None or two is None or two.left <= one.right:
        return None
    return Box(one.right, min(one.top, two.top), two.left, max(one.bottom, two.bottom))


def _written_in(gap: Box, inks: Inks, seals: Sequence[Seal]) -> bool:
    """A stroke as high as half a number, or a flat one at mid-height (一), that is no neighbour's and no rule."""
    height, width = inks.grey.shape
    em = 0.8 * gap.height * height
    side = _BESIDE * em
    left, right = round(gap.left * width + side), round(gap.right * width - side)
    middle = (gap.top + gap.bottom) / 2 * height
    top, bottom = max(0, round(middle - 0.9 * em)), min(height, round(middle + 0.9 * em))
    if right - left < _NARROWEST * em or bottom - top < 8:
        return False
    ink = _ink(inks, (left, top, right, bottom), (), seals)
    apart = max(3, round(_BREAK * em)) | 1
    ink = cast(Raster, cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((apart, apart), np.uint8)))
    _, stats = pieces(ink)
    wide, high, area = stats[1:, 2], stats[1:, 3], stats[1:, 4]
    away = np.abs(top + stats[1:, 1] + high / 2 - middle)
    upright = (high >= 0.4 * em) & (high < bottom - top)
    flat = (wide >= 0.3 * em) & (wide < right - left) & (away < 0.2 * em)
    cut = (stats[1:, 0] == 0) | (stats[1:, 0] + wide == right - left)  # a neighbour's, which reaches into the gap
    return bool(((upright | flat) & (away < 0.5 * em) & (area >= 0.01 * em * em) & ~(cut & (wide < 0.2 * em))).any())


def _with_sign(line: Line, start: int, end: int, place: Box) -> Line:
    """The line with `UNREAD` in the place of a part of its text: of blanks, strokes, or nothing."""
    before: list[Word] = []
    after: list[Word] = []
    for word, (at, _) in zip(line.words, line.spans(), strict=True):
        if at < start:
            before.append(word)
        elif at >= end:
            after.append(word)
    words = (*before, Word(UNREAD, place, 0.0), *after)
    return replace(line, text=line.text[:start] + UNREAD + line.text[end:], words=words)


def _end_of_print(line: Line, match: re.Match[str]) -> int:
    """Where the words that ask end: before the colon, where a signature was read into one word with it (:AX)."""
    glued = any(word.text[:1] in ":：" and len(word.text) > 1 for word in line.words)
    return match.start() + len(match[0].rstrip(":：;； ")) if glued else match.end()


def _ground(words: Box, size: float, cell: Box | None) -> Box:
    """Where to look: behind the words. size: of the print, as a fraction of the page. cell: where they stand."""
    middle = (words.top + words.bottom) / 2
    reach = max(1.3 * size, words.height / 2)
    end = min(1.0, words.right + _WIDTH, cell.right if cell is not None else 1.0)
    return Box(words.right, max(0.0, middle - reach), end, min(1.0, middle + reach))


def _printed_behind(line: Line, end: int, size: float) -> Box | None:
    """What is printed further on the line, （公章） or a date, in print's height: a signature may run over it."""
    after = _PRINTED_NEXT.search(line.text, end)
    box = line.part(after.start(), len(line.text)) if after is not None else None
    if box is None:
        return None
    middle = (box.top + box.bottom) / 2
    return Box(box.left, middle - 0.65 * size, box.right, middle + 0.65 * size)


def _is_print(line: Line) -> bool:
    return line.confidence >= _SURE and len(line.text) >= 2


def _characters_of(line: Line) -> Box | None:
    """From its first character to its last: the box of a line may have a signature in it, before the date."""
    box = line.place.box
    if box is None or not line.words:
        return box
    left, right = min(word.box.left for word in line.words), max(word.box.right for word in line.words)
    margin = _MARGIN * (right - left) / max(1, len(line.text))
    return Box(max(box.left, left - margin), box.top, min(box.right, right + margin), box.bottom)


def _ink(inks: Inks, pixels: tuple[int, int, int, int], printed: Sequence[Box], seals: Sequence[Seal]) -> Raster:
    """What is dark in a window (255), without what is printed and without seals. pixels: left, top, right, bottom."""
    left, top, right, bottom = pixels
    window = np.s_[top:bottom, left:right]
    # a signature in blue may have been lifted from the grey page as a stamp
    ink = ((inks.grey[window] < _DARK) | (inks.density[window][..., 0] > _PEN)).astype(np.uint8) * 255
    height, width = inks.grey.shape

    def part(box: Box) -> tuple[slice, slice]:
        return (
            slice(max(0, int(box.top * height) - top), max(0, int(box.bottom * height) + 1 - top)),
            slice(max(0, int(box.left * width) - left), max(0, int(box.right * width) + 1 - left)),
        )

    for seal in seals:
        if seal.place.box is None:
            continue
        under = part(seal.place.box)
        if seal.colour is SealColour.RED:
            ink[under] = (inks.density[window][..., 0][under] > _PEN).astype(np.uint8) * 255
        elif seal.colour is SealColour.BLACK:
            ink[under] = 0  # nobody can tell its ink from a pen's
        else:
            ink[under] = (inks.density.least(window)[under] > _PEN).astype(np.uint8) * 255
    for box in printed:
        ink[part(box)] = 0
    return ink


def _without_underlines(ink: Raster, em: int) -> Raster:
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, round(2.5 * em)), np.uint8))
    return cast(Raster, cv2.subtract(ink, cv2.dilate(across, np.ones((3, 3), np.uint8))))


def _before_a_rule(ink: Raster) -> Raster:
    """What stands right of a rule is another cell's, of a table that was not made out."""
    beside = cv2.dilate(ink, np.ones((1, 5), np.uint8))  # a rule that is a little askew
    full = np.flatnonzero((beside > 0).mean(axis=0) > 0.9)
    return ink[:, : int(full[0])] if full.size else ink


def _strokes(ink: Raster, em: int) -> tuple[int, int, int, int] | None:
    """Left, top, width and height of what is large and inky enough to be a name; None where nothing is."""
    if ink.size == 0:
        return None
    _, stats = pieces(ink)
    large = stats[1:]
    large = large[(np.maximum(large[:, 2], large[:, 3]) >= 0.3 * em) & (large[:, 4] >= 0.02 * em * em)]
    large = large[~((large[:, 2] < 0.2 * em) & (large[:, 3] > 1.4 * em))]  # what is left of a table's rule
    if large.size == 0 or large[:, 4].sum() < 0.25 * em * em:
        return None
    left, top = int(large[:, 0].min()), int(large[:, 1].min())
    wide = int((large[:, 0] + large[:, 2]).max()) - left
    high = int((large[:, 1] + large[:, 3]).max()) - top
    return (left, top, wide, high) if wide >= 0.8 * em and high >= 0.5 * em else None
