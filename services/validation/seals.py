"""Which seal on a paper is whose: the seals that a call expects, each with the seal that stands for it.

1. A seal that bears an expected organisation's name is that organisation's, wherever it stands.
2. So is one of its departments, branches or special purposes (湖南省林学会财务专用章): of it, but not its own.
3. What is left stands for the expected organisation in whose slot it is, or else for the one whose name is nearest to
   what was read; every seal for one at most. A signature chop stands for nobody.

An expected organisation to which nothing was assigned has no seal on the paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Annotated

from pydantic import Field as Parameter
from pydantic import ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError
from rapidfuzz.distance import Levenshtein

from extractors.document import FieldState, Reading, Seal, SealColour, SealShape
from extractors.forms.spec import FormSpec
from extractors.values.alike import similarity
from extractors.values.parts import Part, Parted, is_usual, is_usual_whole, nearly, parted, resembles_department
from extractors.values.places import find_province
from extractors.values.societies import national_societies
from services.validation.check import Observation, OrganisationRef, Paper, Params, TrustParams
from services.validation.model import Evidence, Outcome, Severity, Submission, Text
from services.validation.organisations import normal, parse
from services.validation.statements import Statement, iter_kind, statements
from services.validation.whose import Known, Ownership, Whose, whose


class Expected(Params):
    """A seal that a paper needs.

    document: the paper. of: fields that name the organisation, best first; the first that is stated counts.
    slots: where on the paper it stands; none named: anywhere. departments: whose seal does as well (科普部).
    names: the organisation where no field names it; {province} is the province of `province_of`.
    required: without it the paper is not complete. severity: where it is not the rule's.
    """

    document: Paper
    of: tuple[OrganisationRef, ...] = ()
    slots: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    province_of: OrganisationRef | None = None
    required: bool = True
    severity: Severity | None = None

    @field_validator("slots")
    @classmethod
    def _known_slots(cls, slots: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        form = info.data.get("document")
        if isinstance(form, FormSpec):
            known = [slot.id for slot in form.slots]
            for slot in slots:
                if slot not in known:
                    raise PydanticCustomError(
                        "unknown_slot",
                        "no slot {id} in {owner}; it has: {known}",
                        {"id": slot, "owner": form.kind, "known": ", ".join(known) or "none"},
                    )
        return slots

    @model_validator(mode="after")
    def _named(self) -> Expected:
        if not self.of and not self.names:
            raise PydanticCustomError("no_owner", "say whose seal: fields (`of`) or names (`names`)")
        if any(PROVINCE in name for name in self.names) and self.province_of is None:
            raise PydanticCustomError(
                "no_province", "{province} needs the field of `province_of`", {"province": PROVINCE}
            )
        return self


class SealParams(TrustParams):
    """Parameters of a check of seals.

    seals: whose are expected where. trust: a seal read with less confidence (0 to 1) is not judged.
    agreed: a seal that reads exactly an expected name is believed from this confidence on; from half of it where the
    name is the reader's other choice, for two choices share it.
    """

    seals: Annotated[tuple[Expected, ...], Parameter(min_length=1)]
    agreed: float = Parameter(default=0.4, ge=0, le=1)


NO_SEAL = Observation(Outcome.NOT_APPLICABLE, Text("没有需要查看的印章。", "There is no seal to look at."))


PROVINCE = "{province}"

ALIKE = 0.6
"""From this similarity on, a reading may be of a name."""

CLEAR = 0.75
"""From this confidence on a line in the middle of a seal is not print that lies beneath it."""

CLEAR_USUAL, CLEAR_WHOLE = 0.3, 0.1
"""The same of a line that reads 财务专用章 or 办公室 but for a character, and of one that reads just so: print beneath
seals never did."""

SURE_NAME = 0.9
"""From this confidence of a name on, a part of no usual wording behind it is told."""

OTHER = "other"
"""The kind of a file that is no paper of the call: a reply that came as a letter of its own, a photograph."""


_SLOT_WORDS = re.compile(r"[（(]?(?:单位)?(?:公章|盖章|签章)[)）]?")  # print that is read into a name


class Standing(StrEnum):
    """What stands on the paper for an expected organisation."""

    OWN = "own"  # its seal, or that of a department which does as well
    PART = "part"  # the seal of a department, a branch or a special purpose of it
    OTHER = "other"  # another organisation's seal
    UNSURE = "unsure"  # a seal, but whose could not be told
    NONE = "none"  # no seal


@dataclass(frozen=True, slots=True)
class Stamp:
    """A seal on a paper. file: index into the submission's files. slot: its id; "" in none. kind: of the name on it.

    clear: what makes it a part's was read surely, on the arc or as a line of its own.
    """

    file: int
    seal: Seal
    slot: str
    head: str
    part: str
    kind: Part
    clear: bool = True

    @property
    def reads(self) -> str:
        return " ".join(part for part in (self.seal.text, self.seal.centre_text) if part)

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.file, self.seal.place, "seal", self.reads)


@dataclass(frozen=True, slots=True)
class Account:
    """An expected seal and what stands for it. names: of the organisation; () where nobody states it.

    stated: evidence of the names. stamps: what stands for it, () for NONE. ownership: of the first of them.
    seals: all seals of the paper. papers: files of its kind. blind: part of them was not seen. unread: a seal-like ring
    without text, which might be it, is on the paper. elsewhere: its seals on files that are no paper of the call.
    """

    expected: Expected
    names: tuple[str, ...]
    stated: tuple[Evidence, ...]
    standing: Standing
    stamps: tuple[Stamp, ...]
    ownership: Ownership
    seals: tuple[Stamp, ...]
    papers: tuple[int, ...]
    blind: bool
    unread: bool
    elsewhere: tuple[Stamp, ...]

    @property
    def owner(self) -> Text:
        """Whose seal is expected, for people: 署名单位“湖南省林学会”."""
        label = self.expected.of[0].label if self.expected.of else Text("应盖章单位", "the organisation expected")
        names = "、".join(f"“{name}”" for name in self.names)
        return Text(label.zh + names, f"the {label.en.removeprefix('the ')}{' ' + names if names else ''}")


def told(submission: Submission, params: SealParams) -> list[Account]:
    """The accounts that say something. A seal that need not be there is told where it was read; that it cannot be read
    matters no more than that it is not there."""
    unseen = (Standing.NONE, Standing.UNSURE)
    return [
        account
        for account in accounts(submission, params)
        if account.expected.required or account.standing not in unseen
    ]


def accounts(submission: Submission, params: SealParams) -> list[Account]:
    """Every expected seal with what stands for it, in the order of the parameters."""
    found: dict[int, Account] = {}
    for form in {expected.document.kind: expected.document for expected in params.seals}.values():
        wanted = [index for index, expected in enumerate(params.seals) if expected.document.kind == form.kind]
        found |= _of_paper(submission, params, form, wanted)
    return [found[index] for index in range(len(params.seals))]


def _of_paper(submission: Submission, params: SealParams, form: FormSpec, wanted: list[int]) -> dict[int, Account]:
    """The accounts of one kind of paper. wanted: indices into params.seals."""
    papers = tuple(iter_kind(submission, form.kind))
    stamps, others = tuple(_stamps(submission, form.kind)), tuple(_stamps(submission, OTHER))
    known = _known(tuple(sorted(_mentioned(submission))))
    blind = any(reading.document.blind for _, _, reading in papers)
    wishes = {index: _wish(submission, params, params.seals[index], (stamps, others), known) for index in wanted}
    standing = _standing(stamps, wishes)
    return {
        index: Account(
            expected=wish.expected,
            names=wish.names,
            stated=wish.stated,
            standing=standing[index][0],
            stamps=tuple(stamps[at] for at in standing[index][1]),
            ownership=wish.judged[standing[index][1][0]][1] if standing[index][1] else Ownership(Whose.UNSURE),
            seals=stamps,
            papers=tuple(file for file, _, _ in papers),
            blind=blind,
            unread=any(not stamp.seal.text for stamp in stamps),
            elsewhere=wish.elsewhere,
        )
        for index, wish in wishes.items()
    }


@dataclass(frozen=True, slots=True)
class _Wish:
    """An expected seal and what each seal of the paper is to it. judged: one a stamp, in their order."""

    expected: Expected
    names: tuple[str, ...]
    stated: tuple[Evidence, ...]
    judged: tuple[tuple[Standing, Ownership], ...]
    elsewhere: tuple[Stamp, ...]


def _wish(
    submission: Submission,
    params: SealParams,
    expected: Expected,
    stamps: tuple[tuple[Stamp, ...], tuple[Stamp, ...]],
    known: Known,
) -> _Wish:
    names, stated = _names(submission, expected, params.trust)
    own, others = ([_judged(stamp, params, expected, names, known) for stamp in each] for each in stamps)
    elsewhere = (stamp for stamp, seen in zip(stamps[1], others, strict=True) if seen[0] is Standing.OWN)
    return _Wish(expected, names, stated, tuple(own), tuple(elsewhere))


def _standing(stamps: tuple[Stamp, ...], wishes: dict[int, _Wish]) -> dict[int, tuple[Standing, list[int]]]:
    """What stands for each expected seal: by name, and then by slot and nearness. Indices are those of the stamps."""
    found: dict[int, tuple[Standing, list[int]]] = {}
    taken: set[int] = set()
    for kind in (Standing.OWN, Standing.PART):
        for index, wish in wishes.items():
            mine = [at for at, (standing, _) in enumerate(wish.judged) if standing is kind]
            taken |= set(mine)
            if mine:
                found.setdefault(index, (kind, mine))
    left = [
        at for at, stamp in enumerate(stamps) if at not in taken and stamp.seal.text and stamp.kind is not Part.PERSON
    ]
    unmet = {index: wish for index, wish in wishes.items() if index not in found}
    met = [name for index, wish in wishes.items() if index in found for name in wish.names]
    left = [at for at in left if stamps[at].slot or not _again(stamps[at], met, unmet)]
    for at, index in _assigned(stamps, left, unmet):
        mine = [*found.get(index, (Standing.NONE, []))[1], at]
        kinds = {unmet[index].judged[one][0] for one in mine}
        found[index] = Standing.UNSURE if Standing.UNSURE in kinds else Standing.OTHER, mine
    return {index: found.get(index, (Standing.NONE, [])) for index in wishes}


def _stamps(submission: Submission, kind: str) -> Iterator[Stamp]:
    """The seals of a kind of paper. An organisation's own is round (社会团体印章管理规定, 国发〔1999〕25号), oval ones
    are for special purposes."""
    for file, _, reading in iter_kind(submission, kind):
        slots = {at: slot.id for slot in reading.slots for at in slot.seals}
        for at, seal in enumerate(reading.seals):
            name = _parted(normal(_SLOT_WORDS.sub("", seal.text)), normal(seal.centre_text))
            least = CLEAR_WHOLE if is_usual_whole(name.part) else CLEAR_USUAL if is_usual(name.part) else CLEAR
            clear = seal.centre_confidence >= least or _on_arc(name.part, seal)
            if name.kind is Part.OWN and seal.shape is SealShape.OVAL:
                # whatever its middle says; on a photograph from aside a round seal looks like one, too
                name, clear = Parted(name.head, "", Part.SPECIAL), _is_measured(seal, reading)
            yield Stamp(file, seal, slots.get(at, ""), name.head, name.part, name.kind, clear)


def _on_arc(part: str, seal: Seal) -> bool:
    """It stands behind the name: surely, where it is an unusual one: a few characters there may be another seal's."""
    return part in normal(seal.text) and (not part or is_usual(part) or seal.confidence >= SURE_NAME)


