"""Did somebody sign? A typed name, or ink, behind 负责人（签字）：.

What OCR makes of handwriting is worth nothing as a name; that ink stands there is known from the pixels
(Document.handwriting). Never guessed: where a black seal covers the place, or a picture stands in it that is no seal,
the answer is UNSURE.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.document import Box, Document, Line, Place, Presence, Seal, SealColour, Source
from extractors.forms.rooms import Room
from extractors.hanzi import HAN

_WHO = (
    r"(?:法定代表人|法人代表|主要负责人|单位负责人|学会负责人|项目负责人|负责人|分管领导|领导|经办人|承诺人|"
    r"代表人|主席|理事长)"
)
_SIGN = r"(?:亲笔)?(?:签字|签名|签章|手签|签署)"
_ASKS = re.compile(
    rf"(?:{_WHO}\s*)?[(（]?\s*{_SIGN}(?:[{HAN}(（、/／]{{0,6}}\s*(?:[)）]\s*[:：;；]?|[:：;；]))?|{_WHO}\s*(?:或.{{2,8}})?[:：]"
)
STAMP_WORDS = re.compile(
    rf"{_WHO}?\s*[(（]?\s*(?:{_SIGN}|(?:加?盖)?(?:单位)?公章|盖\s*章|印\s*章|单位章)[^。；]{{0,8}}[)）]?|{_WHO}\s*[:：]"
)
_ENDS = re.compile(rf"(?:{_SIGN}|{_WHO})$")
_END = re.compile(r"[(（]|公章|盖章|单位|联系|电话|日期|\d{2,}|年|\s{4,}$")
_BARE = re.compile(r"[\s_＿\-—.。,，:：;；/\\()（）\[\]【】|“”\"'*·]")
_NAME = re.compile(rf"[{HAN}]{{2,4}}(?:[·•][{HAN}]{{1,8}})?|[A-Za-z][A-Za-z .'-]{{2,30}}")
_CLEAR = 0.9
_PLACEHOLDER = re.compile(r"[×✕某Xx]{2}|^[×✕]+$")


def signature_in(document: Document, room: Room, seals: tuple[Seal, ...]) -> tuple[Presence, Place | None]:
    """Whether somebody signed in a room, and where; UNSURE and None where nothing asks for it."""
    if not room.spec.signature:
        return Presence.UNSURE, None
    seen = [
        _behind(document, room, index, match, seals)
        for index, (text, _) in enumerate(room.texts)
        for match in _ASKS.finditer(text)
    ]
    for presence in (Presence.PRESENT, Presence.UNSURE, Presence.ABSENT):
        for found, place in seen:
            if found is presence:
                return found, place
    return Presence.UNSURE, None


def _behind(
    document: Document, room: Room, index: int, match: re.Match[str], seals: tuple[Seal, ...]
) -> tuple[Presence, Place]:
    """What stands behind the words that ask for a signature."""
    text, line = room.texts[index]
    rest = text[match.end() :]
    end = _END.search(rest)
    written = _BARE.sub("", rest[: end.start()] if end else rest)
    if not written and index + 1 < len(room.texts) and not rest.strip():
        below = room.texts[index + 1][0]
        bare = _BARE.sub("", below)
        written = bare if len(bare) <= 4 and _NAME.fullmatch(bare) and not _END.search(below) else ""
    behind = _place_behind(line, match)
    if behind is not None and any(_meets(place, line.place, behind) for place in document.handwriting):
        return Presence.PRESENT, line.place
    beside = _beside(document, line, behind, seals)
    if beside is Presence.PRESENT:
        return beside, line.place
    if line.source is Source.OCR:
        clear = _sureness(line, written) >= _CLEAR and _apart(line, text, match.end(), written, seals)
        told = Presence.PRESENT if clear else _recognised(line, behind, written, seals)
        return beside if told is Presence.ABSENT else told, line.place
    if _PLACEHOLDER.search(written):
        return Presence.ABSENT, line.place
    if written:
        return (Presence.PRESENT if _NAME.fullmatch(written) else Presence.UNSURE), line.place
    pictured = _pictured(document, room) or _pictured_behind(document, line, behind, seals)
    return (Presence.UNSURE if pictured else Presence.ABSENT), line.place


def _apart(line: Line, text: str, start: int, name: str, seals: tuple[Seal, ...]) -> bool:
    """Whether a name stands beside the words, in the same line, and no seal over it."""
    at = text.find(name, start) if _NAME.fullmatch(name) and text == line.text else -1
    box = line.part(at, at + len(name)) if at >= 0 else None
    return box is not None and not any(_meets(seal.place, line.place, box) for seal in seals)


def _beside(document: Document, line: Line, behind: Box | None, seals: tuple[Seal, ...]) -> Presence:
    """Whether a name was read as a line of its own beside the words: a pen does not keep to the printed line. UNSURE
    where it was not surely read, or a seal lies over it."""
    if behind is None or not _ENDS.search(_BARE.sub("", line.text)):
        return Presence.ABSENT
    found = Presence.ABSENT
    for other in document.iter_lines():
        box, name = other.place.box, other.text.strip()
        if other is line or box is None or box.left < behind.left - behind.height / 3:
            continue
        if not _NAME.fullmatch(name) or _END.search(name) or not _meets(other.place, line.place, behind):
            continue
        over = [seal for seal in seals if _meets(seal.place, other.place, box)]
        if other.confidence >= _CLEAR and (not over or _is_own(name, over)):
            return Presence.PRESENT
        if not set(name) <= set("".join(seal.text + seal.centre_text for seal in over)):
            found = Presence.UNSURE
    return found


def _recognised(line: Line, behind: Box | None, written: str, seals: tuple[Seal, ...]) -> Presence:
    """On a picture: what was recognised there, where no handwriting was seen. behind: where it would stand."""
    over = [seal for seal in seals if behind is None or _meets(seal.place, line.place, behind)]
    if over and _sureness(line, written) >= _CLEAR and _is_own(written, over):
        return Presence.PRESENT
    if over:
        # its ink was told from a pen's where it is coloured, but not where its characters were read into the line: then
        # nobody knows where the words end and what lies beneath
        mixed = written or line.confidence < _CLEAR or any(seal.colour is SealColour.BLACK for seal in over)
        return Presence.UNSURE if mixed else Presence.ABSENT
    if _NAME.fullmatch(written):
        return Presence.PRESENT
    return Presence.UNSURE if written else Presence.ABSENT


def _sureness(line: Line, name: str) -> float:
    """How surely a name was read in its line: printed brackets before it that were read in doubt say nothing of it."""
    at = line.text.find(name) if name else -1
    spans = zip(line.words, line.spans(), strict=True)
    own = [word.confidence for word, (start, end) in spans if at >= 0 and start < at + len(name) and end > at]
    return max(line.confidence, min(own, default=0.0))


def _is_own(written: str, seals: Sequence[Seal]) -> bool:
    """Whether a name that was read beneath seals in colour is none of what they surely say: two of its characters are
    not theirs, so that a pen, or the printer, wrote it."""
    said = "".join(seal.text + seal.centre_text for seal in seals)
    others = sum(character not in said for character in written)
    told = all(seal.colour is not SealColour.BLACK and seal.confidence >= _CLEAR for seal in seals)
    return told and _NAME.fullmatch(written) is not None and others >= 2


def _place_behind(line: Line, match: re.Match[str]) -> Box | None:
    """From where the words end to a third of the page on, a line's height above and below."""
    # a signature may have been read into one word with the colon (:F)
    end = match.start() + len(match[0].rstrip(":：;； "))
    words = line.part(match.start(), end) if match.string == line.text else line.place.box
    if words is None:
        return None
    right = min(1.0, words.right + 0.33)
    return Box(words.right, words.top - words.height, right, words.bottom + words.height)


