"""The files that an applicant sends: named, written, signed, scanned or photographed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from random import Random

from clients.simulator import letter, typeset, word
from clients.simulator.attachments import write_attachment
from clients.simulator.capture import SUFFIXES, Device, choose_device, take
from clients.simulator.chance import stream
from clients.simulator.form import LAYOUTS, write_form
from clients.simulator.form.signing import sign
from clients.simulator.plan import FormFacts, LetterFacts, Plan
from clients.simulator.truth import WrittenFile

_OLD_LAYOUT = "cover-and-sections"


def write_papers(name: str, plan: Plan) -> list[WrittenFile]:
    """Every file of a submission with its truth, in the order in which they were attached. name: of the chance."""
    files = []
    if plan.form is not None:
        files += _form_files(f"{name}/form", plan.form, plan)
    if plan.letter is not None:
        chance = plan.letter_chance or f"{name}/letter"
        files.append(_letter_file(chance, plan.letter, truncated=plan.damage == "truncated-letter"))
    if plan.attachment:
        files.append(write_attachment(stream(name, "third"), plan.attachment, plan.damage))
    return files


# ------------------------------------------------------------------------------------------ forms


def _form_files(name: str, facts: FormFacts, plan: Plan) -> list[WrittenFile]:
    """The form as Word, as Word beside its stamped scan, or as the scan alone."""
    rng = stream(name)
    layout = _OLD_LAYOUT if facts.edition else rng.choice(tuple(LAYOUTS))
    stem = rng.choice(
        (
            "项目申报书",
            f"{facts.applicant.name}项目申报书",
            f"附件2 项目申报书-{facts.applicant.name}",
            "申报书（终稿）",
        )
    )
    files = []
    if plan.delivery != "scan":
        files.append(_word_form(name, plan.word or facts, layout, stem, plan))
    if plan.delivery != "word":
        files.append(_stamped_form(name, facts, layout, stem + rng.choice(("（盖章扫描件）", "-盖章", "扫描件"))))
    return files


def _word_form(name: str, facts: FormFacts, layout: str, stem: str, plan: Plan) -> WrittenFile:
    flow, statement = write_form(stream(name, "text"), facts, layout, signed=plan.delivery == "word")
    if plan.delivery == "pair":  # the pen and the seal are on the scan
        for slot in statement.slots.values():
            slot |= {"signature": False, "date": "", "seals": []}
    project = bytes.fromhex("d0cf11e0a1b11ae1") + stream(name, "macros").randbytes(3_000) if plan.macros else b""
    moment = datetime.combine(facts.filled_on, time(9, 30))
    data = word.save(flow, facts.contact.name, moment, macros=project)
    medium = "docm" if plan.macros else "docx"
    return WrittenFile(f"{stem}.{medium}", data, "application_form", medium, layout, statement=statement)


def _stamped_form(name: str, facts: FormFacts, layout: str, stem: str) -> WrittenFile:
    """The same form printed, signed, sealed and scanned. Equal facts give the text of the Word form."""
    flow, statement = write_form(stream(name, "text"), facts, layout)
    printed = typeset.typeset(flow)
    rng = stream(name, "paper")
    sign(rng, printed, facts)
    device = choose_device(rng, pages=len(printed.sheets))
    data, seals = take(rng, printed.sheets, device)
    lines = tuple(line for sheet in printed.sheets for line in sheet.lines)
    file = WrittenFile(stem + SUFFIXES[device.medium], data, "application_form", device.medium, layout, device.dpi)
    return replace(file, statement=statement, seals=seals, lines=lines, tone=device.tone)


# ---------------------------------------------------------------------------------------- letters


def _letter_file(chance: str, facts: LetterFacts, *, truncated: bool) -> WrittenFile:
    rng = stream(chance)
    layout = rng.choice(letter.LAYOUTS)
    apart = rng.random() < 0.12
    sheets, statement = letter.compose(chance, facts, layout, apart=apart)
    device = Device("scan-pdf", 200) if truncated else choose_device(rng, pages=len(sheets))
    data, seals = take(rng, sheets, device)
    name = _letter_name(rng, facts, device.medium) + SUFFIXES[device.medium]
    if truncated:
        cut = data[: int(len(data) * rng.uniform(0.2, 0.7))]
        return WrittenFile(name, cut, "pairing_letter", device.medium, layout, device.dpi, damage="truncated")
    lines = tuple(line for sheet in sheets for line in sheet.lines)
    file = WrittenFile(name, data, "pairing_letter", device.medium, layout, device.dpi, tone=device.tone)
    return replace(file, statement=statement, seals=seals, lines=lines)


def _letter_name(rng: Random, facts: LetterFacts, medium: str) -> str:
    if medium == "photo-jpg" and rng.random() < 0.5:
        return f"IMG_2021{facts.issued_on:%m%d}_{rng.randint(80000, 175959):06d}"
    return rng.choice(
        (
            "关于商请共同开展科技志愿服务活动的函",
            f"{facts.sender.name}关于商请共同开展科技志愿服务活动的函",
            "附件3 商请函（盖章）",
            f"与{facts.county.name}科协结对证明",
            f"扫描件2021{facts.issued_on:%m%d}",
        )
    )
