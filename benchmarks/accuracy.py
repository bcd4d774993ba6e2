"""How many fields, kinds, seals and planted defects are right: the simulator's seed 1, 40 submissions.

    python -m benchmarks.accuracy [--seed 1] [--count 40] [--doc] [--show]

Seed 1 measures and is never used in development. Precision and recall are over pairs (submission, rule).
With --doc about half of the forms are Word 97-2003, made by LibreOffice.
"""

from __future__ import annotations

import argparse
import json
from difflib import SequenceMatcher

from benchmarks.truth import REQUIRED, Tally, cases, stated, values, violated
from clients.private_server import PrivateServer
from clients.sdk import Client
from heyan.v1.report_pb2 import Verdict


def main() -> None:
    """Prints what was wrong (with --show), then a line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--doc", action="store_true", help="about half of the forms as .doc; needs LibreOffice")
    parser.add_argument("--show", action="store_true", help="print each difference")
    arguments = parser.parse_args()

    word, scan, kinds, verdicts, seals = Tally(), Tally(), Tally(), Tally(), Tally()
    unstated: list[str] = []
    hits = false_alarms = misses = 0
    rules: list[str] = []
    with PrivateServer() as server, Client(server.address) as heyan:
        server.wait()
        heyan.ready(60)
        for case in cases(arguments.seed, arguments.count, doc=arguments.doc):
            report = heyan.check(case.uploads, "zhihui-2021", received=case.received).report
            readings = {reading.file_name: reading for reading in report.documents}
            where = case.folder.name
            for file in case.truth["files"]:
                reading = readings[file["name"]]
                if file["kind"] not in REQUIRED or file.get("damage"):
                    continue
                kinds.add(file["kind"], file["kind"], reading.kind, f"{where}/{file['name']}")
                tally = word if file["medium"] in ("docx", "doc") else scan
                found = values(reading)
                for id, value in stated(file):
                    tally.add(f"{file['kind']}.{id}", value, found.pop(id, None), f"{where}/{file['name']}")
                unstated += [f"{where}/{file['name']}: {id}: {value!r} is not stated" for id, value in found.items()]
                texts = [seal.text for seal in reading.seals]
                for seal in file["seals"]:
                    nearest = max(
                        texts, key=lambda text: SequenceMatcher(None, text, seal["text"]).ratio(), default=None
                    )
                    seals.add("seal", seal["text"], nearest, f"{where}/{file['name']}")
                seals.add("count", len(file["seals"]), len(texts), f"{where}/{file['name']}")
            planted = {defect["rule"] for defect in case.truth["defects"]}
            told = violated(report)
            hits += len(planted & told)
            false_alarms += len(told - planted)
            misses += len(planted - told)
            rules += [f"{where}: {rule} told, not planted" for rule in sorted(told - planted)]
            rules += [f"{where}: {rule} planted, not told" for rule in sorted(planted - told)]
            verdict = Verdict.Name(report.verdict).removeprefix("VERDICT_").lower()
            verdicts.add("verdict", case.truth["verdict"], verdict, where)

    if arguments.show:
        for wrong in [*kinds.wrong, *word.wrong, *scan.wrong, *unstated, *seals.wrong, *rules, *verdicts.wrong]:
            print(wrong)
    required = [f"{kind}.{id}" for kind, ids in REQUIRED.items() for id in ids]
    print(
        json.dumps(
            {
                "benchmark": "accuracy",
                "seed": arguments.seed,
                "submissions": arguments.count,
                "doc": arguments.doc,
                "kinds": round(kinds.rate(), 4),
                "word_required_exact": round(word.rate(*required), 4),
                "word_all_exact": round(word.rate(), 4),
                "scan_required_exact": round(scan.rate(*required), 4),
                "scan_all_exact": round(scan.rate(), 4),
                "fields_invented": len(unstated),
                "seals_counted_right": round(seals.rate("count"), 4),
                "seal_names_exact": round(seals.rate("seal"), 4),
                "defect_precision": round(hits / (hits + false_alarms), 4) if hits + false_alarms else None,
                "defect_recall": round(hits / (hits + misses), 4) if hits + misses else None,
                "verdicts": round(verdicts.rate(), 4),
            }
        )
    )


if __name__ == "__main__":
    main()
