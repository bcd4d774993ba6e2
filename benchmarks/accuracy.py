"""How many fields, kinds, seals and planted defects are right: the simulator's seed 1, 40 submissions.

    python -m benchmarks.accuracy [--seed 1] [--count 40] [--doc] [--rule ID ...] [--show]

Seed 1 measures and is never used in development. Defects are counted as pairs (submission, rule), those across
submissions as pairs of submissions that break a rule together. A rule that the call does not know is missed. With --doc
about half of the forms are Word 97-2003, made by LibreOffice.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from benchmarks.truth import REQUIRED, Case, Confusion, Tally, as_stated, call, errors, pairs, stated, values, violated
from benchmarks.truth import Call as Made
from clients.private_server import PrivateServer
from clients.sdk import Client, audited
from clients.simulator.plan import CALL
from heyan.v1.call_pb2 import Call
from heyan.v1.document_pb2 import READING_VIEW_FULL, Reading
from heyan.v1.report_pb2 import OUTCOME_VIOLATED, Report, Verdict
from heyan.v1.validation_service_pb2 import AuditCallResponse

_WORD = ("docx", "doc", "docm")
_CONDITIONS = ("word", "scan", "photo")


@dataclass(slots=True)
class Score:
    """What was right so far. fields: by condition; tones: fields of scans by tone."""

    fields: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in _CONDITIONS})
    tones: dict[str, Tally] = field(default_factory=dict)
    kinds: Tally = field(default_factory=Tally)
    seals: Tally = field(default_factory=Tally)
    verdicts: Tally = field(default_factory=Tally)
    rules: Confusion = field(default_factory=Confusion)
    across: Confusion = field(default_factory=Confusion)
    invented: list[str] = field(default_factory=list)
    clean: int = 0
    clean_with_errors: list[str] = field(default_factory=list)
    pairs: int = 0
    pairs_with_errors: list[str] = field(default_factory=list)


def main() -> None:
    """Prints what was wrong (with --show), the confusion, then a line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--doc", action="store_true", help="about half of the forms as .doc; needs LibreOffice")
    parser.add_argument("--rule", action="append", default=[], help="plant only defects of this rule")
    parser.add_argument("--show", action="store_true", help="print each difference")
    arguments = parser.parse_args()

    made = call(arguments.seed, arguments.count, doc=arguments.doc, rules=arguments.rule)
    score = Score()
    with PrivateServer() as server, Client(server.address) as heyan:
        server.wait()
        heyan.ready(60)
        known = heyan.get_call(CALL)
        submissions = []
        for case in made.cases:
            report = heyan.check(case.uploads, CALL, received=case.received, view=READING_VIEW_FULL).report
            add(score, known, case, report)
            submissions.append(audited(report, name=case.folder.name))
        add_across(score, made, heyan.audit(submissions, CALL))

    if arguments.show:
        for wrong in differences(score):
            print(wrong)
    print(score.rules.table())
    print(score.across.table())
    summary = {"benchmark": "accuracy", "seed": arguments.seed, "submissions": arguments.count, "doc": arguments.doc}
    print(json.dumps(summary | figures(score)))


def add(score: Score, known: Call, case: Case, report: Report) -> None:
    """One submission with its report."""
    where = case.folder.name
    readings = {reading.file_name: reading for reading in report.documents}
    for file in case.truth["files"]:
        if file["kind"] in REQUIRED and "damage" not in file:
            add_file(score, known, file, readings[file["name"]], f"{where}/{file['name']}")
    told, planted = violated(report), case.planted
    score.rules.add(planted, set(case.truth["implied"]), told, where)
    verdict = Verdict.Name(report.verdict).removeprefix("VERDICT_").lower()
    score.verdicts.add("verdict", case.truth["verdict"], verdict, where)
    if not planted:
        score.clean += 1
        if found := errors(report):
            score.clean_with_errors.append(f"{where}: clean, returned for {', '.join(sorted(found))}")
    if case.truth["delivery"] == "pair" and "word-scan-mismatch" not in planted:
        score.pairs += 1
        if "word-scan-mismatch" in told:
            score.pairs_with_errors.append(f"{where}: Word and scan agree")


