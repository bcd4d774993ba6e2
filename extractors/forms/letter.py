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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.document import UNREAD, Box, Cell, Document, Line, Place, Source, Story
from extractors.forms.lines import Row as VisualRow
from extractors.forms.lines import rows_of
from extractors.forms.statement import least, source_of
from extractors.hanzi import HAN
from extractors.values.alike import distance, similarity
from extractors.values.characters import fold, squeeze
from extractors.values.dates import find_dates, impossible_date, is_blank_date, is_unread_date
from extractors.values.organisations import NATIONAL, first_of_several, is_organisation, normal_form
from extractors.values.places import divisions_at_start

_CLEAR = 0.9  # confidence from which a signature is taken as it was read
_ALIKE = 0.6  # from which two readings are of one name: a seal may have covered some characters of it
_SIGNED = 0.75  # and of a county's association: two counties' names have two thirds of their characters in common
_TITLE_LINES = 30  # the title stands within so many lines
_NUMBER = re.compile(
    rf"(?P<body>[{HAN}]{{1,16}})(?P<open>[^\dOoIl{HAN}]{{0,2}})(?P<year>[12][0-9OoIl]{{3}})"
    rf"(?P<close>[^\dOoIl{HAN}]{{0,2}})第?(?P<number>[\dOoIl]{{0,4}})号"
)
_LATIN = str.maketrans("OoIl", "0011")
_SLIP = re.compile(
    r"^[-—–_=.…·*\s]*(?:附件?\d?[:：]?)?(?:《)?.{0,14}?(?:回执|回函|复函)(?:单|书|联|条)?(?:》)?[-—–_=.…·*\s:：()（）存根]*$"
)
_REPLY = re.compile(r".{0,24}关于.{2,40}(?:复函|回函)")  # the title of a reply with a head of its own
_LISTED = re.compile(r"^附件|^\d{1,2}[.、．]")  # 附件：1.活动回执 names the slip, it does not begin it
_MISREAD_YEAR = re.compile(r"(?<!\d)(20\d{2})\s*[牛午车生卒仟]\s*(?=\d{1,2}\s*月)")
_MISREAD_CENTURY = re.compile(r"三(?=[〇○零][一二]\S{0,2}\s*年)")
_CUT_YEAR = re.compile(r"(?<!\d)0?([0-4]\d)(?=\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)")
_CUT_NUMERALS = re.compile(
    r"(?<![〇○零一二三四五六七八九])[〇○零]?(二[〇○零一二三四五六七八九])(?=\s*年.{1,4}月.{0,5}日)"
)
_MISREAD_DAY = re.compile(r"(月\s*\d{1,2})\s*[首曰目白口旦]\s*$")
_LOST_DAY = re.compile(r"(?<=[\d一二三四五六七八九十]月)\s*(?=日\s*$)")
_LOST_MONTH = re.compile(r"(?<=20[0-4]\d年)\s*\d{2,4}\s*(?=日\s*$)")  # 2021年824日
_LOST_DOT = re.compile(r"^\s*(20[0-4]\d)(0?[1-9]|1[0-2])\.(?=\d{1,2}\s*$)")  # 20218.31 and nothing else
_MISREAD_DOTS = re.compile(r"(?<!\d)(20\d{2})[.:,·](\d{1,2})[.:,·](\d{1,2})(?!\d)")
_LETTERHEAD_END = re.compile(r"(?:文件|\(函\)|函)$")
_CONSENT = re.compile(r"(?:同意|愿意|不同意).{0,20}(?:结对|共同|合作|开展|承接)|^(?:贵会|你会|来函)")
_OPINION = re.compile(rf"^[{HAN}()（）、]{{0,16}}(?:意见|批复|回复)(?:\([^()]{{0,6}}章\))?[:：](?P<said>.{{0,40}})$")
_OPINION_BOX = re.compile(
    r"(?:(?:贵|你)(?:单位|会|方|科协)|(?:拟?结对|回函|受函)(?:单位|县)|县级?(?:科协|科学技术协会))(?:审核)?(?:回复)?意见"
    r"(?:\(.{0,6}章\))?[:：]?"
)
_TO = re.compile(r"^(?:致|送|主送|尊敬的)[:：]?")
_AGREED = re.compile(r"^(?:经研究[,，]?)?(?:我.{1,3}|本.{1,3})?(?:不?同意|愿意)")
_DATE_EXTRA = re.compile(r"盖章|公章|签章|日期|时间|成文|印发|[()（）:：,，。.\s_]")
_WHOSE = 8  # characters before a person's name that say whose it is: 我会秘书处（张三，010-…）
_DEVICE = re.compile("(?:联系)?(?:电话|手机|方式)|传真|邮箱|座机|地址")
_PRINTED = re.compile(r"印(?:发|制|刷)\s*$")  # the line at a letter's foot that says when it was printed
_SPAN = re.compile(r"[至到自从起]\s*$|^\s*[月日](?!\s*期)")  # 月至2022年8月。 began on the row above
_TILL = r"\s*(?:\([^()]{1,8}\))?\s*(?:下班|中午|\d{1,2}(?::00|[点时]))?\s*(?:之?前|以前|止)"
_BY = re.compile(rf"^{_TILL}")
_SHORT_DATE = re.compile(r"(?<![\d年])(?P<m>1[0-2]|0?[1-9])\s*月\s*(?P<d>3[01]|[12]\d|0?[1-9])\s*[日号]" + _TILL)


