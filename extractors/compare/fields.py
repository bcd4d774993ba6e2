"""What the scan's own fields say of a value that the texts leave open.

Texts that stand too differently are not aligned at a value: an amount in digits here and in words there, a label of
which OCR lost a character. The form's fields were looked for on the scan, too, and what they state can be compared by
what it means. A finder may have taken a neighbour's value: what the Word file states of another field, or a name that
stands anywhere in it, is no evidence, unless the texts lead to the same place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.compare.difference import Quote
from extractors.compare.keys import CERTAIN, SURE, is_numeric, slips_explain, stands_within
from extractors.compare.stream import meant
from extractors.document import Field, FieldState, Reading
from extractors.forms.confidence import calibrated
from extractors.forms.spec import FieldSpec, FieldType
from extractors.values.money import amounts, plain

_ANYWHERE = frozenset((FieldType.MONEY, FieldType.DATE))  # the same amount or day may be stated of many things


@dataclass(frozen=True, slots=True)
class Stated:
    """What the scan with index `file` states of a field. same: as the Word file does; else surely something else."""

    file: int
    field: Field
    same: bool


def stated_on(
    scans: Sequence[Reading], written: Reading, text: str, spec: FieldSpec, opposite: Quote | None = None
) -> Stated | None:
    """What the scans state of a field of the Word file; None where they do not, or not surely.

    text: all that the Word file says, as `meant`. opposite: what stands on the scan where the texts have the value.
    """
    own = _found(written, spec.id)
    if own is None:
        return None
    found = [(number, field) for number, scan in enumerate(scans) if (field := _found(scan, spec.id)) is not None]
    figures = _figures(written, own, spec)
    for number, field in found:
        # digits beside an amount in words are a statement of their own
        theirs = _figures(scans[number], field, spec)
        if field.value == own.value and (figures & theirs or not (figures and theirs)):
            return Stated(number, field, same=True)
    others = {field.value for field in written.fields if field.id != spec.id and field.value != own.value}
    least = calibrated(SURE if is_numeric(spec) else CERTAIN)
    for number, field in found:
        neighbours = field.value in others or (spec.type not in _ANYWHERE and meant(field.value) in text)
        if field.confidence < least or (neighbours and not _stands_there(number, field, opposite)):
            continue
        theirs = _figures(scans[number], field, spec)
        both = [(one, other) for one in figures for other in theirs] or [(own.value, field.value)]
        if not any(slips_explain(meant(one), meant(other), numeric=is_numeric(spec)) for one, other in both):
            return Stated(number, field, same=False)
    return None


def _stands_there(file: int, field: Field, opposite: Quote | None) -> bool:
    if opposite is None or not opposite.text or field.place is None or opposite.file != file:
        return False
    one, other = field.place, opposite.place
    return one.page == other.page and one.box is not None and other.box is not None and one.box.meets(other.box)


def _figures(reading: Reading, field: Field, spec: FieldSpec) -> frozenset[str]:
    """The amounts in digits that stand where the field does, as plain decimal text."""
    if spec.type is not FieldType.MONEY or field.place is None:
        return frozenset()
    lines = (line for line in reading.document.iter_lines() if stands_within(line.place, field.place))
    return frozenset(
        plain(amount.yuan) for line in lines for amount in amounts(line.text) if amount.proved and not amount.in_words
    )


def _found(reading: Reading, id: str) -> Field | None:
    return next((field for field in reading.fields if field.id == id and field.state is FieldState.FOUND), None)
