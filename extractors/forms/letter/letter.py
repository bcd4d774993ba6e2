"""The parts of an official letter (函): title, number, addressee, signature, date, reply slip.

中林函〔2021〕12号                            document number
中国林学会关于商请……的函                        title, one to three lines
安吉县科学技术协会：                            addressee
    为贯彻落实……拟共同开展“……”活动……           body: activity, date by which to reply, contact
                      中国林学会（盖章）         signature
                      2021年8月26日             date
回执                                          reply slip, perhaps
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.document import Document, Place
from extractors.forms.letter.dates import PRINTED, date_on, is_date_row, last_date, mended
from extractors.forms.letter.head import NUMBER, called, find_addressee, find_title, is_placeholder
from extractors.forms.letter.reply import REPLY, find_boxed, find_consent, find_countersigned, find_slip
from extractors.forms.letter.row import Found, Row, found_on
from extractors.forms.letter.rows import rows_of_letter
from extractors.hanzi import HAN
from extractors.values.characters import fold, squeeze
from extractors.values.dates import find_dates, is_blank_date, is_unread_date

_SIGNER = re.compile(rf"签\s*发\s*人?\s*[:：]\s*([{HAN}·]{{2,8}})(?=\s)")
_LATIN = str.maketrans("OoIl", "0011")


@dataclass(frozen=True, slots=True)
class Letter:
    """A document cut up as a letter. title: rows of the title; the other members are rows' indices, -1 for none."""

    rows: tuple[Row, ...]
    title: tuple[int, ...]
    addressee: int
    date: int
    slip: int

    @property
    def end(self) -> int:
        """One past the last row of the letter proper."""
        return self.slip if self.slip >= 0 else len(self.rows)


def read_letter(document: Document) -> Letter:
    """Cut a document up as a letter; parts that are not there are -1."""
    rows = rows_of_letter(document)
    title = find_title(rows)
    if title and REPLY.fullmatch("".join(squeeze(rows[i].text) for i in title)):
        return Letter(tuple(rows), title, -1, -1, 0)  # 关于同意……的复函, sent by itself: all of it is the reply
    slip = find_slip(rows, title)
    if slip < 0:
        to = find_addressee(rows, title, len(rows))
        slip = find_boxed(document, rows, title[-1] + 1 if title else 0, called(rows[to]) if to >= 0 else "")
    end = slip if slip >= 0 else len(rows)
    addressee = find_addressee(rows, title, end)
    date = last_date(rows, max(addressee, title[-1] if title else -1) + 1, end)
    if slip < 0 and date >= 0:  # the reply has no date of its own, or none that is legible
        slip = find_consent(rows, date + 1, end, headed=True, below=True)
    if slip < 0 and date < 0:  # neither is legible: it begins only below its heading
        slip = find_consent(rows, addressee + 2, end, headed=True)
    if slip < 0 and date >= 0:
        early = last_date(rows, addressee + 1, date)
        slip = find_consent(rows, early + 1 if early >= 0 else addressee + 2, date, headed=early < 0)
        if slip < 0 <= min(early, addressee):
            slip = find_countersigned(rows, early + 1, date, called(rows[addressee]))
        date = early if slip >= 0 else date  # the letter's own date is the one before the reply, should it be legible
    return Letter(tuple(rows), title, addressee, date, slip)


def title(letter: Letter) -> Found | None:
    if not letter.title:
        return None
    rows = [letter.rows[i] for i in letter.title]
    return found_on("".join(squeeze(row.text) for row in rows).replace("(", "（").replace(")", "）"), rows)


def document_number(letter: Letter) -> Found | None:
    """The number above or below the title; one in the body is that of another paper."""
    last = letter.addressee if letter.addressee >= 0 else min(len(letter.rows), 12)
    for row in letter.rows[:last]:
        text = re.sub(r"^(?:发文字号|文号|编号)[:：]?", "", squeeze(row.text))
        match = NUMBER.search(text)
        if match is None or len(text) - len(match[0]) > 14 or re.search(r"[《》“”]", text):
            continue
        year, number = match["year"].translate(_LATIN), match["number"].translate(_LATIN)
        body = match["body"].removeprefix(_signer(row.text))
        return found_on(f"{body}〔{year}〕{int(number)}号" if number else "", [row])
    return None


def _signer(text: str) -> str:
    """Who the head of a letter says issued it, beside the number: 签发人：王伟　　浙林学〔2021〕2号."""
    found = _SIGNER.search(text)
    return found[1] if found is not None else ""


def addressee(letter: Letter) -> Found | None:
    if letter.addressee < 0:
        return None
    row = letter.rows[letter.addressee]
    name = called(row)
    return found_on(name, [row], unclear=is_placeholder(name))


def issued_on(letter: Letter) -> Found | None:
    if letter.date < 0:
        return None
    return date_on(letter.rows[letter.date])


def replied_on(letter: Letter) -> Found | None:
    """The date on the reply slip."""
    if letter.slip < 0:
        return None
    for row in reversed(letter.rows[letter.slip :]):
        if PRINTED.search(row.text):
            continue
        text = mended(row)
        tail = re.split(r"[:：]|\s{2,}", text)[-1]
        if is_date_row(text) or is_blank_date(tail) or is_unread_date(tail):
            return date_on(row)
        dates = find_dates(text)
        if dates and dates[-1].end >= len(fold(text).rstrip()) - 1:
            return date_on(row)
    return None


def reply_block(letter: Letter) -> tuple[Row, ...]:
    """The rows of the reply slip, to its date; () where there is none."""
    if letter.slip < 0:
        return ()
    date = last_date(letter.rows, letter.slip, len(letter.rows))
    return letter.rows[letter.slip : date + 1 if date >= 0 else len(letter.rows)]


def in_reply(letter: Letter, place: Place, document: Document) -> bool:
    """Whether what stands at a place is said in the reply."""
    if letter.slip < 0:
        return False
    begins = letter.rows[letter.slip].place
    if place.box is not None and begins.box is not None:
        middle = (place.box.top + place.box.bottom) / 2
        return (place.page or 0, middle) > (begins.page or 0, begins.box.top)
    order = {line.place.path: number for number, line in reversed(tuple(enumerate(document.iter_lines())))}
    return order.get(place.path, -1) >= order.get(begins.path, len(order))