@dataclass(frozen=True, slots=True)
class Found:
    """A part of the letter: its value ("" where the place for it is blank) and the words it rests on."""

    value: str
    raw: str
    place: Place
    confidence: float
    source: Source
    unclear: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the letter; lines beside each other on a page are one."""

    text: str
    place: Place
    confidence: float
    source: Source
    height: float  # of the line as a fraction of the page; 0.0 where unknown
    under_seal: bool = False


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
    rows = _rows(document)
    title = _title(rows)
    if title and _REPLY.fullmatch("".join(squeeze(rows[i].text) for i in title)):
        return Letter(tuple(rows), title, -1, -1, 0)  # 关于同意……的复函, sent by itself: all of it is the reply
    slip = _slip(rows, title)
    if slip < 0:
        to = _addressee(rows, title, len(rows))
        slip = _boxed(document, rows, title[-1] + 1 if title else 0, _called(rows[to]) if to >= 0 else "")
    end = slip if slip >= 0 else len(rows)
    addressee = _addressee(rows, title, end)
    date = _date_row(rows, max(addressee, title[-1] if title else -1) + 1, end)
    if slip < 0 and date >= 0:  # the reply has no date of its own, or none that is legible
        slip = _reply(rows, date + 1, end, headed=True, below=True)
    if slip < 0 and date < 0:  # neither is legible: it begins only below its heading
        slip = _reply(rows, addressee + 2, end, headed=True)
    if slip < 0 and date >= 0:
        early = _date_row(rows, addressee + 1, date)
        slip = _reply(rows, early + 1 if early >= 0 else addressee + 2, date, headed=early < 0)
        if slip < 0 <= min(early, addressee):
            slip = _countersigned(rows, early + 1, date, _called(rows[addressee]))
        date = early if slip >= 0 else date  # the letter's own date is the one before the reply, should it be legible
    return Letter(tuple(rows), title, addressee, date, slip)


def _countersigned(rows: Sequence[Row], start: int, date: int, to: str) -> int:
    """Where the reply begins that the addressee signs between the letter's date and another; -1 for none. A seal may
    lie over some characters of the name."""
    read = rows[date].source is Source.OCR
    signed = (squeeze(rows[index].text)[-len(to) :] for index in range(start, date))
    return start if any(name == to or (read and similarity(name, to) >= _SIGNED) for name in signed) else -1


def _boxed(document: Document, rows: Sequence[Row], start: int, to: str) -> int:
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
        _OPINION_BOX.fullmatch(lines[0]) is not None or (signed and any(_is_date_row(line) for line in lines))
    )


def _reply(rows: Sequence[Row], start: int, date: int, *, headed: bool, below: bool = False) -> int:
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


def _rows(document: Document) -> list[Row]:
    """Lines in reading order; lines beside each other on a page joined."""
    rows: list[Row] = []
    pending: list[Line] = []

    def flush() -> None:
        for row in _side_by_side(rows_of(pending)):
            first = row.lines[0]
            rows.append(
                Row(
                    "  ".join(line.text for line in row.lines),
                    Place(first.place.page, row.box, first.place.path),
                    least(row.lines),
                    source_of(row.lines),
                    row.box.height,
                    any(line.under_seal for line in row.lines),
                )
            )
        pending.clear()

    for together in _columns(document):
        for line in together:
            if line.hidden or line.story in (Story.COMMENT, Story.FOOTER, Story.NOTE) or not line.text.strip():
                continue
            if line.place.box is None:
                flush()
                rows += [Row(text, line.place, line.confidence, line.source, 0.0) for text in line.text.splitlines()]
                continue
            if pending and pending[-1].place.page != line.place.page:
                flush()
            pending.append(line)
        flush()
    return [row for row in rows if row.text.strip()]


def _side_by_side(rows: Sequence[VisualRow]) -> list[VisualRow]:
    """The rows, those above two dates that stand beside each other one column after the other: who signs at the left,
    and who signs at the right."""
    for index, row in enumerate(rows):
        if len(row.lines) != 2 or not all(_is_date_row(_mended(line)) for line in row.lines):
            continue
        between = (_right_of(row.lines[0]) + _left_of(row.lines[1])) / 2
        first = index
        while first and len(above := rows[first - 1].lines) == 2 and _right_of(above[0]) < between < _left_of(above[1]):
            first -= 1
        columns = [
            VisualRow((each.lines[side],), _box_of(each.lines[side]))
            for side in (0, 1)
            for each in rows[first : index + 1]
        ]
        return [*rows[:first], *columns, *_side_by_side(rows[index + 1 :])]
    return list(rows)


def _box_of(line: Line) -> Box:
    assert line.place.box is not None  # rows are made of lines with boxes
    return line.place.box


def _left_of(line: Line) -> float:
    return _box_of(line).left


def _right_of(line: Line) -> float:
    return _box_of(line).right


def _columns(document: Document) -> Iterator[list[Line]]:
    """The lines in reading order, apart where they are no rows with those beside them: cells that hold several lines
    each are read one after the other (发函单位, its name and date | 结对单位, its name and date)."""
    together: list[Line] = []
    for block in document.blocks:
        if isinstance(block, Line):
            together.append(block)
            continue
        for cell in block.cells:
            if len(cell.lines) < 2:
                together += cell.lines
                continue
            yield together
            yield list(cell.lines)
            together = []
    yield together


# -------------------------------------------------------------------------------------------------- title


def _title(rows: Sequence[Row]) -> tuple[int, ...]:
    for index, row in enumerate(rows[:_TITLE_LINES]):
        text = squeeze(row.text).rstrip("。.")
        if not re.search(r"函(?:\([^()]{1,10}\))?$", text) or len(text) > 60 or _NUMBER.search(text):
            continue
        start = index
        while "关于" not in "".join(squeeze(rows[i].text) for i in range(start, index + 1)):
            if start == 0 or index - start >= 3 or not _carries_on(rows, start):
                break
            start -= 1
        whole = "".join(squeeze(rows[i].text) for i in range(start, index + 1))
        if "关于" not in whole and not re.search(r"(?:商请|邀请|结对|协商|洽谈|合作).{0,12}函", whole):
            continue  # a letterhead: 中国林学会函
        if whole.startswith("关于") and start and _carries_on(rows, start) and _names_issuer(rows, start):
            start -= 1
        return tuple(range(start, index + 1))
    # no title says what it is about: 函 alone, above the addressee
    return next(((i,) for i, row in enumerate(rows[:_TITLE_LINES]) if squeeze(row.text) == "函"), ())


def _carries_on(rows: Sequence[Row], index: int) -> bool:
    """Whether the row above may belong to the same title: neither number nor letterhead nor a label."""
    above, row = rows[index - 1], rows[index]
    text = squeeze(above.text)
    if _NUMBER.search(text) or re.search(r"文件$|^附件|[:：。]|^\d+$", text) or len(text) > 45:
        return False
    if not re.search(rf"[{HAN}]", text):  # the star of a letterhead's rule
        return False
    return not (above.height and row.height and above.height > 1.35 * row.height)


def _names_issuer(rows: Sequence[Row], index: int) -> bool:
    above, row = rows[index - 1], rows[index]
    near = above.place.box is None or row.place.box is None
    if above.place.box is not None and row.place.box is not None:
        near = row.place.box.top - above.place.box.bottom < 1.6 * row.height
    return near and is_organisation(above.text)


def title(letter: Letter) -> Found | None:
    if not letter.title:
        return None
    rows = [letter.rows[i] for i in letter.title]
    return found_on("".join(squeeze(row.text) for row in rows).replace("(", "（").replace(")", "）"), rows)


def found_on(value: str, rows: Sequence[Row], raw: str = "", *, unclear: bool = False) -> Found:
    """What was found on some rows, as sure as the least sure of them. raw: "" for their whole text."""
    return Found(
        value,
        raw or "\n".join(row.text.strip() for row in rows),
        rows[0].place,
        min(row.confidence for row in rows),
        Source.OCR if any(row.source is Source.OCR for row in rows) else Source.TEXT,
        unclear,
    )


# ------------------------------------------------------------------------------------- number and addressee


def document_number(letter: Letter) -> Found | None:
    """The number above or below the title; one in the body is that of another paper."""
    last = letter.addressee if letter.addressee >= 0 else min(len(letter.rows), 12)
    for row in letter.rows[:last]:
        text = re.sub(r"^(?:发文字号|文号|编号)[:：]?", "", squeeze(row.text))
        match = _NUMBER.search(text)
        if match is None or len(text) - len(match[0]) > 14 or re.search(r"[《》“”]", text):
            continue
        year, number = match["year"].translate(_LATIN), match["number"].translate(_LATIN)
        body = match["body"]
        return found_on(f"{body}〔{year}〕{int(number)}号" if number else "", [row])
    return None


def _addressee(rows: Sequence[Row], title: tuple[int, ...], end: int) -> int:
    start = title[-1] + 1 if title else 0
    for index in range(start, min(end, start + 8)):
        text = squeeze(rows[index].text)
        to = _TO.match(text)
        if to is not None and is_organisation(text[to.end() :]):
            return index  # 致：…, with or without a colon behind it
        if text.endswith(":") and 3 <= len(text) <= 60 and not re.search(r"[。;]", text) and not _labelled(text):
            return index
    for index in range(start, min(end, start + 3)):
        if (
            title
            and is_organisation(_TO.sub("", squeeze(rows[index].text)))
            and not _NUMBER.search(squeeze(rows[index].text))
        ):
            return index
    return -1


def _labelled(text: str) -> bool:
    return bool(re.match(r"(?:联系人|电话|地址|附件|日期|抄送|主题|如下|事项)", text)) or text.endswith(
        ("如下:", "章):")
    )


def addressee(letter: Letter) -> Found | None:
    if letter.addressee < 0:
        return None
    row = letter.rows[letter.addressee]
    name = _called(row)
    return found_on(name, [row], unclear=is_placeholder(name))


def _called(row: Row) -> str:
    """Whom a row addresses: 致：…"""
    return normal_form(_TO.sub("", squeeze(row.text)))


def is_placeholder(text: str) -> bool:
    """Whether ×× or a blank of the template stands where a name should."""
    return not re.sub(r"[×xX*_○□\s]", "", text) or bool(re.search(r"×|[xX]{2}|○○|_{2,}|\*{2}", text))


# ------------------------------------------------------------------------------------ signature and its date


def _date_row(rows: Sequence[Row], start: int, end: int) -> int:
    """The last row that is a date and little else."""
    dated = [index for index in range(max(start, 0), end) if _is_date_row(_mended(rows[index]))]
    return max((index for index in dated if not _PRINTED.search(rows[index].text)), default=max(dated, default=-1))


def _mended(row: Row | Line) -> str:
    """The row's text, its date mended where a seal's ink made the engine misread it."""
    if row.source is not Source.OCR:
        return row.text
    text = _MISREAD_DAY.sub(r"\1日", _MISREAD_YEAR.sub(r"\1年", _MISREAD_CENTURY.sub("二", fold(row.text))))
    text = _LOST_DOT.sub(r"\1.\2.", text)
    text = _LOST_MONTH.sub(f"{UNREAD}月{UNREAD}", text)
    text = _LOST_DAY.sub(UNREAD, text)  # 八月日: a seal lies on the day; it is no date without one
    return _MISREAD_DOTS.sub(r"\1.\2.\3", _CUT_NUMERALS.sub(r"二〇\1", _CUT_YEAR.sub(r"20\1", text)))


def _is_date_row(text: str) -> bool:
    folded = fold(text)
    bare = re.sub(r"\(.{0,6}?章\)|日期[:：]?", "", folded)
    if is_blank_date(bare) or is_unread_date(bare):
        return True
    slip = impossible_date(text)
    if slip and _DATE_EXTRA.sub("", squeeze(slip)) == _DATE_EXTRA.sub("", squeeze(text)):
        return True  # 2021年8月32日: somebody's slip, and still the letter's date
    dates = find_dates(text)
    if len(dates) != 1 or _BY.match(folded[dates[0].end :]) or _SPAN.search(folded[: dates[0].start]):
        return False
    rest = _DATE_EXTRA.sub("", folded[: dates[0].start] + folded[dates[0].end :])
    if len(rest) <= 4:
        return True
    # 根据2021年6月10日常务理事会意见，本会拟与贵协会: a line of the body that happens to end like a name
    return is_organisation(rest) and not re.search(r"[,;，；]|^[请由经拟将根按]", folded)


def issued_on(letter: Letter) -> Found | None:
    if letter.date < 0:
        return None
    return _date(letter.rows[letter.date])


def _date(row: Row) -> Found:
    text = _mended(row)
    dates = find_dates(text)
    unclear = not dates and (is_unread_date(text) or bool(impossible_date(text)))
    found = found_on(dates[-1].value if dates else "", [row], unclear=unclear)
    if text in (row.text, fold(row.text)):
        return found
    return replace(found, confidence=found.confidence * 0.8)


def sender(letter: Letter) -> Found | None:
    """The organisation that signs; where the signature cannot be read, the one named elsewhere as the issuer."""
    if letter.slip == 0:
        return None  # a reply by itself: who asked for it is not its sender, and its own signature is the reply's
    issuers, to = _issuers(letter), addressee(letter)
    for index in _signature_rows(letter):
        row = letter.rows[index]
        name = _signature(_without_fragments(row.text) if row.source is Source.OCR else row.text)
        if name is None:
            continue
        if row.source is Source.OCR:
            name = _without_stray(name)
        if to is not None and (name == to.value or (row.source is Source.OCR and distance(name, to.value) <= 1)):
            continue  # the reply's signature: the letter's own lies under a seal
        signed = found_on(name, [row])
        if letter.date < 0:
            signed = replace(signed, confidence=signed.confidence * 0.9)
        cut = row.source is Source.OCR and any(found.value != name and name in found.value for found in issuers)
        clear = row.source is not Source.OCR or (row.confidence >= _CLEAR and not row.under_seal)
        if not cut and (clear or any(found.value == name for found in issuers)):
            return signed
        # A seal stands on the signature: the same name read elsewhere is the better witness.
        alike = [
            found
            for found in issuers
            if (name in found.value or similarity(found.value, name) >= _ALIKE)
            and (row.under_seal or found.confidence > row.confidence)
        ]
        if not alike:
            return signed
        return replace(max(alike, key=lambda found: found.confidence), place=signed.place, raw=signed.raw)
    if not issuers:
        return None
    return replace(issuers[0], confidence=issuers[0].confidence * 0.8)


def _signature_rows(letter: Letter) -> Sequence[int]:
    """The rows that may be the signature, likeliest first."""
    if letter.date >= 0:
        above = range(letter.date, max(letter.addressee, letter.date - 5), -1)
        below = letter.date + 1  # some put the date above the name
        signed = below < letter.end and is_organisation(squeeze(letter.rows[below].text).partition("(")[0])
        return (*above, below) if signed and ":" not in squeeze(letter.rows[below].text) else above
    if letter.addressee < 0:
        return range(0)
    return range(letter.end - 1, max(letter.addressee, letter.end - 8), -1)


def _issuers(letter: Letter) -> list[Found]:
    """Where else the issuer is named, best first: the title, the letterhead, the slip's addressee."""
    found = []
    titled = _titled(letter)
    if titled:
        found.append(found_on(titled, [letter.rows[i] for i in letter.title], titled))
    head = letter.title[0] if letter.title else max(0, letter.addressee)
    for row in letter.rows[: min(head, 4)]:
        name = normal_form(_LETTERHEAD_END.sub("", squeeze(row.text)))
        if is_organisation(name):
            found.append(found_on(name, [row]))
    for row in letter.rows[letter.slip : letter.slip + 4] if letter.slip >= 0 else ():
        text = squeeze(row.text)
        if text.endswith(":") and is_organisation(text[:-1]):
            found.append(found_on(normal_form(text), [row]))
    return found


