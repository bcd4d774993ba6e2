"""Automatic list numbers: the 一、 and （一） and 1. that Word computes and does not store in the text.

PlfLst (2.9.200) has the lists, each with up to nine levels (LVL, 2.9.150): a number format, where to start, and a
template such as "第\\0章" in which the characters 0 to 8 stand for the number of that level. PlfLfo (2.9.199) has the
list overrides; a paragraph names one (ilfo) and its level (ilvl). Paragraphs of all overrides of one list count
together, except that an override may start anew.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

from extractors.errors import Damaged
from extractors.readers import symbols
from extractors.readers.msdoc import numerals, sprm
from extractors.readers.msdoc.binary import i32, take, u8, u16, u32, xst

_LSTF = 28
_LFO = 16
LEVELS = 9
_MOST_TEMPLATE = 255  # characters; Word allows 31
_MOST_LISTS = 4096  # Word allows 2,047 overrides


@dataclass(frozen=True, slots=True)
class Level:
    """An LVL: first number, format (nfc), template, what follows (0 tab, 1 space, 2 nothing), legal (all levels in
    Arabic digits), the level after which counting restarts (-1 none, i.e. never), and the font of its characters."""

    start: int
    nfc: int
    template: str
    follow: int
    legal: bool
    restart_after: int
    font: int | None


@dataclass(frozen=True, slots=True)
class Override:
    """An LFO: whose list it is, levels that it replaces, and first numbers that it sets, by level."""

    lsid: int
    levels: dict[int, Level]
    starts: dict[int, int]


@dataclass(frozen=True, slots=True)
class Lists:
    """lists: the levels of each list by lsid. overrides: by ilfo - 1."""

    lists: dict[int, tuple[Level, ...]] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()


def read(plf_lst: bytes, levels: bytes, plf_lfo: bytes) -> Lists:
    """The lists. `levels` is what follows PlfLst in the table stream: the LVLs lie there, outside of its size.

    A structure cut short ends the reading of its table; the lists before it are good.
    """
    lists: dict[int, tuple[Level, ...]] = {}
    overrides: list[Override] = []
    with suppress(Damaged):
        _read_lists(plf_lst, levels, lists)
    with suppress(Damaged):
        _read_overrides(plf_lfo, overrides)
    return Lists(lists, tuple(overrides))


def _read_lists(plf_lst: bytes, levels: bytes, lists: dict[int, tuple[Level, ...]]) -> None:
    if not plf_lst:
        return
    at = 0
    for index in range(min(u16(plf_lst, 0, "PlfLst.cLst"), _MOST_LISTS)):
        lstf = take(plf_lst, 2 + index * _LSTF, _LSTF, "LSTF")
        simple = bool(lstf[26] & 1)
        found: list[Level] = []
        for ilvl in range(1 if simple else LEVELS):
            level, at = _level(levels, at, ilvl)
            found.append(level)
        lists[i32(lstf, 0, "LSTF.lsid")] = tuple(found)


def _read_overrides(plf_lfo: bytes, overrides: list[Override]) -> None:
    if not plf_lfo:
        return
    count = min(u32(plf_lfo, 0, "PlfLfo.lfoMac"), _MOST_LISTS)
    lfos = [take(plf_lfo, 4 + index * _LFO, _LFO, "LFO") for index in range(count)]
    at = 4 + count * _LFO
    # The overrides themselves first, so that a cut in what follows costs only the replaced levels.
    overrides.extend(Override(i32(lfo, 0, "LFO.lsid"), {}, {}) for lfo in lfos)
    for lfo, override in zip(lfos, overrides, strict=True):
        at += 4  # LFOData.cp
        for _ in range(min(lfo[12], LEVELS)):
            start, flags = i32(plf_lfo, at, "LFOLVL"), u32(plf_lfo, at + 4, "LFOLVL")
            at += 8
            ilvl = min(flags & 0xF, LEVELS - 1)
            if flags & 0x20:
                override.levels[ilvl], at = _level(plf_lfo, at, ilvl)
                start = override.levels[ilvl].start
            if flags & 0x10:
                override.starts[ilvl] = start


def _level(data: bytes, at: int, ilvl: int) -> tuple[Level, int]:
    """2.9.150 LVL: an LVLF, two grpprls and the template."""
    lvlf = take(data, at, 28, "LVLF")
    chpx_size, papx_size = lvlf[24], lvlf[25]
    at += 28 + papx_size
    chpx = take(data, at, chpx_size, "LVL.grpprlChpx")
    template, at = xst(data, at + chpx_size, "LVL.xst")
    flags = u8(lvlf, 5, "LVLF")
    restart_after = ilvl
    if flags & 0x08:  # fNoRestart: ilvlRestartLim says which levels restart it
        restart_after = min(lvlf[26], ilvl)
    level = Level(
        start=i32(lvlf, 0, "LVLF.iStartAt"),
        nfc=lvlf[4],
        template=template[:_MOST_TEMPLATE],
        follow=lvlf[15],
        legal=bool(flags & 0x04),
        restart_after=restart_after,
        font=_font(chpx),
    )
    return level, at


def _font(chpx: bytes) -> int | None:
    font = None
    for code, operand in sprm.iter_sprms(chpx):
        if code in (sprm.C_RG_FTC0, sprm.C_RG_FTC2):
            font = int.from_bytes(operand, "little")
    return font


class Counters:
    """Counts the paragraphs of every list in the order in which they are shown to it."""

    def __init__(self, lists: Lists, fonts: tuple[str, ...]) -> None:
        self._lists = lists
        self._fonts = fonts
        self._counts: dict[int, list[int | None]] = {}
        self._begun: set[tuple[int, int]] = set()

    def label(self, ilfo: int, ilvl: int) -> str:
        """The number of the next paragraph of an override and level, as written before it; "" for none.

        A bullet says nothing and gives "", unless it is a box to be ticked.
        """
        if not 1 <= ilfo <= len(self._lists.overrides):
            return ""
        override = self._lists.overrides[ilfo - 1]
        level = self._level(override, ilvl)
        if level is None:
            return ""
        counts = self._counts.setdefault(override.lsid, [None] * LEVELS)
        self._count(counts, override, ilfo, ilvl, level)
        if level.nfc == numerals.BULLET:
            return self._bullet(level)
        return "".join(self._part(sign, counts, override, level) for sign in level.template).strip()

    def _level(self, override: Override, ilvl: int) -> Level | None:
        levels = self._lists.lists.get(override.lsid, ())
        return override.levels.get(ilvl) or (levels[ilvl] if ilvl < len(levels) else None)

    def _count(self, counts: list[int | None], override: Override, ilfo: int, ilvl: int, level: Level) -> None:
        count = counts[ilvl]
        if ilvl in override.starts and (ilfo, ilvl) not in self._begun:
            count = override.starts[ilvl]
        elif count is None:
            count = level.start
        else:
            count += 1
        self._begun.add((ilfo, ilvl))
        counts[ilvl] = count
        for lower in range(ilvl + 1, LEVELS):
            below = self._level(override, lower)
            if below is None or ilvl < below.restart_after:
                counts[lower] = None

    def _part(self, sign: str, counts: list[int | None], override: Override, level: Level) -> str:
        """A character of the template: itself, or the number of the level that it stands for."""
        if ord(sign) >= LEVELS:
            return sign
        named = self._level(override, ord(sign))
        if named is None:
            return ""
        count = counts[ord(sign)]
        return numerals.text(named.start if count is None else count, 0 if level.legal else named.nfc)

    def _bullet(self, level: Level) -> str:
        font = self._fonts[level.font] if level.font is not None and level.font < len(self._fonts) else ""
        sign = level.template[:1]
        if not sign or ord(sign) < 0x20:
            return ""
        shown = symbols.glyph(font, ord(sign))
        return shown if shown in symbols.BOXES else ""
