"""What a form says in its prose, for rules that look for words in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.document import FieldState
from extractors.forms.spec import Finder
from extractors.values.characters import squeeze
from services.validation.check import FieldRef
from services.validation.model import Evidence, Submission
from services.validation.statements import iter_kind, recognised, statements

_STOPS = tuple("。！？；….!?;)）”")
_SHORT = 3  # characters by which a paragraph's last line is shorter than a full one
_MOST = 200_000  # characters of a submission that are searched


@dataclass(frozen=True, slots=True)
class Prose:
    """The words of some sections without blanks. evidence: where each stands. complete: nothing of them may be
    missing, because every paper was read as text, or states every section to the end of a sentence.
    papers: how many there are."""

    text: str
    evidence: tuple[Evidence, ...]
    complete: bool
    papers: int

    def around(self, start: int, end: int) -> str:
        """The words found, with some before and after."""
        return self.text[max(0, start - 12) : end + 12]


def prose_of(submission: Submission, fields: tuple[FieldRef, ...], trust: float) -> Prose:
    """What the papers state in `fields`, all of one form."""
    texts: list[str] = []
    evidence: list[Evidence] = []
    absent = False
    for ref in fields:
        stated = statements(submission, ref, trust)
        for each in (*stated.found, *stated.unclear):
            # what OCR makes of a long text is unsure somewhere; for single words it does
            texts.append(squeeze_all(each.field.value or each.field.raw))
            absent = absent or (each.recognised and not ended(each.field.value or each.field.raw))
            evidence.append(each.evidence)
        # 带动的省级学会: a form need not have a place of its own for what its sections may say
        absent = absent or (bool(stated.absent) and Finder.SECTION in ref.spec.finders)
    papers = [reading for _, _, reading in iter_kind(submission, fields[0].form.kind)] if fields else []
    unread = any(recognised(reading) or reading.document.blind for reading in papers)
    return Prose(
        "\n".join(texts)[:_MOST], tuple(evidence), not (absent and unread) and not submission.blind, len(papers)
    )


def ended(text: str) -> bool:
    """A section's text, one line a line of the page, ends like a sentence, or in a line that is not full: what OCR made
    of it was not cut off."""
    lines = text.rstrip().split("\n")
    short = len(lines) > 1 and len(lines[-1]) + _SHORT <= max(map(len, lines))
    return short or lines[-1].endswith(_STOPS)


def whole_text(submission: Submission, kind: str) -> str:
    """Everything that the papers of a kind say, fields too, without blanks; lines stay apart."""
    parts = []
    for _, _, reading in iter_kind(submission, kind):
        parts.append("\n".join(squeeze_all(line.text) for line in reading.document.iter_lines() if not line.hidden))
        parts += [squeeze_all(field.value) for field in reading.fields if field.state is FieldState.FOUND]
    return "\n".join(parts)[:_MOST]


def squeeze_all(text: str) -> str:
    """`squeeze` for texts of any length: paragraph by paragraph."""
    return re.sub(r"\n+", "", "\n".join(squeeze(part) for part in text.split("\n")))