def _signature(text: str) -> str | None:
    folded = fold(text)
    for date in reversed(find_dates(text)):
        folded = folded[: date.start] + folded[date.end :]
    folded = re.sub(
        r"^\s*(?:单位|发函单位|署名|落款|学会|申报单位|发文单位)?\s*(?:名称)?\s*\(.{0,6}章\)?\s*\)?[:：]\s*"
        r"|^.{2,6}单位[:：]|^单位(?:名称|全称)[:：]",
        "",
        folded,
    )
    parts = re.split(r"\s{2,}", folded.strip())
    for part in [first_of_several("\n".join(parts)) or folded, *parts]:
        if is_organisation(part) and len(normal_form(part)) <= 40 and not re.match(r"\s*[请由经拟将]", part):
            return normal_form(part)
    return None


def _without_fragments(text: str) -> str:
    """The row without pieces of one or two characters, a seal's, before a name that is whole: 省  中  吉林省农学会."""
    rest = text
    while (match := re.match(r"\s*\S{1,2}\s{2,}(?=\S)", rest)) is not None:
        rest = rest[match.end() :]
    return rest if rest.startswith(NATIONAL) or divisions_at_start(squeeze(rest)) else text


def _without_stray(name: str) -> str:
    """The name without one character of a seal's arc that was read in front of it: 索福建省蚕学会."""
    rest = name[1:]
    if divisions_at_start(name) or name.startswith(NATIONAL) or not is_organisation(rest):
        return name
    return rest if divisions_at_start(rest) else name


