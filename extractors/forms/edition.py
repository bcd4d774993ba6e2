"""Which edition of a form is this? The blank form as it was published, against a filled one.

A blank form is kept beside its call as text, one label or heading a line; behind tabs stands what is printed in its
blank to be replaced:

    项目申报书
    项目名称<TAB>（不超过30字）
    申报单位意见<TAB>（公章）

So two things can be told of a filled form. A value that is only the template's hint was left blank. And the labels that
one edition has and another has not tell which of them was filled in: applicants move, merge and rename cells, but they
do not invent the labels of last year's form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.document import Document
from extractors.forms.labels import normal_label
from extractors.forms.spec import Edition
from extractors.values.characters import squeeze

_LINES = 2000  # of a blank form; it has some dozens
_LONGEST = 60  # characters of a label or printed sentence that is compared
_LEAST = 3  # labels that only the older edition has, below which nothing is concluded
_SHARE = 0.5  # of the labels that only the older edition has, which must be there


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much of an edition is in a document. own: labels that no other edition has; met: those found of them."""

    edition: Edition
    own: int
    met: tuple[str, ...]

    @property
    def share(self) -> float:
        return len(self.met) / max(1, self.own)


def read_edition(text: str, zh: str, en: str, *, current: bool) -> Edition:
    """The blank form from its text; lines that begin with # are comments."""
    labels: set[str] = set()
    hints: set[str] = set()
    for line in text.splitlines()[:_LINES]:
        if line.startswith("#"):
            continue
        label, *printed = line.split("\t")
        labels.add(normal_label(label))
        hints |= {squeeze(part) for part in printed}
    return Edition(zh, en, current, frozenset(labels - {""}), frozenset(hints - {""}))


def hints_of(editions: Sequence[Edition]) -> frozenset[str]:
    """What the blank forms print in their blanks, without spaces."""
    hints: set[str] = set()
    for edition in editions:
        hints |= edition.hints
    return frozenset(hints)


def older_edition(document: Document, editions: Sequence[Edition]) -> Likeness | None:
    """The edition, not the current one, that a document follows; None where it follows the current one or no other.

    At least half of the labels that only the older edition has must be there (three or more), and a smaller share of
    those that only the current one has.
    """
    current = next((edition for edition in editions if edition.current), None)
    if current is None or len(editions) < 2:
        return None
    texts = _texts(document)
    now = _likeness(current, editions, texts)
    older = [_likeness(edition, editions, texts) for edition in editions if not edition.current]
    best = max(older, key=lambda likeness: likeness.share)
    return best if len(best.met) >= _LEAST and best.share >= _SHARE and best.share > now.share else None


def _likeness(edition: Edition, editions: Sequence[Edition], texts: frozenset[str]) -> Likeness:
    others: set[str] = set()
    for other in editions:
        if other is not edition:
            others |= other.labels
    own = edition.labels - others
    return Likeness(edition, len(own), tuple(sorted(own & texts)))


def _texts(document: Document) -> frozenset[str]:
    """What may be a label: each line, what stands before a colon in it, and each cell of several lines as one."""
    found = set()
    for line in document.iter_lines():
        for text in (line.text, line.text.partition("：")[0], line.text.partition(":")[0]):
            if len(text) <= _LONGEST:
                found.add(normal_label(text))
    for table in document.tables:
        found |= {normal_label(cell.text) for cell in table.cells if len(cell.lines) > 1 and len(cell.text) <= _LONGEST}
    return frozenset(found)