def _is_measured(seal: Seal, reading: Reading) -> bool:
    """The page's size on paper is known, so that shapes are those on paper."""
    return any(page.number == seal.place.page and page.width_mm is not None for page in reading.document.pages)


def _parted(arc: str, centre: str) -> Parted:
    """The name on the arc and its part, which may run horizontally below it (as the regulation lets branches do)."""
    own, below, whole = parted(arc), parted(centre), parted(arc + centre)
    if own.kind is not Part.OWN or not centre or centre in arc:
        return own  # 高县科, of the printed name beneath 上高县科学技术协会, is no department
    if whole.kind is not Part.OWN and whole.head == arc:
        return whole  # 湖南省林学会 with 组宣部 below
    if below.kind is Part.OWN and resembles_department(centre):
        return Parted(arc, centre, Part.DEPARTMENT)
    return own if below.kind in (Part.OWN, Part.PERSON) else Parted(arc, centre, below.kind)


def _names(submission: Submission, expected: Expected, trust: float) -> tuple[tuple[str, ...], tuple[Evidence, ...]]:
    """What the expected organisation is called, and where that is stated."""
    stated = [found for ref in expected.of if (found := statements(submission, ref, trust).found)]
    # 贵县科协 says nothing where the form names the county
    stated.sort(key=lambda found: not any(_says_who(one.field.value) for one in found))
    if stated:
        names = dict.fromkeys(one.field.value for one in stated[0])
        # the name beside a seal may lack a character that the seal hides; where another paper has it, both will do
        slips = (one.field.value for found in stated[1:] for one in found if _one_slip(one.field.value, stated[0]))
        return tuple(dict.fromkeys((*names, *slips))), tuple(one.evidence for one in stated[0])
    if expected.names and expected.province_of is not None:
        for one in statements(submission, expected.province_of, trust).found:
            if province := find_province(one.field.value):
                return tuple(name.replace(PROVINCE, province) for name in expected.names), (one.evidence,)
    if expected.names and expected.province_of is None:
        return expected.names, ()
    return (), ()