def signature_block(letter: Letter) -> tuple[Row, ...]:
    """The rows from the signature to its date; () where neither is there."""
    signed = sender(letter)
    rows = [
        index for index in _signature_rows(letter) if signed is not None and letter.rows[index].place == signed.place
    ]
    if letter.date >= 0:
        rows.append(letter.date)
    return letter.rows[min(rows) : max(rows) + 1] if rows else ()


def _titled(letter: Letter) -> str:
    whole = "".join(squeeze(letter.rows[i].text) for i in letter.title)
    name = normal_form(whole.partition("关于")[0])
    return name if is_organisation(name) else ""


# ---------------------------------------------------------------------------------------- inside the body


def body_of(letter: Letter) -> list[Row]:
    """The rows between the addressee, or the title, and the signature's date."""
    start = max(letter.addressee, letter.title[-1] if letter.title else -1) + 1
    end = letter.date if letter.date >= 0 else letter.end
    return list(letter.rows[start:end])


def pasted(rows: Sequence[Row]) -> tuple[str, list[int]]:
    """The rows as one text without blanks, and for each character its row."""
    text, origin = "", []
    for index, row in enumerate(rows):
        part = squeeze(row.text)
        text += part
        origin += [index] * len(part)
    return text, origin


def spoken(letter: Letter, names: Sequence[str], barred: Sequence[str]) -> tuple[Found, str] | None:
    """A person whom a sentence names (我会联系人张三，电话……), and the rest of that sentence; None for none.

    names: what such persons are called. barred: words before the name that make it another's.
    """
    rows = list(letter.rows[max(letter.addressee, 0) : letter.end])
    text, origin = pasted(rows)
    called = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    pattern = re.compile(
        rf"(?:{called})(?:为|是)?(?P<name>[{HAN}]{{2,4}}?)(?:同志|老师|先生|女士)?(?=[,，、;；。(（]|(?:联系|办公)?(?:电话|手机))"
    )
    bracketed = re.compile(rf"[(（](?P<name>[{HAN}]{{2,4}})[,，、:：]?(?=(?:电话|手机)?[:：]?(?:1[3-9]\d|[(（]?0\d\d))")
    asked = re.compile(
        rf"与(?:[^,，。;；]{{0,12}}(?:会|室|处|部))?(?P<name>[{HAN}]{{2,3}}?)(?:同志|老师|先生|女士)?联系(?=[(（,，。;；])"
    )
    # 反馈我会秘书处（张三，010-…）; 请与我会办公室张三联系
    found = (match for each in (pattern, bracketed, asked) for match in each.finditer(text))
    for match in found:
        if _DEVICE.fullmatch(match["name"]):
            continue
        clause = re.split(r"[。;；,，(（]", text[: match.start()])[-1][-_WHOSE:]
        if any(bar in clause for bar in barred):
            continue
        rest = re.split(r"[。;；]", text[match.end() :][:100])[0]
        used = sorted({origin[i] for i in range(match.start(), min(len(text), match.end() + len(rest)))})
        return found_on(match["name"], [rows[i] for i in used], match[0]), rest
    return None


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


