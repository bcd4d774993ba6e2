"""What a check is: a typed operator that an administrator names in call.yaml.

    @check("at_most", AtMost)
    def at_most(submission: Submission, params: AtMost) -> Iterator[Observation]: ...

A check gets everything by argument and yields at least one Observation, also where all is well: a reviewer wants the
whole checklist. It never raises for what a submission states. The judge makes findings of observations by adding what
the rule says (severity, clause, title, suggestion), so a check knows nothing of those.

Parameters are pydantic models. A field ("application_form.requested_amount", or a column of a repeated field,
"application_form.budget_items.amount") and a paper ("pairing_letter") are looked up in the call while parameters are
parsed (`parse_params`), so a wrong name is found when a call is loaded, not when an application arrives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationInfo
from pydantic_core import core_schema

from extractors.forms.spec import FieldSpec, FieldType, FormSpec
from services.validation.labels import label_of
from services.validation.mistakes import mistake, unknown
from services.validation.model import Call, Evidence, Outcome, Severity, Submission, Text


@dataclass(frozen=True, slots=True)
class Observation:
    """What a check saw. expected, actual: short, language-free where possible; "" where there is nothing to compare.

    severity: where this weighs less than the rule; None for as the rule. asks: whether a violation asks something of
    the applicant; received on the very last day is for a reviewer to settle.
    """

    outcome: Outcome
    message: Text
    evidence: tuple[Evidence, ...] = ()
    expected: str = ""
    actual: str = ""
    severity: Severity | None = None
    asks: bool = True


class Params(BaseModel):
    """Parameters of a check: frozen; an unknown name is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


def _of_call(value: object, info: ValidationInfo) -> object:
    return _call_of(info).gazetteer_date if value is None else value


GazetteerDate = Annotated[date, BeforeValidator(_of_call), Field(default=None, validate_default=True)]
"""The day whose counties count; the call's own (`gazetteer`) where a rule names none."""


class TrustParams(Params):
    """Parameters of a check that reads values. trust: values of a lower confidence (0 to 1) are not judged."""

    trust: float = Field(default=0.6, ge=0, le=1)


class CertainParams(TrustParams):
    """Parameters of a check that tells a slip of the author from one of OCR. certain: from this confidence (0 to 1) on,
    what a scan shows counts as written so; below, it is undetermined."""

    certain: float = Field(default=0.9, ge=0, le=1)


def _some(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if not values:
        raise ValueError("at least one is needed")
    return values


AtLeastOne = AfterValidator(_some)
"""Of a tuple. Unlike min_length it says nothing where an item is wrong, which is told already."""

P = TypeVar("P", bound=Params)


@dataclass(frozen=True, slots=True)
class Check:
    """A registered check. manual: the docstring of its parameters, for administrators."""

    name: str
    params: type[Params]
    run: Callable[[Submission, Any], Iterator[Observation]]

    @property
    def manual(self) -> str:
        return self.params.__doc__ or ""


CHECKS: dict[str, Check] = {}


def check(
    name: str, params: type[P]
) -> Callable[[Callable[[Submission, P], Iterator[Observation]]], Callable[[Submission, P], Iterator[Observation]]]:
    """Register a check under the name that call.yaml uses. Raises ValueError where two checks share a name."""

    def register(
        run: Callable[[Submission, P], Iterator[Observation]],
    ) -> Callable[[Submission, P], Iterator[Observation]]:
        if name in CHECKS:
            raise ValueError(f"two checks are called {name}")
        CHECKS[name] = Check(name, params, run)
        return run

    return register


def parse_params(params: type[P], values: Mapping[str, object], call: Call) -> P:
    """Make the parameters of a check. Raises pydantic.ValidationError, also for fields that the call does not have."""
    return params.model_validate(dict(values), context=call)


# ------------------------------------------------------------------------------------------- names in parameters


def _call_of(info: ValidationInfo) -> Call:
    if not isinstance(info.context, Call):
        raise TypeError("parameters are parsed with the call as context: use parse_params")
    return info.context


def _form(name: object, info: ValidationInfo) -> FormSpec:
    form = _call_of(info).form(name) if isinstance(name, str) else None
    if form is None:
        raise unknown(Text("材料", "form"), str(name), [form.kind for form in _call_of(info).forms])
    return form


Paper = Annotated[FormSpec, PlainValidator(_form)]
"""A kind of paper of the call, by its kind."""


@dataclass(frozen=True, slots=True)
class FieldRef:
    """A field of one of the call's forms. column: of a repeated field; None for the field itself."""

    form: FormSpec
    field: FieldSpec
    column: FieldSpec | None = None

    @property
    def spec(self) -> FieldSpec:
        return self.field if self.column is None else self.column

    @property
    def label(self) -> Text:
        return label_of(self.spec, self.form)

    def __str__(self) -> str:
        return ".".join([self.form.kind, self.field.id, *([self.column.id] if self.column else [])])

    @classmethod
    def resolve(cls, name: object, info: ValidationInfo) -> FieldRef:
        parts = name.split(".") if isinstance(name, str) else []
        if len(parts) not in (2, 3):
            zh, en = "栏目应写作 材料.栏目 或 材料.栏目.列", "a field is written form.field or form.field.column"
            raise mistake(zh, en, kind="field_syntax")
        form = _form(parts[0], info)
        field = _field(form.fields, parts[1], form.kind)
        return cls(form, field, _field(field.columns, parts[2], f"{form.kind}.{field.id}") if parts[2:] else None)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> core_schema.CoreSchema:
        return core_schema.with_info_plain_validator_function(cls.resolve)


def _field(fields: tuple[FieldSpec, ...], id: str, owner: str) -> FieldSpec:
    for field in fields:
        if field.id == id:
            return field
    raise unknown(Text("栏目", "field"), id, [field.id for field in fields], owner)


def _of_type(*types: FieldType) -> AfterValidator:
    def validate(ref: FieldRef) -> FieldRef:
        if ref.spec.type not in types:
            wanted = ", ".join(type.value for type in types)
            raise mistake(
                f"{ref} 的类型是 {ref.spec.type.value}，此检查需要 {wanted}",
                f"{ref} is of type {ref.spec.type.value}; this check takes {wanted}",
            )
        return ref

    return AfterValidator(validate)


def _column(ref: FieldRef) -> FieldRef:
    if ref.column is None:
        raise mistake(f"{ref} 不是列，应写作 材料.栏目.列", f"{ref} is not a column: write form.field.column")
    return ref


MoneyRef = Annotated[FieldRef, _of_type(FieldType.MONEY)]
TextColumnRef = Annotated[FieldRef, _of_type(FieldType.TEXT), AfterValidator(_column)]
MoneyColumnRef = Annotated[FieldRef, _of_type(FieldType.MONEY), AfterValidator(_column)]
DateRef = Annotated[FieldRef, _of_type(FieldType.DATE)]
WrittenRef = Annotated[FieldRef, _of_type(FieldType.PHONE, FieldType.EMAIL)]
"""A field that is to be written in a certain form."""
OrganisationRef = Annotated[FieldRef, _of_type(FieldType.ORGANISATION)]
PlaceRef = Annotated[FieldRef, _of_type(FieldType.ORGANISATION, FieldType.COUNTY)]
