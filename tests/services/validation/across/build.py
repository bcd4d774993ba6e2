"""Boards for tests: submissions written so that a test shows only what matters to it."""

from __future__ import annotations

from datetime import datetime

import services.validation.across  # noqa: F401  (registers the operators)
from extractors.document import Field, Place, Reading
from extractors.forms.spec import FieldSpec, FieldType, Finder, FormSpec
from services.validation.board import OPERATORS, Board, Entry, Prose, Sighting
from services.validation.check import parse_params
from services.validation.model import File, Submission, Verdict
from tests.services.validation.build import FORM, LETTER, absent, call, field, form, letter, paper

RECOMMENDER = FieldSpec("recommender", FieldType.ORGANISATION, ("推荐单位",))
KIND = FieldSpec("applicant_type", FieldType.CHOICE, ("申报类别",))
PROVINCE = FieldSpec("partner_province", FieldType.PROVINCE, ("结对省份",))
NUMBER = FieldSpec("document_number", FieldType.TEXT, (), (Finder.DOCUMENT_NUMBER,))
FORMS = (
    FormSpec(FORM.kind, FORM.zh, FORM.en, FORM.titles, (*FORM.fields, RECOMMENDER, KIND, PROVINCE)),
    FormSpec(LETTER.kind, LETTER.zh, LETTER.en, LETTER.titles, (*LETTER.fields, NUMBER)),
)


def entry(
    name: str,
    *files: File,
    received: datetime | None = None,
    texts: tuple[str, ...] = (),
    sender: str = "",
    verdict: Verdict | None = None,
) -> Entry:
    """A submission. texts: what each file says, by paragraphs."""
    prose = tuple(Prose.of(((line, Place(path="p")) for line in text.split("\n")), 60_000) for text in texts)
    return Entry(name, Submission(files, received), prose, sender, verdict)


def application(name: str, applicant: str, *changes: Field, received: datetime | None = None) -> Entry:
    """A form of a society, typed, without a letter."""
    return entry(name, form(field("applicant", applicant), *changes), received=received)


def see(
    check: str, params: dict[str, object], *entries: Entry, superseded: frozenset[int] = frozenset()
) -> list[Sighting]:
    """What an operator says about these submissions."""
    operator = OPERATORS[check]
    parsed = parse_params(operator.params, params, call(forms=FORMS))
    return list(operator.run(Board(entries, superseded), parsed))


def told(sightings: list[Sighting]) -> list[tuple[str, tuple[int, ...]]]:
    """Outcomes with the submissions concerned."""
    return [(sighting.outcome.value, sighting.entries) for sighting in sightings]


__all__ = ["FORMS", "Reading", "absent", "application", "entry", "field", "form", "letter", "paper", "see", "told"]