def reply_by(letter: Letter, cues: Sequence[str]) -> Found | None:
    """The date before which an answer is asked for; a date without a year takes that of the letter."""
    rows = body_of(letter)
    text, origin = pasted(rows)
    for date in find_dates(text):
        if _BY.match(text[date.end :]) and _asked(text, date.start, date.end, cues):
            return found_on(date.value, [rows[origin[date.start]]], text[date.start : date.end])
    signed = issued_on(letter)
    for match in _SHORT_DATE.finditer(text):
        if signed and signed.value and _asked(text, match.start(), match.end(), cues):
            value = f"{signed.value[:4]}-{int(match['m']):02d}-{int(match['d']):02d}"
            return found_on(value, [rows[origin[match.start()]]], match[0])
    return None


def _asked(text: str, start: int, end: int, cues: Sequence[str]) -> bool:
    sentence = re.split(r"[。;；]", text[:start])[-1] + re.split(r"[。;；]", text[end:])[0]
    return any(cue in sentence for cue in cues)


# -------------------------------------------------------------------------------------------- reply slip


def _slip(rows: Sequence[Row], title: tuple[int, ...]) -> int:
    start = title[-1] + 2 if title else 4
    for index in range(start, len(rows)):
        text = squeeze(rows[index].text)
        if _REPLY.fullmatch(text):
            return _headed(rows, index)
        if len(text) > 24 or not _SLIP.match(text) or re.search(r"请|见|函复|前|敬", text):
            continue
        if not _LISTED.match(text) or _date_row(rows, start - 1, index) >= 0:
            return index
    return -1