def add_across(score: Score, made: Made, answers: Sequence[AuditCallResponse]) -> None:
    """What the audit of all submissions told."""
    told = [
        (answer.finding.rule, frozenset(answer.submissions))
        for answer in answers
        if answer.finding.outcome == OUTCOME_VIOLATED
    ]
    score.across.add_pairs(pairs(made.across), pairs(told))


def add_file(score: Score, known: Call, file: dict[str, Any], reading: Reading, where: str) -> None:
    """Kind, fields and seals of one paper."""
    score.kinds.add(file["kind"], file["kind"], reading.kind, where)
    tallies = list(_tallies(score, file))
    ids = {each.id for form in known.forms if form.kind == file["kind"] for each in form.fields}
    found = values(reading)
    for id, value in stated(file):
        if id in ids:
            actual = as_stated(found.pop(id, None), value)
            for tally in tallies:
                tally.add(f"{file['kind']}.{id}", value, actual, where)
    score.invented += [
        f"{where}: {id}: {value!r} is not stated"
        for id, value in found.items()
        if id in _STATED[file["kind"]] and id not in file.get("doubtful", ())
    ]
    add_seals(score.seals, file, [seal.text for seal in reading.seals], where)


# What the truth always tells when a paper states it; of other fields (prose, volunteers) it does not speak.
_STATED = {
    "application_form": {
        "project_name", "applicant", "applicant_type", "recommender", "leader_name", "leader_title", "leader_phone",
        "leader_email", "contact_name", "contact_phone", "contact_email", "partner", "partner_province",
        "partner_county", "period_start", "period_end", "requested_amount", "total_budget", "self_funded_amount",
        "budget_items", "filled_on",
    },
    "pairing_letter": {
        "title", "document_number", "addressee", "sender", "activity_name", "issued_on", "reply_by", "replied_on",
        "contact_name", "contact_phone",
    },
}  # fmt: skip


def _tallies(score: Score, file: dict[str, Any]) -> Iterator[Tally]:
    medium = file["medium"]
    condition = "word" if medium in _WORD else "photo" if medium.startswith("photo") else "scan"
    yield score.fields[condition]
    if condition == "scan":
        yield score.tones.setdefault(file["tone"], Tally())


def add_seals(tally: Tally, file: dict[str, Any], texts: list[str], where: str) -> None:
    """How many there are, and each name beside the nearest that was read."""
    for seal in file["seals"]:
        nearest = max(texts, key=lambda text: SequenceMatcher(None, text, seal["text"]).ratio(), default=None)
        tally.add("seal", seal["text"], nearest, where)
    tally.add("count", len(file["seals"]), len(texts), where)


def differences(score: Score) -> Iterator[str]:
    yield from score.kinds.wrong
    for tally in score.fields.values():
        yield from tally.wrong
    yield from score.invented
    yield from score.seals.wrong
    yield from score.rules.wrong
    yield from score.across.wrong
    yield from score.verdicts.wrong
    yield from score.clean_with_errors
    yield from score.pairs_with_errors


def figures(score: Score) -> dict[str, object]:
    """The summary; null where there was nothing to measure."""
    required = [f"{kind}.{id}" for kind, ids in REQUIRED.items() for id in ids]
    measured: dict[str, float] = {"kinds": score.kinds.rate()}
    for name, tally in score.fields.items():
        measured |= {f"{name}_required_exact": tally.rate(*required), f"{name}_all_exact": tally.rate()}
    measured |= {f"scan_{tone}_all_exact": tally.rate() for tone, tally in sorted(score.tones.items())}
    measured |= {
        "seals_counted_right": score.seals.rate("count"),
        "seal_names_exact": score.seals.rate("seal"),
        "defect_precision": score.rules.precision,
        "defect_recall": score.rules.recall,
        "weakest_rule_recall": score.rules.weakest(),
        "across_precision": score.across.precision,
        "across_recall": score.across.recall,
        "verdicts": score.verdicts.rate(),
    }
    return {
        **{name: None if math.isnan(value) else round(value, 4) for name, value in measured.items()},
        "fields_invented": len(score.invented),
        "clean": score.clean,
        "clean_with_errors": len(score.clean_with_errors),
        "clean_pairs": score.pairs,
        "clean_pairs_with_errors": len(score.pairs_with_errors),
    }


if __name__ == "__main__":
    main()
