"""Writes a make-believe call: a folder a submission, and truth.json with what every file states."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from clients.simulator import defects
from clients.simulator.chance import stream
from clients.simulator.papers import write_papers
from clients.simulator.plan import CALL, Plan, draw_pairs, invent
from clients.simulator.truth import submission_as_json

TRUTH = "truth.json"


def simulate(directory: Path, count: int, seed: int, progress: Callable[[int, int], None] | None = None) -> Path:
    """Write `count` submissions into `directory` (made if need be) and give the path of truth.json.

    About half of the submissions carry exactly one planted defect. Equal count and seed give equal files, byte for
    byte. Files of the same names are overwritten, others are left alone. progress: called with (done, count) after each
    submission. Raises ValueError for a count below 1 or beyond the societies there are, fonts.FontsMissing without the
    package mplfonts, OSError where the directory cannot be written.
    """
    if count < 1:
        raise ValueError("count must be at least 1")
    directory.mkdir(parents=True, exist_ok=True)
    entries = []
    for plan in plans(count, seed):
        files = write_papers(f"{seed}/{plan.number}/papers", plan)
        folder = _folder_name(plan)
        target = directory / folder
        target.mkdir(exist_ok=True)
        for file in files:
            (target / file.name).write_bytes(file.data)
        entries.append(submission_as_json(plan, folder, files))
        if progress is not None:
            progress(plan.number, count)
    truth = {"call": CALL, "seed": seed, "count": count, "submissions": entries}
    path = directory / TRUTH
    path.write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def plans(count: int, seed: int) -> list[Plan]:
    """What the call consists of, defects included."""
    pairs = draw_pairs(stream(seed, "pairs"), count)
    planted = defects.assign(stream(seed, "defects"), count)
    result = []
    for number, (society, county) in enumerate(pairs, start=1):
        rng = stream(seed, number, "facts")
        plan = invent(rng, number, society, county)
        result.append(defects.plant(rng, plan, planted[number]) if number in planted else plan)
    return result


def _folder_name(plan: Plan) -> str:
    """Named for the applicant, or for the letter's sender where there is no form."""
    if plan.form is not None:
        name = plan.form.applicant.name
    elif plan.letter is not None:
        name = plan.letter.sender.name
    else:
        raise ValueError("a submission without any paper")
    return f"{plan.number:03d}-{name}"
