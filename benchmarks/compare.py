"""Word against stamped scan: is every planted change of a key field found, and how often is a clean pair accused?

    python -m benchmarks.compare --seed 2 --count 50

The scan of a sound form is read once, and compared with the Word file it was printed from (clean), and with Word files
in each of which one key value, or one sentence, is another. A page is taken from the scan, and one of another form put
in. Needs LibreOffice, which prints the forms.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import cv2

from benchmarks.pairs import Printed, chance_of, printed, written
from clients.simulator import soffice
from clients.simulator.chance import stream
from clients.simulator.people import invent_person
from clients.simulator.plan import FormFacts
from extractors.compare import Comparison, Kind, compare
from extractors.document import Document, Line, Reading
from extractors.extract import extract
from extractors.forms.spec import FormSpec
from extractors.limits import Limits
from extractors.look import Eye
from extractors.ocr.engines import make_engine
from extractors.seals import find_seals
from services.extraction.wire import reading_from_proto, reading_to_proto
from services.validation.call import load_call

CALL = Path(__file__).parent.parent / "services" / "calls" / "zhihui-2021"
KIND = "application_form"
ALSO = ("project_name",)


def _amount(rng: Random, facts: FormFacts) -> FormFacts:
    return _asking(facts, facts.requested + Decimal(rng.choice((-500, -1_000, -5_000, -10_000))))


def _asking(facts: FormFacts, amount: Decimal) -> FormFacts:
    return replace(facts, requested=amount, words=amount)


def _row(rng: Random, facts: FormFacts) -> FormFacts:
    index = rng.randrange(len(facts.expenses))
    chosen = facts.expenses[index]
    changed = replace(chosen, amount=chosen.amount + Decimal(rng.choice((500, 1_000, 2_000, 5_000))))
    return replace(facts, expenses=(*facts.expenses[:index], changed, *facts.expenses[index + 1 :]))


def _leader(rng: Random, facts: FormFacts) -> FormFacts:
    return replace(facts, leader=replace(facts.leader, name=_other_name(rng, facts, facts.leader.name)))


def _contact(rng: Random, facts: FormFacts) -> FormFacts:
    return replace(facts, contact=replace(facts.contact, name=_other_name(rng, facts, facts.contact.name)))


def _other_name(rng: Random, facts: FormFacts, name: str) -> str:
    while (other := invent_person(rng, facts.applicant).name) == name:
        pass
    return other


def _phone(rng: Random, facts: FormFacts) -> FormFacts:
    def other(number: str) -> str:
        at = rng.randrange(5, len(number))
        return number[:at] + str((int(number[at]) + rng.randint(1, 9)) % 10) + number[at + 1 :]

    leader = facts.leader
    return replace(facts, leader=replace(leader, mobile=other(leader.mobile)))


def _email(rng: Random, facts: FormFacts) -> FormFacts:
    leader = facts.leader
    return replace(facts, leader=replace(leader, email=f"{rng.choice(('wang', 'liu', 'zhao'))}{leader.email[4:]}"))


def _period(rng: Random, facts: FormFacts) -> FormFacts:
    return replace(facts, ends=facts.ends - timedelta(days=rng.choice((62, 93, 181))))


def _sentence(rng: Random, facts: FormFacts) -> FormFacts:
    content = ("走访慰问困难家庭并发放生活用品。", *facts.prose.content[1:])
    return replace(facts, prose=replace(facts.prose, content=content))


def _one_character(rng: Random, facts: FormFacts) -> FormFacts:
    """One character of the leader's given name is another."""
    name = facts.leader.name
    other = next(each for each in rng.sample("博洋梅凯蕾鹏", 6) if each not in name)
    return replace(facts, leader=replace(facts.leader, name=f"{name[:-1]}{other}"))


def _one_digit(rng: Random, facts: FormFacts) -> FormFacts:
    """200000 becomes 300000: one digit of the amount asked for."""
    return _asking(facts, facts.requested + Decimal(100_000))


KEY: dict[str, Callable[[Random, FormFacts], FormFacts]] = {
    "amount": _amount,
    "budget row": _row,
    "amount's first digit": _one_digit,
    "leader": _leader,
    "a character of the leader's name": _one_character,
    "contact": _contact,
    "phone": _phone,
    "e-mail": _email,
    "period": _period,
}


@dataclass(frozen=True, slots=True)
class Read:
    """A pair with the reading of its scan."""

    pair: Printed
    scan: Reading


class Reader:
    """Reads files; a scan's reading is kept in a folder, if there is one, for as long as its bytes are the same."""

    def __init__(self, folder: Path | None) -> None:
        cv2.setNumThreads(1)
        engine, recogniser = make_engine("rapidocr", 1)
        self._eye = Eye(engine, recogniser, Limits(), find_seals)
        self._folder = folder
        self.forms = load_call(CALL).forms

    def word(self, data: bytes) -> Reading:
        return extract(data, self.forms, self._eye.look, Limits())

    def scan(self, data: bytes, name: str) -> Reading:
        kept = self._folder / f"{name}.pb" if self._folder else None
        if kept and kept.exists():
            message = reading_to_proto(Reading(Document("pdf")))
            message.ParseFromString(kept.read_bytes())
            return reading_from_proto(message)
        reading = extract(data, self.forms, self._eye.look, Limits())
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(reading_to_proto(reading).SerializeToString())
        return reading


