"""Writes a make-believe call: a folder a submission, and truth.json with what every file states."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from clients.simulator import defects, soffice
from clients.simulator.chance import stream
from clients.simulator.defects.across import PAIRS, groups, plant_pairs
from clients.simulator.invent import draw_pairs, invent
from clients.simulator.papers import write_papers
from clients.simulator.plan import CALL, Plan
from clients.simulator.truth import WrittenFile, group_as_json, submission_as_json

TRUTH = "truth.json"
RULES = (*defects.DEFECTS, *PAIRS)


def simulate(
    directory: Path,
    count: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
    *,
    doc: bool = False,
    rules: Collection[str] = (),
) -> Path:
    """Write `count` submissions into `directory` (made if need be) and give the path of truth.json.

    About half of the submissions carry exactly one planted defect; of the others one in six breaks a rule together with
    another. Equal arguments give equal files, byte for byte. Files of the same names are overwritten, others are left
    alone. progress: called with (done, count) after each submission. doc: about half of the Word forms, by seed, are
    .doc, which LibreOffice makes of the .docx; its bytes differ from run to run. rules: plant only defects of these
    rules, by default of all (RULES). Raises ValueError for a count below 1 or beyond the societies there are and for an
    unknown rule, fonts.FontsMissing without the package mplfonts, soffice.SofficeMissing where `doc` asks for
    LibreOffice in vain, OSError where the directory cannot be written.
    """
    if count < 1:
        raise ValueError("count must be at least 1")
    if unknown := set(rules) - set(RULES):
        raise ValueError(f"no defect is known for {', '.join(sorted(unknown))}")
    if doc:
        soffice.find()
    directory.mkdir(parents=True, exist_ok=True)
    entries = []
    old_forms: dict[Path, bytes] = {}  # where each .doc shall be: the .docx that it is made of
    planned = plans(count, seed, rules)
    for plan in planned:
        files = write_papers(f"{seed}/{plan.number}/papers", plan)
        folder = _folder_name(plan)
        target = directory / folder
        target.mkdir(exist_ok=True)
        if doc and stream(seed, plan.number, "doc").random() < 0.5:
            files = [_as_doc(file) for file in files]
        for file in files:
            if file.medium == "doc":
                old_forms[target / file.name] = file.data
            else:
                (target / file.name).write_bytes(file.data)
        entries.append(submission_as_json(plan, folder, files))
        if progress is not None:
            progress(plan.number, count)
    _write_docs(old_forms)
    folders = {plan.number: _folder_name(plan) for plan in planned}
    across = [group_as_json(group, folders) for group in groups(planned)]
    truth = {"call": CALL, "seed": seed, "count": count, "submissions": entries, "across": across}
    path = directory / TRUTH
    path.write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def plans(count: int, seed: int, rules: Collection[str] = ()) -> list[Plan]:
    """What the call consists of, defects included. rules: see simulate."""
    pairs = draw_pairs(stream(seed, "pairs"), count)
    sound = [
        invent(stream(seed, number, "facts"), number, society, county)
        for number, (society, county) in enumerate(pairs, start=1)
    ]
    planted = defects.assign(stream(seed, "defects"), sound, rules)
    flawed = [
        defects.plant(stream(seed, plan.number, "defect"), plan, planted[plan.number])
        if plan.number in planted
        else plan
        for plan in sound
    ]
    return plant_pairs(stream(seed, "across"), flawed, rules)


def _as_doc(file: WrittenFile) -> WrittenFile:
    """A form by its name and medium as .doc; its data is .docx until `_write_docs`."""
    if file.medium != "docx" or file.kind != "application_form":
        return file
    return replace(file, name=file.name.removesuffix("x"), medium="doc")


def _write_docs(forms: dict[Path, bytes]) -> None:
    """Convert the forms, all in one go, and put each where it belongs."""
    if not forms:
        return
    with tempfile.TemporaryDirectory(prefix="heyan-doc-") as name:
        folder = Path(name)
        for number, data in enumerate(forms.values()):
            (folder / f"{number}.docx").write_bytes(data)
        soffice.convert_all(folder)
        for number, path in enumerate(forms):
            path.write_bytes((folder / f"{number}.doc").read_bytes())


def _folder_name(plan: Plan) -> str:
    """Named for the applicant, or for the letter's sender where there is no form."""
    if plan.form is not None:
        name = plan.form.applicant.name
    elif plan.letter is not None:
        name = plan.letter.sender.name
    else:
        raise ValueError("a submission without any paper")
    return f"{plan.number:03d}-{name}"
