"""What the text's characters are besides letters: deleted, hidden, symbols, anchors of pictures and objects.

The properties lie by byte of the file (fkp.py); here they are brought to character positions through the pieces, and
reduced to the few that decide what is read.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.readers.msdoc import sprm
from extractors.readers.msdoc.fkp import Runs
from extractors.readers.msdoc.pieces import Text
from extractors.readers.msdoc.stsh import Styles


@dataclass(frozen=True, slots=True)
class Chp:
    """Character properties that matter here (2.6.1).

    hidden: sprmCFVanish as the run says it, None where it leaves that to the style. symbol: (ftc, character) of
    sprmCSymbol. picture: sprmCPicLocation, an offset into the stream Data (or the number of an embedded object's
    storage, where obj is set). data: the offset leads to form field data instead. font: ftc for characters that are
    neither ASCII nor East Asian; None for the style's.
    """

    deleted: bool = False
    inserted: bool = False
    hidden: bool | None = None
    spec: bool = False
    symbol: tuple[int, int] | None = None
    picture: int | None = None
    data: bool = False
    obj: bool = False
    font: int | None = None


PLAIN = Chp()
_AS_STYLE = 0x80


@dataclass(frozen=True, slots=True)
class Characters:
    """Runs of characters by CP: chps[i] holds from starts[i] to ends[i] (not included); ascending, no overlap."""

    starts: list[int]
    ends: list[int]
    chps: list[Chp]

    def at(self, cp: int) -> Chp:
        index = bisect_right(self.starts, cp) - 1
        return self.chps[index] if index >= 0 and cp < self.ends[index] else PLAIN

    def between(self, start: int, end: int) -> Iterator[tuple[int, int, Chp]]:
        """The runs that touch a range, cut to it."""
        for index in range(bisect_right(self.ends, start), bisect_left(self.starts, end)):
            yield max(start, self.starts[index]), min(end, self.ends[index]), self.chps[index]


def read(text: Text, runs: Runs, styles: Styles) -> Characters:
    """Runs of character properties by CP; those that have nothing of interest are left out."""
    found = Characters([], [], [])
    known: dict[bytes, Chp] = {}
    hiding: dict[int, bool] = {}  # by istd
    for piece in text.pieces:
        width, base = piece.width, piece.fc
        index = max(0, bisect_right(runs.starts, piece.fc) - 1)
        end = piece.fc_end
        if piece.prm and not (index < len(runs.starts) and runs.starts[index] < end):
            _append(found, piece.cp_start, piece.cp_end, _chp(piece.prm, styles, hiding))
        while index < len(runs.starts) and runs.starts[index] < end:
            grpprl = runs.properties[index] + piece.prm
            chp = known.get(grpprl)
            if chp is None:
                chp = known[grpprl] = _chp(grpprl, styles, hiding)
            if chp is not PLAIN:
                first = piece.cp_start + (max(runs.starts[index], base) - base) // width
                last = piece.cp_start + (min(runs.ends[index], end) - base) // width
                _append(found, first, last, chp)
            index += 1
    return found


def _append(found: Characters, start: int, end: int, chp: Chp) -> None:
    if start < end:
        found.starts.append(start)
        found.ends.append(end)
        found.chps.append(chp)


def _chp(grpprl: bytes, styles: Styles, hiding: dict[int, bool]) -> Chp:
    """The properties that a grpprl adds up to; PLAIN itself where there are none of interest."""
    if not grpprl:
        return PLAIN
    values: dict[str, object] = {}
    style_hides = False
    for code, operand in sprm.iter_sprms(grpprl):
        if code == sprm.C_ISTD:
            istd = int.from_bytes(operand, "little")
            if istd not in hiding:
                hiding[istd] = hides(styles.chpx(istd))
            style_hides = hiding[istd]
            values["hidden"] = style_hides or None
        elif code == sprm.C_F_VANISH and operand[0] != _AS_STYLE:
            values["hidden"] = _toggle(operand[0], style_hides)
        elif code == sprm.C_SYMBOL and len(operand) >= 4:
            values["symbol"] = (int.from_bytes(operand[:2], "little"), int.from_bytes(operand[2:4], "little"))
        elif code == sprm.C_PIC_LOCATION:
            values["picture"] = int.from_bytes(operand, "little")
        elif code in _FLAGS:
            values[_FLAGS[code]] = bool(operand[0])
        elif code in (sprm.C_RG_FTC0, sprm.C_RG_FTC2):
            values["font"] = int.from_bytes(operand, "little")
    chp = Chp(**values)  # type: ignore[arg-type]
    return PLAIN if chp == PLAIN else chp


_FLAGS = {
    sprm.C_F_RMARK_DEL: "deleted",
    sprm.C_F_RMARK_INS: "inserted",
    sprm.C_F_SPEC: "spec",
    sprm.C_F_DATA: "data",
    sprm.C_F_OBJ: "obj",
    sprm.C_F_OLE2: "obj",
}


def hides(chpx: bytes) -> bool:
    """A style's character properties hide its text."""
    hidden = False
    for code, operand in sprm.iter_sprms(chpx):
        if code == sprm.C_F_VANISH:
            hidden = _toggle(operand[0], hidden)
    return hidden


def _toggle(value: int, style: bool) -> bool:
    """2.2.5.1 ToggleOperand: 0 and 1 are plain, 0x80 is as the style has it, 0x81 its opposite."""
    return {_AS_STYLE: style, 0x81: not style}.get(value, bool(value))