def without_page(reading: Reading, number: int) -> Reading:
    """The reading of a scan from which a page was left out."""
    document = reading.document
    kept = tuple(block for block in document.blocks if block.place.page != number)
    return replace(reading, document=replace(document, blocks=kept))


def with_page(reading: Reading, other: Reading) -> Reading:
    """The reading of a scan behind which a page of another paper lies."""
    number = len(reading.document.pages) + 1
    added = tuple(
        replace(line, place=replace(line.place, page=number))
        for line in other.document.iter_lines()
        if line.place.page == 1
    )
    blocks: tuple[Line, ...] = added
    return replace(reading, document=replace(reading.document, blocks=(*reading.document.blocks, *blocks)))


class Figures:
    """What was found of what was planted, and what was told of clean pairs."""

    def __init__(self, form: FormSpec) -> None:
        self.form = form
        self.found: Counter[str] = Counter()
        self.doubted: Counter[str] = Counter()
        self.planted: Counter[str] = Counter()
        self.clean: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.missed: dict[str, list[str]] = defaultdict(list)

    def compare(self, word: Reading, scan: Reading) -> Comparison:
        began = time.process_time()
        result = compare(word, [scan], self.form, ALSO)
        self.seconds.append(time.process_time() - began)
        return result

    def tell_clean(self, name: str, result: Comparison) -> None:
        self.clean["pairs"] += 1
        for label, sure, key in (("error", True, True), ("warning", True, False), ("doubt", False, None)):
            told = [d for d in result.differences if d.sure is sure and (key is None or d.key is key)]
            self.clean[label] += bool(told)
            for each in told if sure else ():
                self.missed[f"clean {label}"].append(f"{name}: {each.written.context!r} / {each.scanned.context!r}")

    def tell(self, what: str, name: str, result: Comparison, kinds: frozenset[Kind]) -> None:
        self.planted[what] += 1
        told = [difference for difference in result.differences if difference.kind in kinds]
        if any(difference.sure for difference in told):
            self.found[what] += 1
        elif told:
            self.doubted[what] += 1
        if not any(difference.sure for difference in told):
            doubted = "; ".join(f"{d.written.context!r} / {d.scanned.context!r}" for d in told)
            self.missed[what].append(f"{name}: {doubted or 'nothing told'}")


def variants(read: Read, word: Reading, seed: int, reader: Reader) -> Iterator[tuple[str, Reading]]:
    """The Word file with one value changed, for each kind of value that the layout states."""
    pair = read.pair
    chance = chance_of(seed, pair.number)
    for what, change in {**KEY, "sentence": _sentence}.items():
        rng = stream(seed, pair.number, "change", what)
        data = written(chance, change(rng, pair.facts), pair.layout)
        changed = reader.word(data)
        if changed.document.text != word.document.text:
            yield what, changed


def run(seed: int, count: int, reader: Reader) -> Figures:
    form = next(form for form in reader.forms if form.kind == KIND)
    figures = Figures(form)
    before: Reading | None = None
    for pair in printed(seed, count):
        name = f"{seed}/{pair.number} {pair.layout} {pair.medium}"
        read = Read(pair, reader.scan(pair.scan, f"{seed}-{pair.number}"))
        word = reader.word(pair.word)
        figures.tell_clean(name, figures.compare(word, read.scan))
        for what, changed in variants(read, word, seed, reader):
            kinds = frozenset((Kind.WORDING,)) if what == "sentence" else frozenset((Kind.FIELD, Kind.NUMBER))
            figures.tell(what, name, figures.compare(changed, read.scan), kinds)
        if pair.pages > 2:
            lacking = without_page(read.scan, 2)
            figures.tell("page left out", name, figures.compare(word, lacking), frozenset((Kind.MISSING,)))
        if before is not None:
            added = with_page(read.scan, before)
            figures.tell("page put in", name, figures.compare(word, added), frozenset((Kind.PAGE,)))
        before = read.scan
        print(name, file=sys.stderr)
    return figures


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument(
        "--cache", type=Path, help="a folder for the scans' readings, to be emptied when readers change"
    )
    options = parser.parse_args()
    try:
        figures = run(options.seed, options.count, Reader(options.cache))
    except soffice.SofficeMissing as error:
        print(json.dumps({"benchmark": "compare", "skipped": str(error)}))
        return 0
    for what, lines in figures.missed.items():
        print(f"{what}:", *lines, sep="\n  ")
    key = sum(figures.planted[what] for what in KEY)
    print(
        json.dumps(
            {
                "benchmark": "compare",
                "seed": options.seed,
                "clean": dict(figures.clean),
                "key_changes": key,
                "key_found": sum(figures.found[what] for what in KEY),
                "key_doubted": sum(figures.doubted[what] for what in KEY),
                "found": {what: f"{figures.found[what]}/{total}" for what, total in figures.planted.items()},
                "doubted": dict(figures.doubted),
                "ms": round(1000 * sum(figures.seconds) / len(figures.seconds), 2),
            },
            ensure_ascii=False,
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
