"""Where in a letter the addressee's reply begins: a slip, a box for an opinion, a consent, another signature."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.document import Cell, Document, Source
from extractors.forms.letter.dates import is_date_row, last_date
from extractors.forms.letter.head import LETTERHEAD_END, NUMBER
from extractors.forms.letter.row import Row
from extractors.hanzi import HAN
from extractors.values.alike import similarity
from extractors.values.characters import squeeze
from extractors.values.organisations import is_organisation

_SIGNED = 0.75  # how alike two readings of a county's association are: two counties' share two thirds of them
_SLIP = re.compile(
    r"^[-—–_=.…·*\s]*(?:附件?\d?[:：]?)?(?:《)?.{0,14}?(?:回执|回函|复函)(?:单|书|联|条)?(?:》)?[-—–_=.…·*\s:：()（）存根]*$"
)
REPLY = re.compile(r".{0,24}关于.{2,40}(?:复函|回函)")  # the title of a reply with a head of its own
_LISTED = re.compile(r"^附件|^\d{1,2}[.、．]")  # 附件：1.活动回执 names the slip, it does not begin it
_CONSENT = re.compile(r"(?:同意|愿意|不同意).{0,20}(?:结对|共同|合作|开展|承接)|^(?:贵会|你会|来函)")
_OPINION = re.compile(rf"^[{HAN}()（）、]{{0,16}}(?:意见|批复|回复)(?:\([^()]{{0,6}}章\))?[:：](?P<said>.{{0,40}})$")
_OPINION_BOX = re.compile(
    r"(?:(?:贵|你)(?:单位|会|方|科协)|(?:拟?结对|回函|受函)(?:单位|县)|县级?(?:科协|科学技术协会))(?:审核)?(?:回复)?意见"
    r"(?:\(.{0,6}章\))?[:：]?"
)
_AGREED = re.compile(r"^(?:经研究[,，]?)?(?:我.{1,3}|本.{1,3})?(?:不?同意|愿意)")


def find_slip(rows: Sequence[Row], title: tuple[int, ...]) -> int:
    start = title[-1] + 2 if title else 4
    for index in range(start, len(rows)):
        text = squeeze(rows[index].text)
        if REPLY.fullmatch(text):
            return _headed(rows, index)
        if len(text) > 24 or not _SLIP.match(text) or re.search(r"请|见|函复|前|敬", text):
            continue
        if not _LISTED.match(text) or last_date(rows, start - 1, index) >= 0:
            return index
    return -1


def _headed(rows: Sequence[Row], title: int) -> int:
    """Where a reply begins whose title is known: with the head and the number above it, where it has its own page."""
    first = title - 1 if NUMBER.search(squeeze(rows[title - 1].text)) else title
    above = rows[first - 1]
    own = (
        is_organisation(LETTERHEAD_END.sub("", squeeze(above.text))) and above.place.page != rows[first - 2].place.page
    )
    return first - 1 if own else first


def find_boxed(document: Document, rows: Sequence[Row], start: int, to: str) -> int:
    """Where a table begins that has a box for the addressee's opinion (贵单位意见), whatever stands in it, or the cell
    whose first line says so, or that the addressee signs; -1: none. to: the addressee, "" where it is not known."""
    for table in document.tables:
        for cell in table.cells:
            alone = _OPINION_BOX.fullmatch(squeeze(cell.text)) is not None
            if not alone and not _replies(cell, to):
                continue
            area = table.place.box if alone else cell.place.box
            held = {line.place.path for each in (table.cells if alone else (cell,)) for line in each.lines}
            for index in range(start, len(rows)):
                place = rows[index].place
                if place.box is None or area is None:
                    inside = place.box is None and place.path in held
                else:
                    inside = place.page == table.place.page and area.holds_middle_of(place.box)
                if inside:
                    return index
    return -1


def _replies(cell: Cell, to: str) -> bool:
    """Whether a cell is the addressee's reply: it says so, or it is dated and beside another, and signed by them."""
    lines = [squeeze(line.text) for line in cell.lines if line.text.strip()]
    signed = bool(to) and cell.column > 0 and any(line.endswith(to) for line in lines)
    return bool(lines) and (
        _OPINION_BOX.fullmatch(lines[0]) is not None or (signed and any(is_date_row(line) for line in lines))
    )


def find_consent(rows: Sequence[Row], start: int, date: int, *, headed: bool, below: bool = False) -> int:
    """Where a consent begins that is dated at `date`; -1 for none.

    headed: only below a heading (县级科协意见：). below: the letter's own date is above, so that a row that begins like
    a consent needs none.
    """
    for index in range(start, date):
        opinion = _OPINION.match(squeeze(rows[index].text))
        if opinion is not None and _AGREED.match(opinion["said"]):  # 县级科协意见：同意
            return index
        if _CONSENT.search(squeeze(rows[index].text)) or _AGREED.match(squeeze(rows[index].text)):
            above = _OPINION.match(squeeze(rows[index - 1].text)) if index > start else None
            opened = above is not None and not above["said"]
            if not opened and not _CONSENT.search(squeeze(rows[index].text)):
                continue
            agreed = below and _CONSENT.match(squeeze(rows[index].text)) is not None
            if opened or agreed or not headed:
                return index - 1 if opened else index
    return -1


def find_countersigned(rows: Sequence[Row], start: int, date: int, to: str) -> int:
    """Where the reply begins that the addressee signs between the letter's date and another; -1 for none. A seal may
    lie over some characters of the name."""
    read = rows[date].source is Source.OCR
    signed = (squeeze(rows[index].text)[-len(to) :] for index in range(start, date))
    return start if any(name == to or (read and similarity(name, to) >= _SIGNED) for name in signed) else -1