def _meets(place: Place, line: Place, box: Box) -> bool:
    other = place.box
    # a page's text layer tells the cell too, its picture does not
    if other is None or place.page != line.page or (place.page is None and place.path != line.path):
        return False
    return other.meets(box)


def _pictured(document: Document, room: Room) -> bool:
    """A picture that is no seal stands in the room: it may be somebody's signature."""
    stamped = {seal.place.path for seal in document.seals}
    return any(
        picture.place.path not in stamped and any(picture.place.path.startswith(f"{path} / ") for path in room.paths)
        for picture in document.pictures
    )


def _pictured_behind(document: Document, line: Line, behind: Box | None, seals: tuple[Seal, ...]) -> bool:
    """As `_pictured`, of a printed page, whose pictures are told by where they stand: behind the words or pasted over
    their end. A seal has one, too."""
    stamped = [seal.place.box for seal in seals if seal.place.page == line.place.page and seal.place.box is not None]
    if behind is None or line.place.box is None:
        return False
    ground = replace(behind, left=min(behind.left, line.place.box.left))
    return any(
        ground.holds_middle_of(box)
        and not any(seal.holds_middle_of(box) and box.holds_middle_of(seal) for seal in stamped)
        for picture in document.pictures
        if picture.place.page == line.place.page and (box := picture.place.box) is not None
    )
