"""Slots in rules: a slot of a form by its name in call.yaml ("application_form.applicant_opinion"), and what the files
of a submission have in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError, core_schema

from extractors.document import Reading, Seal, SealColour, Slot
from extractors.forms.classify import OTHER
from extractors.forms.spec import FormSpec, SlotSpec
from extractors.values.characters import squeeze
from services.validation.model import Call, Evidence, File, Submission, Text
from services.validation.statements import iter_kind, recognised

_NAME = 5  # characters of a seal's name at least
_BESIDE = 12  # characters that stand before a name where somebody signs: 二、申报单位：…（盖章）
_SIGNED = re.compile(r"[(（]?(?:单位)?(?:盖章|公章|签章|印章|章)?[)）]?[:：]?")  # and behind it; titles go on
_ASKED = re.compile("签字|签名|签章|手签|签署")
_RECEIVED = re.compile("收文|来文|收件|收讫|收到日期")


@dataclass(frozen=True, slots=True)
class SlotRef:
    """A slot of one of the call's forms."""

    form: FormSpec
    slot: SlotSpec

    @property
    def label(self) -> Text:
        return Text(self.slot.zh, self.slot.en)

    def __str__(self) -> str:
        return f"{self.form.kind}.{self.slot.id}"

    @classmethod
    def resolve(cls, name: object, info: ValidationInfo) -> SlotRef:
        call = info.context
        if not isinstance(call, Call):
            raise TypeError("parameters are parsed with the call as context: use parse_params")
        kind, _, id = name.partition(".") if isinstance(name, str) else ("", "", "")
        form = call.form(kind)
        slot = next((slot for slot in form.slots if slot.id == id), None) if form is not None else None
        if form is None or slot is None:
            known = ", ".join(f"{form.kind}.{slot.id}" for form in call.forms for slot in form.slots) or "none"
            raise PydanticCustomError(
                "unknown_slot", "no slot {name}; the call has: {known}", {"name": str(name), "known": known}
            )
        return cls(form, slot)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> core_schema.CoreSchema:
        return core_schema.with_info_plain_validator_function(cls.resolve)


@dataclass(frozen=True, slots=True)
class Filled:
    """A slot as one file has it. file: index into the submission's files. seals: those in the slot."""

    file: int
    slot: Slot
    seals: tuple[Seal, ...]

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.file, self.slot.place, self.slot.id, self.slot.opinion or self.slot.date_raw)

    @property
    def seal_evidence(self) -> tuple[Evidence, ...]:
        return tuple(Evidence(self.file, seal.place, "seal", seal.text + seal.centre_text) for seal in self.seals)

    @property
    def sign_evidence(self) -> Evidence:
        return Evidence(self.file, self.slot.signature_place or self.slot.place, self.slot.id)


@dataclass(frozen=True, slots=True)
class Slots:
    """What the submission has of a slot. filled: one a file that has it. without: papers of the form in which it was
    not found, with their index and file."""

    filled: tuple[Filled, ...]
    without: tuple[tuple[int, File], ...]

    @property
    def papers(self) -> int:
        return len(self.filled) + len(self.without)


def slots_of(submission: Submission, ref: SlotRef) -> Slots:
    filled: list[Filled] = []
    without: list[tuple[int, File]] = []
    for index, file, reading in iter_kind(submission, ref.form.kind):
        slot = next((slot for slot in reading.slots if slot.id == ref.slot.id), None)
        if slot is None:
            without.append((index, file))
        else:
            filled.append(Filled(index, slot, tuple(reading.seals[i] for i in slot.seals if i < len(reading.seals))))
    return Slots(tuple(filled), tuple(without))


def stray_seals(submission: Submission, form: FormSpec) -> Iterator[tuple[int, Seal, bool]]:
    """The seals of a form's papers that stand in no slot: file, seal, and whether it is known that none is there.

    What the receiver stamps on a paper when it comes in (收文章) is none of the paper's seals. A black or grey seal on
    a scan hides the lines of its own slot: it is known only where every slot was found.
    """
    for index, _, reading in iter_kind(submission, form.kind):
        held = {number for slot in reading.slots for number in slot.seals}
        every = len({slot.place for slot in reading.slots}) >= len(form.slots)
        for number, seal in enumerate(reading.seals):
            if number in held or _RECEIVED.search(squeeze(seal.text + seal.centre_text)):
                continue
            if not _on_its_name(seal, reading):
                hides = recognised(reading) and seal.colour is SealColour.BLACK
                yield index, seal, every if hides else bool(reading.slots)


def _on_its_name(seal: Seal, reading: Reading) -> bool:
    """Whether the seal lies on the printed name of its owner: that is a signature, whoever signs there beside those of
    whom the form asks it (a society that supports the application)."""
    name, box = squeeze(seal.text), seal.place.box
    if len(name) < _NAME or box is None:
        return False
    for line in reading.document.iter_lines():
        if (line.place.page, line.place.path) != (seal.place.page, seal.place.path):
            continue
        before, found, behind = squeeze(line.text).partition(name)
        if found and len(before) <= _BESIDE and _SIGNED.fullmatch(behind):
            at = line.text.find(name)
            place = line.place.box if at < 0 else line.part(at, at + len(name))
            if place is not None and place.meets(box):
                return True
    return False


def is_over_rims(seal: Seal) -> bool:
    """A perforation seal (骑缝章) is cut by the paper's edge: it is pressed over several sheets, in no slot."""
    box = seal.place.box
    return seal.across > 0 or (box is not None and (box.left <= 0.015 or box.right >= 0.985))


def loose_pages(submission: Submission) -> tuple[int, ...]:
    """Files that may be further pages of a paper that was photographed page by page: on these pictures of no known
    kind a signature is asked for, and no paper asks for one."""
    readings = [(index, reading) for index, file in enumerate(submission.files) for reading in file.readings]
    if any(slot.signature_place is not None for _, reading in readings for slot in reading.slots):
        return ()
    return tuple(
        index
        for index, reading in readings
        if reading.kind == OTHER
        and recognised(reading)
        and any(_ASKED.search(line.text) for line in reading.document.iter_lines())
    )
