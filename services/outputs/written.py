"""The value of a field as people write it."""

from __future__ import annotations

from extractors.document import Field
from extractors.forms.spec import FieldSpec, FieldType
from services.validation.values import amount_of
from services.validation.wording import yuan


def written(field: Field, spec: FieldSpec | None) -> str:
    """205,000元; the label of a choice; "3 项" for rows; else the value."""
    if spec is not None and spec.type is FieldType.MONEY and (amount := amount_of(field)) is not None:
        return yuan(amount)
    if spec is not None and spec.type is FieldType.CHOICE:
        return next((option.labels[0] for option in spec.options if option.value == field.value), field.value)
    return f"{len(field.rows)} 项" if field.rows else field.value
