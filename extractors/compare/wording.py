"""Everything else that differs: sentences changed, dropped or added, parts that are missing, pages that are not the
Word file's.

What people add to a printed form is no difference: a seal and its words, a signature, a date in its slot, an opinion
in its box, and what a printer adds (page numbers, headers, the head of a table once more on the next page).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from extractors.compare.difference import Difference, Kind
from extractors.compare.keys import SURE
from extractors.compare.sides import Sides
from extractors.compare.stream import Piece, meant
from extractors.document import Document, Place
from extractors.values.alike import alike

DIFFERENT = 4.0
"""Characters that are surely others, above which words were changed. OCR misreads one or two of a sentence."""
DOUBTFUL = 2.5
PART = 60
"""Characters in a row that are missing, above which a part is, not a sentence."""

_APART = 2  # characters that agree between two changes of one place
_LEAST = 4  # characters that are worth a word; OCR makes shorter texts of strokes and seals
_SLOT = re.compile(r"签字|签名|签章|盖章|公章|印章|年月|月日|日期|时间|意见|编号|年$|月$")
_DATE = re.compile(r"^[\d年月日.一二三四五六七八九十〇零]{1,14}$")
_OF_SLOT = frozenset("负责人法定代表单位签字名章盖公印年月日")  # what a slot says, and what is written over
_BLANK_SLOT = "".join(sorted(_OF_SLOT))
_LEGIBLE = 0.8  # mean confidence below which a line is what OCR makes of ink and shadows
_MARGIN = 0.1  # of the page's height, above and below
_CONTEXT = 14  # characters before an addition in which a slot may be named

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Gap:
    """a[start:end] is not on the scan, and b[left:right] stands there instead; either may be empty."""

    start: int
    end: int
    left: int
    right: int


def missing_parts(sides: Sides, *, blind: bool) -> list[Difference]:
    """Stretches of at least PART characters of which next to nothing stands on the scan. blind: some was not seen."""
    result = []
    for start, end in _barren(sides):
        sure = not blind and (_at_page_end(sides, start, end) or sides.tight(start, end))
        at = sides.to[start - 1] + 1 if start and sides.to[start - 1] >= 0 else 0
        scanned = sides.scanned(at, at)  # where it would stand
        result.append(
            Difference(Kind.MISSING, sure, sides.written(start, end), scanned, (start, end), size=end - start)
        )
    return result


def foreign_pages(sides: Sides) -> list[Span]:
    """Stretches of the scan that are pages of something else: less than a third stands in the Word file."""
    b, found = sides.b, []
    for start, end in _pages(b.pieces):
        known = sum(other >= 0 for other in sides.back[start:end])
        if end - start >= PART and 3 * known < end - start:
            found.append((start, end))
    return found


def changes(
    sides: Sides, documents: Sequence[Document], told: Sequence[Span], pages: Sequence[Span]
) -> Iterator[Difference]:
    """Words that were changed, dropped or added. told, pages: stretches of a and of b that are told already."""
    here, there = _mask(len(sides.to), told), _mask(len(sides.back), [*pages, *_running(sides)])
    for gap in _gaps(sides):
        if gap.end > gap.start and _covered((gap.start, gap.end), here):
            continue
        added = [span for span in _added(gap, sides, documents) if not _covered(span, there)]
        if gap.end > gap.start:
            found = _changed(gap, added, sides, documents)
            if found is not None:
                yield found
            continue
        for left, right in added:
            sure = min(sides.b.sure[left:right]) >= SURE and right - left >= 2 * _LEAST
            yield Difference(
                Kind.EXTRA,
                sure,
                sides.written(gap.start, gap.start),
                sides.scanned(left, right),
                (gap.start, gap.start),
            )


def _hidden(gap: Gap, sides: Sides, documents: Sequence[Document]) -> bool:
    """A seal lies on the scan between the line before the gap and the line behind it, perhaps on what is missing."""
    b = sides.b
    pieces = [b.pieces[b.piece[at]] for at in (gap.left - 1, gap.left) if 0 <= at < len(b.text)]
    boxes = [piece.line.place.box for piece in pieces if piece.line.place.box is not None]
    if not boxes:
        return False
    page, seals = pieces[0].line.place.page, documents[pieces[0].file].seals
    top, bottom = min(box.top for box in boxes), max(box.bottom for box in boxes)
    return any(
        seal.place.page == page and seal.place.box.top < bottom and seal.place.box.bottom > top
        for seal in seals
        if seal.place.box is not None
    )


def _changed(gap: Gap, added: list[Span], sides: Sides, documents: Sequence[Document]) -> Difference | None:
    stated = sides.a.text[gap.start : gap.end]
    if _OF_SLOT.issuperset(stated):
        return None
    read = "".join(sides.b.text[left:right] for left, right in added)
    sure = [each for left, right in added for each in sides.b.sure[left:right]]
    cost = _cost(stated, read, sure)
    left, right = (added[0][0], added[-1][1]) if added else (gap.left, gap.left)
    dropped = not read
    if dropped and len(stated) >= _LEAST and sides.elsewhere(gap.start, gap.end):
        return None
    if len(read) < _LEAST and len(stated.strip(_BLANK_SLOT)) < _LEAST and (dropped or "年月日" in stated):
        return None  # the blanks of a date that was filled in, and a word or two behind them
    legible = _mean(sure) >= _LEGIBLE
    if not dropped and (cost < DOUBTFUL or not legible):
        return None
    certain = sides.tight(gap.start, gap.end) and not _hidden(gap, sides, documents) if dropped else cost >= DIFFERENT
    return Difference(
        Kind.WORDING, certain, sides.written(gap.start, gap.end), sides.scanned(left, right), (gap.start, gap.end)
    )


def _mean(sure: Sequence[float]) -> float:
    return sum(sure) / len(sure) if sure else 0.0


def _cost(stated: str, read: str, sure: list[float]) -> float:
    """How many characters are surely others: those that OCR confuses, loses or is not sure of count less."""
    cost = 0.0
    for edit in Levenshtein.editops(stated, read):
        if edit.tag == "delete":
            cost += 0.5
        elif sure[edit.dest_pos] < SURE or (edit.tag == "replace" and alike(stated[edit.src_pos], read[edit.dest_pos])):
            cost += 0.25
        else:
            cost += 1.0
    return cost


# ------------------------------------------------------------------------------------------------------------- gaps


def _gaps(sides: Sides) -> list[Gap]:
    """Where the two do not agree, in the order of the Word text; changes next to each other are one."""
    gaps: list[Gap] = []
    used = bytearray(len(sides.back))
    index, size = 0, len(sides.to)
    while index <= size:
        start = index
        while index < size and sides.to[index] < 0:
            index += 1
        left = sides.to[start - 1] + 1 if start else 0
        right = sides.to[index] if index < size else len(sides.back)
        if right < left or any(other >= 0 for other in sides.back[left:right]):
            left, right = _free(sides, left)  # what follows stands elsewhere: what was added here ends before
        if index > start or right > left:
            used[left:right] = b"\x01" * (right - left)
            _join(gaps, Gap(start, index, left, right))
        index += 1
    for start, end in _unused(sides, used):
        at = sides.back[start - 1] + 1 if start else 0
        gaps.append(Gap(at, at, start, end))
    return gaps


def _join(gaps: list[Gap], gap: Gap) -> None:
    last = gaps[-1] if gaps else None
    if last and gap.start - last.end <= _APART and 0 <= gap.left - last.right <= _APART and gap.start > last.end:
        gaps[-1] = Gap(last.start, gap.end, last.left, gap.right)
    else:
        gaps.append(gap)


def _free(sides: Sides, left: int) -> Span:
    right = left
    while right < len(sides.back) and sides.back[right] < 0:
        right += 1
    return left, right


def _unused(sides: Sides, used: bytearray) -> Iterator[Span]:
    """Stretches of the scan that no gap has."""
    start = -1
    for index in range(len(used) + 1):
        free = index < len(used) and not used[index] and sides.back[index] < 0
        if free and start < 0:
            start = index
        elif not free and start >= 0:
            yield start, index
            start = -1


def _mask(length: int, spans: Sequence[Span]) -> bytearray:
    """1 for each character in one of the spans."""
    mask = bytearray(length)
    for start, end in spans:
        mask[start:end] = b"\x01" * (end - start)
    return mask


def _covered(span: Span, mask: bytearray) -> bool:
    """Whether at least half of it is marked."""
    return 2 * sum(mask[span[0] : span[1]]) >= span[1] - span[0]


# ------------------------------------------------------------------------------------------------- what people add


def _added(gap: Gap, sides: Sides, documents: Sequence[Document]) -> Iterator[Span]:
    """What stands in the gap on the scan, line by line, without what is expected there; lines that go on are one."""
    b = sides.b
    last: Span | None = None
    index = gap.left
    while index < gap.right:
        piece = b.pieces[b.piece[index]]
        end = min(piece.end, gap.right)
        if not _expected(index, end, piece, gap, sides, documents[piece.file]):
            if last is not None and last[1] == index:
                last = (last[0], end)
            else:
                if last is not None:
                    yield last
                last = (index, end)
        index = end
    if last is not None:
        yield last


def _expected(start: int, end: int, piece: Piece, gap: Gap, sides: Sides, document: Document) -> bool:
    text = sides.b.text[start:end]
    if gap.end == gap.start and len(text) < _LEAST:
        return True
    if _DATE.match(text) or _of_seal(text, piece.line.place, document):
        return True
    if gap.end > gap.start:
        return False
    if _mean(sides.b.sure[start:end]) < _LEGIBLE or text in sides.a.text:
        return True  # texture; or the head of a table once more
    before = sides.a.text[max(0, gap.start - _CONTEXT) : gap.start] + sides.b.text[max(0, start - _CONTEXT) : start]
    return bool(_SLOT.search(before))


def _of_seal(text: str, place: Place, document: Document) -> bool:
    """Whether it is what OCR made of a seal's words."""
    for seal in document.seals:
        if seal.place.page != place.page or seal.place.box is None or place.box is None:
            continue
        if seal.place.box.meets(place.box):
            words = meant(seal.text + seal.centre_text + seal.code)
            if seal.place.box.holds_middle_of(place.box) or all(character in words for character in text):
                return True
    return False