def _one_slip(name: str, found: Sequence[Statement]) -> bool:
    """Whether one character makes it what was read from a scan."""
    read = (normal(one.field.value) for one in found if one.recognised)
    return any(Levenshtein.distance(text, normal(name)) == 1 for text in read)


def _says_who(name: str) -> bool:
    parsed = parse(name)
    return parsed.known or bool(parsed.province)


def _mentioned(submission: Submission) -> set[str]:
    """Every organisation that a field of the submission names."""
    return {
        field.value
        for file in submission.files
        for reading in file.readings
        for field in reading.fields
        if field.state is FieldState.FOUND and _is_organisation(field.value)
    }


def _is_organisation(value: str) -> bool:
    return 4 <= len(value) <= 60 and normal(value).endswith(_ENDINGS)


_ENDINGS = ("会", "部", "局", "厅", "中心", "公司", "学院", "大学", "院", "所")


@lru_cache(maxsize=64)
def _known(mentioned: tuple[str, ...]) -> Known:
    return Known((*mentioned, *(society.name for society in national_societies())))


def _judged(
    stamp: Stamp, params: SealParams, expected: Expected, names: tuple[str, ...], known: Known
) -> tuple[Standing, Ownership]:
    """What a seal is to an expected organisation: OWN, PART, OTHER or UNSURE."""
    if not stamp.seal.text or not names:
        return Standing.UNSURE, Ownership(Whose.UNSURE)
    whole = normal(stamp.head + stamp.part)
    heads = tuple(parted(normal(name)).head or name for name in names)
    confidence = stamp.seal.confidence
    exact = whole in {normal(name) for name in names}
    also = tuple(parted(normal(other)).head for other in stamp.seal.alternatives)
    read, wanted = (whole, names) if exact else (stamp.head, heads)
    ownership = whose(read, wanted, known, confidence=confidence, also=also)
    agrees = exact or normal(stamp.head) in map(normal, names)
    if confidence < (params.agreed / 2 if ownership.instead else params.agreed if agrees else params.trust):
        return Standing.UNSURE, Ownership(Whose.UNSURE, "", ownership.runner_up, ownership.margin)
    if ownership.whose is Whose.UNSURE or _may_be_print(stamp.seal):
        return Standing.UNSURE, ownership
    if ownership.whose is Whose.OTHER:
        return Standing.OTHER, ownership
    parts = {parted(normal(name)).part for name in names} | set(expected.departments) | {""}
    accepted = stamp.part in parts or any(nearly(stamp.part, department) for department in expected.departments)
    own = (exact and stamp.part != "") or stamp.kind is Part.OWN or (stamp.kind is Part.DEPARTMENT and accepted)
    return (Standing.OWN if own else Standing.PART), ownership


