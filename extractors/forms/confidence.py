"""How sure a field of a scan is: by the characters of its own value, and calibrated.

A line's confidence is the mean over its characters, in which one doubtful digit of a long line drowns. A field is no
surer than the least sure character of its value allows; what two readings differ on (extractors/ocr/twice.py) is thus
never certain. How often such values are right was counted: `python -m benchmarks.reliability`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.document import UNREAD, Document, Field, FieldState, Line, Place, Seal, SealColour
from extractors.forms.spec import FieldType, FormSpec
from extractors.values.characters import squeeze

CURVE = ((0.0, 0.0), (0.5, 0.85), (0.6, 0.9), (0.9, 0.95), (1.0, 1.0))
"""From the least sure character's confidence to the field's; linear in between.

Counted on 1,057 fields of scans: with a least character from 0.9 on 1 of 971 was wrong, from 0.5 to 0.9 2 of 76
(the recogniser is modest there), below 2 of 10. 0.5 is what two readings differ on: open to doubt, however it came out.
"""

COVERED = 0.85
"""How sure at most a value is that a black seal lies on or ends at: its ring is read as a digit, or a rest is lost.

Not a date: what is sure of one there was weighed (extractors/ocr/dated.py).
"""

_AGREED = 0.99  # how sure at most a name is that two readings agree on
_RIM = 1.1  # of a seal's radius: where a value ends right before the ring it may go on beneath
_PROSE = 100  # characters from which a value is prose: a slip in it changes nothing that is judged


def with_confidence(fields: Sequence[Field], document: Document, form: FormSpec | None = None) -> tuple[Field, ...]:
    """The fields, with the confidence of those that OCR read bounded by their values' characters and by COVERED.

    form: the form whose fields they are.
    """
    if all(field.engine == "text" for field in fields):
        return tuple(fields)
    lines: dict[int | None, list[Line]] = {}
    for line in document.iter_lines():
        if line.words and line.place.box is not None:
            lines.setdefault(line.place.page, []).append(line)
    black = [seal for seal in document.seals if seal.colour is SealColour.BLACK]
    types = {spec.id: spec.type for spec in form.fields} if form is not None else {}
    sure: list[Field] = []
    for field in fields:
        if types.get(field.id) is FieldType.DATE:
            sure.append(_as_sure_as_its_characters(field, lines))
            continue
        field = _covered(_bounded(field, lines), black)
        organisation = types.get(field.id) is FieldType.ORGANISATION
        sure.append(_with_seals_word(field, document.seals) if organisation else field)
    return tuple(sure)


def _with_seals_word(field: Field, seals: Sequence[Seal]) -> Field:
    """The name of an organisation, surer where a seal that stands on it says the same: that was read by itself."""
    if field.state is not FieldState.FOUND or field.engine == "text" or field.place is None:
        return field
    name = squeeze(field.value)
    said = [seal.confidence for seal in seals if squeeze(seal.text) == name and reaches(seal.place, field.place)]
    doubt = (1 - field.confidence) * (1 - max(said, default=0.0))
    return replace(field, confidence=round(min(max(_AGREED, field.confidence), 1 - doubt), 4)) if said else field


def _covered(field: Field, seals: Sequence[Seal]) -> Field:
    """The field, less sure where one of the seals (black ones) reaches over it."""
    if not seals or field.engine == "text" or field.state not in (FieldState.FOUND, FieldState.UNCLEAR):
        return field
    if field.rows:
        rows = tuple(tuple(_covered(cell, seals) for cell in row) for row in field.rows)
        least = min((cell.confidence for row in rows for cell in row if cell.state is FieldState.FOUND), default=1.0)
        return replace(field, rows=rows, confidence=min(field.confidence, least))
    if field.place is None or not any(reaches(seal.place, field.place) for seal in seals):
        return field
    return replace(field, confidence=min(field.confidence, COVERED))


def reaches(seal: Place, place: Place) -> bool:
    """Whether a seal lies over a value, or the value ends right before its ring."""
    outer, box = seal.box, place.box
    if outer is None or box is None or seal.page != place.page or seal.path != place.path:
        return False
    x, y = (outer.left + outer.right) / 2, (outer.top + outer.bottom) / 2
    across = (min(max(x, box.left), box.right) - x) / max(1e-9, outer.width / 2)
    down = (min(max(y, box.top), box.bottom) - y) / max(1e-9, outer.height / 2)
    return across**2 + down**2 < _RIM**2


def _bounded(field: Field, lines: dict[int | None, list[Line]]) -> Field:
    if field.engine == "text":
        return field
    rows = tuple(tuple(_bounded(cell, lines) for cell in row) for row in field.rows)
    if rows:
        least = min((cell.confidence for row in rows for cell in row if cell.state is FieldState.FOUND), default=1.0)
        return replace(field, rows=rows, confidence=min(field.confidence, least))
    return _as_sure_as_its_characters(field, lines) if field.state is FieldState.FOUND else field


def _as_sure_as_its_characters(field: Field, lines: dict[int | None, list[Line]]) -> Field:
    if field.engine == "text" or field.place is None:
        return field
    sure = least_sure(field, lines.get(field.place.page, ()))
    return field if sure is None else replace(field, confidence=round(min(field.confidence, calibrated(sure)), 4))


def least_sure(field: Field, lines: Iterable[Line]) -> float | None:
    """The confidence of the least sure character that was read of what the field was understood from; None where it is
    not found."""
    box = field.place.box if field.place is not None else None
    wanted = "".join(field.raw.split())
    if box is None or not 0 < len(wanted) < _PROSE:
        return None
    found: list[float] = []
    for line in lines:
        other = line.place.box
        if other is None or min(box.right, other.right) <= max(box.left, other.left):
            continue
        if min(box.bottom, other.bottom) - max(box.top, other.top) < 0.3 * other.height:
            continue
        found += _of_value(line, wanted)
    return min(found, default=None)


def _of_value(line: Line, wanted: str) -> list[float]:
    """Confidences of the words of a line that belong to the value: it holds the value, or a part of the value."""
    text = "".join(word.text for word in line.words)
    start = text.find(wanted)
    if start < 0 and text in wanted:
        start, wanted = 0, text
    if start < 0:  # the value goes on from this line, or into it
        size = next((n for n in range(min(len(text), len(wanted)), 1, -1) if text.endswith(wanted[:n])), 0)
        if size:
            start, wanted = len(text) - size, wanted[:size]
        else:
            size = next((n for n in range(min(len(text), len(wanted)), 1, -1) if text.startswith(wanted[-n:])), 0)
            start, wanted = (0, wanted[-size:]) if size else (-1, "")
    if start < 0:
        return []
    position, found = 0, []
    for word in line.words:
        if position < start + len(wanted) and position + len(word.text) > start and UNREAD not in word.text:
            found.append(word.confidence)
        position += len(word.text)
    return found


def calibrated(sure: float) -> float:
    """By `CURVE`. sure: 0 to 1."""
    for (x0, y0), (x1, y1) in pairwise(CURVE):
        if sure <= x1:
            return y0 + (y1 - y0) * (sure - x0) / (x1 - x0)
    return CURVE[-1][1]
