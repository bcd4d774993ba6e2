"""What a call says about its papers: kinds, titles, fields and their labels. Data, made from call.yaml.

A FormSpec knows nothing of the rules: it says where a field stands, never whether its value is acceptable.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FieldType(StrEnum):
    """How the raw text of a field is understood."""

    TEXT = "text"
    ORGANISATION = "organisation"
    PERSON = "person"
    PROVINCE = "province"
    COUNTY = "county"
    MONEY = "money"  # yuan as decimal text
    DATE = "date"  # ISO; YYYY-MM where no day is given
    PHONE = "phone"
    EMAIL = "email"
    CHOICE = "choice"  # one of `options`
    ROWS = "rows"  # repeated rows of `columns`
    PROSE = "prose"  # a section of paragraphs
    CODE = "code"  # 统一社会信用代码: letters and digits, upper case


class Finder(StrEnum):
    """Where a field is looked for."""

    LABEL = "label"  # beside, below or after one of its labels: in tables, "label: value" lines, OCR lines
    TITLE = "title"  # the document's title
    DOCUMENT_NUMBER = "document_number"  # 发文字号, e.g. 中林函〔2021〕12号
    ADDRESSEE = "addressee"  # 主送机关, the line that ends with a colon after the title
    SIGNATURE = "signature"  # 署名, the organisation above the date at the letter's end
    SIGNATURE_DATE = "signature_date"  # 成文日期 below the signature
    QUOTED = "quoted"  # the text in “” or 《》 that stands nearest to one of its labels
    DEADLINE = "deadline"  # the date of “请于…前函复”: before 前, near one of its labels
    REPLY_DATE = "reply_date"  # the date below the reply slip (回执)
    TABLE = "table"  # rows below a header of `columns`
    PERIOD_START = "period_start"  # the first date of a span that one label introduces (起止时间)
    PERIOD_END = "period_end"  # the last date of that span
    SENTENCE = "sentence"  # behind one of its labels in a sentence: an amount, or a person and that person's number
    DATE_LINE = "date_line"  # a line outside tables that is a date and nothing else
    PART = "part"  # the province or county that another field (`of`) names
    SECTION = "section"  # all paragraphs under a heading or beside a label, till the next one


class SlotFinder(StrEnum):
    """Where a slot is looked for."""

    BOX = "box"  # the cell or the block of lines that one of its labels opens
    COVER = "cover"  # the line of the cover that one of its labels opens
    SIGNATURE = "signature"  # 署名 and 成文日期 at the letter's end
    REPLY = "reply"  # the reply slip (回执)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a CHOICE field: its value and the texts that stand for it."""

    value: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A field: its id (for ever), type, and where it is looked for.

    labels: variants, best first; matched without inner spaces, numbers in front, colons, slashes and bracketed notes.
    local: labels that many things share (联系电话, 姓名); they count only where the nearest person or body named
    before is one of `sections`.
    finders: tried in order; the first that finds the label wins.
    unit: of a MONEY field where neither cell nor label nor header says one: "yuan" or "wan" (万元).
    options: of a CHOICE. columns: of ROWS. of: the id that PART fields derive from.
    sections: parts of the labels and headings that open the place where `local` counts (项目负责人).
    zh, en: what people call the field; "" where its first label does.
    barred: parts of the labels and headings under which neither `labels` nor `local` count (结对: the partner's
    联系人 is not the applicant's).
    """

    id: str
    type: FieldType
    labels: tuple[str, ...] = ()
    finders: tuple[Finder, ...] = (Finder.LABEL,)
    unit: str = "yuan"
    options: tuple[Option, ...] = ()
    columns: tuple[FieldSpec, ...] = ()
    of: str = ""
    local: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()
    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class SlotSpec:
    """A slot for an opinion, a signature and a seal. id: for ever. labels: variants, matched like a field's.

    zh, en: what people call it. signature: a person signs there.
    """

    id: str
    labels: tuple[str, ...]
    zh: str
    en: str
    signature: bool = False
    finder: SlotFinder = SlotFinder.BOX


@dataclass(frozen=True, slots=True)
class Edition:
    """A blank form as it was published. zh, en: what people call the edition. current: it is the one to be used.

    labels: its labels and headings, hints: what stands in its blanks to be replaced, both squeezed (see
    extractors/forms/edition.py).
    """

    zh: str
    en: str
    current: bool
    labels: frozenset[str]
    hints: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A kind of paper. kind: stable id. titles: how it calls itself, best first. hints: words that occur in it.

    stops: labels of what is no field (传真, 开户行): they end the value that stands before them.
    names: what the call is called in its papers. A paper whose title names something else and that mentions none of
    them is another call's, however alike.
    editions: its blank forms; () where none is at hand.
    """

    kind: str
    zh: str
    en: str
    titles: tuple[str, ...]
    fields: tuple[FieldSpec, ...]
    hints: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    slots: tuple[SlotSpec, ...] = ()
    names: tuple[str, ...] = ()
    editions: tuple[Edition, ...] = ()