def _may_be_print(seal: Seal) -> bool:
    """A name in a black frame may be a box of the form, and seals of organisations are round: a person looks."""
    return seal.colour is SealColour.BLACK and seal.shape in (SealShape.SQUARE, SealShape.RECTANGLE)


def _again(stamp: Stamp, met: list[str], unmet: dict[int, _Wish]) -> bool:
    """It is more like a name whose seal was found than like any still wanted: another impression of that seal."""
    missing = _nearest(stamp, [name for wish in unmet.values() for name in wish.names])
    return _nearest(stamp, met) >= max(ALIKE, missing)


def _nearest(stamp: Stamp, names: list[str]) -> float:
    return max((similarity(stamp.head, normal(name)) for name in names), default=0.0)


def _assigned(stamps: tuple[Stamp, ...], left: list[int], unmet: dict[int, _Wish]) -> Iterator[tuple[int, int]]:
    """Pairs of a seal that is left and the expected seal for which it stands."""
    free: list[int] = []
    for at in left:
        slot = stamps[at].slot
        owner = next((index for index, wish in unmet.items() if slot and slot in wish.expected.slots), None)
        if owner is not None:
            yield at, owner
        elif not slot or not any(wish.expected.slots for wish in unmet.values()):
            free.append(at)
    nearness = sorted(
        (-_nearest(stamps[at], list(wish.names)), at, index) for at in free for index, wish in unmet.items()
    )
    done: set[int] = set()
    met: set[int] = set()
    for _, at, index in nearness:
        if at not in done and index not in met:
            done.add(at)
            met.add(index)
            yield at, index