def _headed(rows: Sequence[Row], title: int) -> int:
    """Where a reply begins whose title is known: with the head and the number above it, where it has its own page."""
    first = title - 1 if _NUMBER.search(squeeze(rows[title - 1].text)) else title
    above = rows[first - 1]
    own = (
        is_organisation(_LETTERHEAD_END.sub("", squeeze(above.text))) and above.place.page != rows[first - 2].place.page
    )
    return first - 1 if own else first


def replied_on(letter: Letter) -> Found | None:
    """The date on the reply slip."""
    if letter.slip < 0:
        return None
    for row in reversed(letter.rows[letter.slip :]):
        if _PRINTED.search(row.text):
            continue
        text = _mended(row)
        tail = re.split(r"[:：]|\s{2,}", text)[-1]
        if _is_date_row(text) or is_blank_date(tail) or is_unread_date(tail):
            return _date(row)
        dates = find_dates(text)
        if dates and dates[-1].end >= len(fold(text).rstrip()) - 1:
            return _date(row)
    return None


def reply_block(letter: Letter) -> tuple[Row, ...]:
    """The rows of the reply slip, to its date; () where there is none."""
    if letter.slip < 0:
        return ()
    date = _date_row(letter.rows, letter.slip, len(letter.rows))
    return letter.rows[letter.slip : date + 1 if date >= 0 else len(letter.rows)]
