"""A statement: some label, and what stands beside it. Tables and lines both come down to a list of these.

Statements are gathered once for a whole document, for all labels the form knows; then each field takes the one that
fits it best. So a value ends where the next label begins, whichever field that label belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from extractors.document import Line, Place, Source
from extractors.forms.labels import Labels, normal_label, unit_note


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose a statement is: a label or heading that opens a place. strong: in the same row or line, or its heading."""

    text: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """A label and what stands beside it.

    label: normal form. written: the label as written, with its notes (units, options).
    value: as written, paragraphs separated by line breaks; "" where nothing stands there.
    more: the further cells of the row up to the next label.
    place: of the value, or of the label where there is no value. confidence: 0 to 1, of the words used.
    cost: how far the label is from the known one (labels.Match). person, body: whose it is.
    unit: what a heading or a group's label states for its amounts, as a note (labels.unit_note).
    """

    label: str
    written: str
    value: str
    place: Place
    more: str = ""
    confidence: float = 1.0
    source: Source = Source.TEXT
    cost: int = 0
    person: Scope = Scope()
    body: Scope = Scope()
    unit: str = ""


@dataclass(slots=True)
class Whereabouts:
    """The person and the body that were last named while reading on, and the unit that the last heading stated."""

    labels: Labels
    person: Scope = Scope()
    body: Scope = Scope()
    under: bool = False  # a heading that names a person or body stands above
    unit: str = ""

    def pass_label(self, label: str) -> None:
        """A label was read; from here on it is what further labels refer to, if it is an anchor."""
        if not self.labels.anchor(label):
            return
        if is_person(label):
            self.person = Scope(label)
            if not self.body.strong and re.match(r"项目|申报|学会", label):
                self.body = Scope()  # 项目负责人 is the applicant's, whichever body was named before
        else:
            self.person, self.body = Scope(), Scope(label, self.under)

    def pass_heading(self, text: str) -> None:
        """A heading was read: it closes what was open, and opens what it names."""
        anchor = self.labels.anchor(text)
        label = normal_label(text)
        self.under = anchor
        self.unit = unit_note(text)
        self.person = Scope(label, True) if anchor and is_person(label) else Scope()
        self.body = Scope(label, True) if anchor and not is_person(label) else Scope()

    def of(self, statement: Statement) -> Statement:
        """The statement with the scopes it does not have of its own."""
        own = statement.person if statement.person.text or statement.body.text else self.person
        body = statement.body if statement.body.text else self.body
        return replace(statement, person=own, body=body, unit=statement.unit or self.unit)


def is_person(label: str) -> bool:
    """Whether a label names a person (负责人, 联系人电话) rather than a body."""
    return bool(
        re.search(r"负责人|联系人|代表人|经办人|主持人|联络[人员]|牵头人|带头人|责任人|申报人|申请人|填表人", label)
    )


_HEADING = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]{1,3}[、.．部章]|[(（][一二三四五六七八九十]{1,3}[)）])"
)


def is_heading(text: str) -> bool:
    """Whether a line opens a section: 二、结对单位情况."""
    return bool(_HEADING.match(text)) and len(text.strip()) <= 40 and not re.search(r"[。；]", text)


def joined(lines: Iterable[Line]) -> str:
    return "\n".join(line.text.strip() for line in lines).strip()


def least(lines: Iterable[Line]) -> float:
    """The least sure line's confidence; 1.0 for none."""
    return min((line.confidence for line in lines), default=1.0)


def source_of(lines: Iterable[Line]) -> Source:
    return Source.OCR if any(line.source is Source.OCR for line in lines) else Source.TEXT
