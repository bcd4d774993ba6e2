"""Slots: where a paper asks for an opinion, a signature, a date and a seal, and what stands there.

    ┌──────────────┬───────────────────────────────────────┐
    │ 申报单位意见 │ 同意申报。                            │   a box: a cell beside or below its label, or with the
    │              │        负责人（签字）：      （公章） │   label in it; without a table, the lines from the label
    │              │                  2021年8月25日        │   to the date
    └──────────────┴───────────────────────────────────────┘

1. Every slot of the form is given its room (rooms.py): its lines, and the area or the paths that it covers.
2. A seal belongs to the room that holds its centre, or most of it; of several, to the one it lies deepest in. A seal in
   no room stays out of all slots, and so do the parts of one over the rims of several pages (骑缝章). In flowing
   formats the path of the cell decides.
3. Signature, date and opinion are read from the room's lines (signature.py says whether somebody signed).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from extractors.document import UNREAD, Document, Place, Seal, Slot
from extractors.forms.edition import hints_of
from extractors.forms.rooms import Area, Room, find_rooms
from extractors.forms.signature import STAMP_WORDS, signature_in
from extractors.forms.spec import FormSpec, SlotFinder
from extractors.forms.understand import clean_text, is_blank
from extractors.hanzi import HAN
from extractors.values.characters import fold, squeeze
from extractors.values.dates import find_dates
from extractors.values.organisations import is_organisation

_BLANK_DATE = re.compile(r"(?:[12]\d{0,3})?[\s_×xX]*年[\s_×xX]*月[\s_×xX]*日")
_PART = rf"[\d〇零一二三四五六七八九十\s{UNREAD}]*"
_UNREAD_DATE = re.compile(rf"(?=[^{UNREAD}]{{0,12}}{UNREAD}){_PART}年{_PART}月{_PART}日")
_LABEL = re.compile(
    rf"(?:^|\s{{2,}})[{HAN}]{{2,8}}(?:[:：]\s*$|$(?<=单位)|$(?<=日期))"
)  # one that nothing stands behind
_LETTER = re.compile(r"[^\W\d_]")
_END = 3  # characters of a date that stand below
_LONGEST = 2000  # characters of an opinion
_PART_OF_SEAL = 0.75  # visible part below which one over the rims of several pages is no more than a part


def find_slots(document: Document, form: FormSpec) -> tuple[Slot, ...]:
    """The slots of `form` that are in the document, in the form's order; of several rooms of one slot the fullest."""
    if not form.slots:
        return ()
    rooms = find_rooms(document, form)
    held = _held(document.seals, rooms)
    hints = hints_of(form.editions)
    found: list[Slot] = []
    for spec in form.slots:
        slots = [_slot(document, room, held[index], hints) for index, room in enumerate(rooms) if room.spec == spec]
        if slots:
            found.append(max(slots, key=_fullness))
    return tuple(found)


def _fullness(slot: Slot) -> tuple[int, bool, bool, float]:
    return len(slot.seals), bool(slot.date), bool(slot.opinion), slot.confidence


def _slot(document: Document, room: Room, seals: tuple[int, ...], hints: frozenset[str]) -> Slot:
    signature, signature_place = signature_in(document, room, tuple(document.seals[index] for index in seals))
    date, raw = _dated(room)
    return Slot(
        id=room.spec.id,
        place=room.place,
        opinion=_opinion(room, hints) if room.spec.finder in (SlotFinder.BOX, SlotFinder.REPLY) else "",
        signature=signature,
        signature_place=signature_place,
        date=date,
        date_raw=raw,
        seals=seals,
        confidence=round(room.confidence, 4),
    )


# ------------------------------------------------------------------------------------------------- seals


def _held(seals: Sequence[Seal], rooms: Sequence[Room]) -> list[tuple[int, ...]]:
    """For each room the indices of its seals."""
    found: list[list[int]] = [[] for _ in rooms]
    for index, seal in enumerate(seals):
        if seal.across and seal.visible < _PART_OF_SEAL:
            continue
        depths = [(_depth(seal.place, room), -number) for number, room in enumerate(rooms)]
        deepest, number = max(depths, default=(0.0, 0))
        if deepest > 0:
            found[-number].append(index)
        elif (only := _only(seal.place, rooms)) is not None:
            found[only].append(index)
    return [tuple(indices) for indices in found]


def _depth(place: Place, room: Room) -> float:
    """How much a seal lies in a room: 0.0 not at all; more than 1 where its centre does, most near the date."""
    if any(_inside(place.path, path) for path in room.paths) or room.holds_paragraph(place.path):
        return 2.0
    if place.page is None and _fills(place) and any(area.path == place.path for area in room.areas):
        return 2.0  # a picture of a seal alone, among the room's lines, of which the code's digits were read
    return max((_depth_in(place, area) for area in room.areas), default=0.0)


def _fills(place: Place) -> bool:
    """The seal is all that its picture shows."""
    return place.box is not None and place.box.width * place.box.height > 0.5


def _inside(path: str, outer: str) -> bool:
    return bool(outer) and (path == outer or path.startswith(f"{outer} / "))


def _depth_in(place: Place, area: Area) -> float:
    box = place.box
    if box is None or place.page != area.page or place.path != area.path or box.width <= 0 or box.height <= 0:
        return 0.0
    outer = area.box
    share = box.shared(outer) / box.area
    if outer.holds_middle_of(box):
        # of two slots that reach over each other the seal belongs to the one whose date is nearer
        return 2.0 + share - min(1.0, abs((box.top + box.bottom) / 2 - area.anchor))
    return share if share > 0.5 else 0.0


def _only(place: Place, rooms: Sequence[Room]) -> int | None:
    """In flowing text a picture outside tables has no place of its own: it belongs to the one slot outside tables."""
    if place.page is not None or "table " in place.path or place.path.startswith("paragraph "):
        return None
    flowing = [index for index, room in enumerate(rooms) if room.flowing]
    return flowing[0] if len(flowing) == 1 else None


# ---------------------------------------------------------------------------------------- date and opinion


def _dated(room: Room) -> tuple[str, str]:
    """The slot's date and its words; "" and the form as it stands where it is not filled in, or was not read."""
    texts = [text for text, _ in room.texts]
    for text, below in reversed(list(pairwise([*texts, ""]))):
        if len(squeeze(below)) <= _END:  # a narrow cell broke it: 2021年8月29 / 日
            text = text.rstrip() + squeeze(below)
        dates = find_dates(text)
        if dates:
            last = dates[-1]
            return last.value, fold(text)[last.start : last.end]
        if blank := _BLANK_DATE.search(fold(text)) or _UNREAD_DATE.search(fold(text)):
            return "", blank[0].strip()
    return "", ""


def _opinion(room: Room, hints: frozenset[str]) -> str:
    """What is written besides the words that ask for signature, seal and date, and what the blank form prints."""
    kept = []
    for text, _ in room.texts:
        words = _LABEL.sub("", _UNREAD_DATE.sub("", _BLANK_DATE.sub("", STAMP_WORDS.split(text, maxsplit=1)[0])))
        bare = squeeze(words)
        if not _LETTER.search(bare):  # figures alone are a seal's code
            continue
        if bare in hints or is_blank(words) or _only_a_date(words) or is_organisation(words):
            continue
        kept.append(clean_text(words))
    return "\n".join(part for part in kept if part)[:_LONGEST]


def _only_a_date(text: str) -> bool:
    dates = find_dates(text)
    return len(dates) == 1 and len(squeeze(text)) - len(squeeze(fold(text)[dates[0].start : dates[0].end])) <= 6