def _running(sides: Sides) -> list[Span]:
    """Lines that stand in the margin of several pages of the scan, but for their numbers: a file's name, a date."""
    marginal: dict[str, list[Piece]] = {}
    for piece in sides.b.pieces:
        box = piece.line.place.box
        if box is not None and not _MARGIN < (box.top + box.bottom) / 2 < 1 - _MARGIN:
            words = re.sub(r"\d", "", sides.b.text[piece.start : piece.end])
            marginal.setdefault(words, []).append(piece)
    several = (pieces for pieces in marginal.values() if len({piece.line.place.page for piece in pieces}) > 1)
    return [(piece.start, piece.end) for pieces in several for piece in pieces]


# ------------------------------------------------------------------------------------------------- parts and pages


def _barren(sides: Sides) -> Iterator[Span]:
    """Stretches of whole lines of the Word text that are not on the scan."""
    run: list[Piece] = []
    for piece in [*sides.a.pieces, None]:
        if piece is not None:
            known = sum(other >= 0 for other in sides.to[piece.start : piece.end])
            if 3 * known <= piece.end - piece.start:
                run.append(piece)
                continue
        if run and run[-1].end - run[0].start >= PART:
            yield run[0].start, run[-1].end
        run = []


def _at_page_end(sides: Sides, start: int, end: int) -> bool:
    """Whether the part would begin where a page of the scan ends, so that no page shows where it could have stood."""
    before = _last_known(sides, start) if start else -1
    after = _first_known(sides, end) if end < len(sides.to) else len(sides.back)
    if before >= 0 and 0 <= after < len(sides.back):
        one, other = sides.b.pieces[sides.b.piece[before]], sides.b.pieces[sides.b.piece[after]]
        return (one.file, one.line.place.page) != (other.file, other.line.place.page)
    return (start == 0 or before >= 0) and (end == len(sides.to) or after >= 0)


def _last_known(sides: Sides, end: int) -> int:
    """Where the scan has the last characters of the line that ends at `end`, which may end on the missing page; -1."""
    piece = sides.a.pieces[sides.a.piece[end - 1]]
    if sides.to[end - 1] >= 0:
        return sides.to[end - 1]
    return next((sides.to[at] for at in range(end - 1, piece.start - 1, -1) if _runs(sides, at, -1)), -1)


def _first_known(sides: Sides, start: int) -> int:
    """Where the scan has the first characters of the line that begins at `start`; -1 where it has none."""
    piece = sides.a.pieces[sides.a.piece[start]]
    if sides.to[start] >= 0:
        return sides.to[start]
    return next((sides.to[at] for at in range(start, piece.end) if _runs(sides, at, 1)), -1)


def _runs(sides: Sides, at: int, step: int) -> bool:
    """The character and the next two in a direction stand side by side on the scan, too: not by chance."""
    run = [sides.to[one] for one in range(at, at + 3 * step, step) if 0 <= one < len(sides.to)]
    return run[0] >= 0 and all(other == run[0] + step * number for number, other in enumerate(run))


def _pages(pieces: Sequence[Piece]) -> Iterator[Span]:
    """Where each page's characters begin and end."""
    start = 0
    for one, other in zip(pieces, [*pieces[1:], None], strict=True):
        if other is None or (one.file, one.line.place.page) != (other.file, other.line.place.page):
            yield start, one.end
            start = one.end
