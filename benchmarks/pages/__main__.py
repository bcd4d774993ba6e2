"""Wrong characters by condition, on pages of make-believe societies that PIL draws in Debian's fonts.

    python -m benchmarks.pages [--count 4] [--seed 11] [--only "fax 200" ...] [--kept DIR] [--plot FILE.svg]

CER: edits between what stands on a page, in reading order, and what was read, in percent of the characters; blanks and
the width of punctuation do not count. Letters: the same over Hanzi, Latin letters and digits alone. Seal lines: letters
of the lines that a seal covers in part, each against the stretch of the page's text that is most like it. For pages
that are cut off, what is outside the picture counts as missed. seconds: a page by `look`, one thread.
"""

from __future__ import annotations

import argparse
import json
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment

from benchmarks.pages.conditions import ALL, Case, Condition
from extractors.document import Document
from extractors.limits import Limits
from extractors.look import Eye
from extractors.ocr.rapid import RapidEngine
from extractors.read import read
from extractors.seals import find_seals


@dataclass(slots=True)
class Tally:
    """Edits and characters so far: of everything, of letters, of lines under seals."""

    edits: int = 0
    characters: int = 0
    letter_edits: int = 0
    letters: int = 0
    stamped_edits: int = 0
    stamped: int = 0
    pages: int = 0
    seconds: float = 0.0
    worst: list[tuple[float, str]] = field(default_factory=list)

    def add(self, case: Case, document: Document, name: str) -> None:
        """One file as it was read."""
        truth = folded("".join(line.text for page in case.pages for line in page.lines))
        found = folded("".join(line.text for line in document.iter_lines()))
        edits = Levenshtein.distance(truth, found)
        self.edits += edits
        self.characters += len(truth)
        self.pages += len(case.pages)
        self.worst.append((100 * edits / max(1, len(truth)), name))
        truth, found = letters(truth), letters(found)
        self.letter_edits += Levenshtein.distance(truth, found)
        self.letters += len(truth)
        for line in (line for page in case.pages for line in page.lines if line.stamped):
            text = letters(folded(line.text))
            self.stamped_edits += min(len(text), nearest(text, found))
            self.stamped += len(text)

    def row(self) -> dict[str, float | int | None]:
        """The figures, in percent; None where nothing was measured."""
        return {
            "cer": _percent(self.edits, self.characters),
            "cer_letters": _percent(self.letter_edits, self.letters),
            "cer_seal_lines": _percent(self.stamped_edits, self.stamped),
            "characters": self.characters,
            "seconds": round(self.seconds / max(1, self.pages), 2),
        }


def main() -> None:
    """Prints a row for each condition, then a line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=4, help="files of each condition")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--only", action="append", default=[], metavar="CONDITION")
    parser.add_argument("--kept", type=Path, help="a folder for the files, and for what was read from each")
    parser.add_argument("--plot", type=Path, help="a picture of the figures (.svg, .png); needs matplotlib")
    arguments = parser.parse_args()

    chosen = [each for each in ALL if not arguments.only or each.name in arguments.only]
    if not chosen:
        parser.error("no such condition; there are: " + "; ".join(each.name for each in ALL))
    engine = RapidEngine()
    engine.warm()
    eye = Eye(engine, engine, Limits(), find_seals)
    rows: dict[str, dict[str, float | int | None]] = {}
    print(f"{'condition':20}{'CER':>8}{'letters':>9}{'seals':>8}{'most':>6}{'s/page':>8}  worst")
    for condition in chosen:
        tally = measure(eye, condition, arguments.seed, arguments.count, arguments.kept)
        rows[condition.name] = row = tally.row()
        worst, name = max(tally.worst)
        print(
            f"{condition.name:20}{_shown(row['cer']):>8}{_shown(row['cer_letters']):>9}"
            f"{_shown(row['cer_seal_lines']):>8}{condition.most or '':>6}{row['seconds']:>8}  {worst:.2f} {name}",
            flush=True,
        )
    if arguments.plot:
        plot(chosen, rows, arguments.plot)
    print(json.dumps({"benchmark": "pages", "seed": arguments.seed, "count": arguments.count, "rows": rows}))


def measure(eye: Eye, condition: Condition, seed: int, count: int, kept: Path | None) -> Tally:
    """`count` files under one condition. The same seed draws the same files, whatever else is measured."""
    tally = Tally()
    for index in range(count):
        case = condition.case(Random(f"{seed}/{condition.name}/{index}"), index)
        began = time.perf_counter()
        document = read(case.data, eye.look, Limits())
        tally.seconds += time.perf_counter() - began
        name = f"{condition.name.replace(' ', '-').replace(',', '')}-{index}"
        tally.add(case, document, name)
        if kept:
            kept.mkdir(parents=True, exist_ok=True)
            suffix = "tif" if case.data[:2] in (b"II", b"MM") else "jpg"
            (kept / f"{name}.{suffix}").write_bytes(case.data)
            truth = "\n".join(line.text for page in case.pages for line in page.lines)
            (kept / f"{name}.truth.txt").write_text(truth)
            (kept / f"{name}.read.txt").write_text("\n".join(line.text for line in document.iter_lines()))
    return tally


def folded(text: str) -> str:
    """Without blanks; full-width forms as their narrow ones, dashes and quotes as one of their kind."""
    plain = unicodedata.normalize("NFKC", text).translate(_ALIKE)
    return "".join(character for character in plain if not character.isspace())


_ALIKE = str.maketrans({"—": "-", "–": "-", "―": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "。": ".", "、": ","})


def letters(text: str) -> str:
    """Hanzi, Latin letters and digits."""
    return "".join(character for character in text if character.isalnum())


def nearest(text: str, within: str) -> int:
    """Edits between `text` and the stretch of `within` that is most like it."""
    best = partial_ratio_alignment(text, within)
    if best is None:
        return len(text)
    stretches = (within[max(0, best.dest_start - d) : best.dest_end + e] for d in range(3) for e in range(3))
    return min(Levenshtein.distance(text, stretch) for stretch in stretches)


def plot(chosen: Sequence[Condition], rows: dict[str, dict[str, float | int | None]], path: Path) -> None:
    """Bars of the wrong characters by condition, with what is allowed as marks."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 0.3 * len(chosen) + 1.2), layout="constrained")
    axes = figure.subplots()
    names = [each.name for each in chosen][::-1]
    axes.barh(names, [max(0.01, rows[name]["cer_letters"] or 0) for name in names], color="#4477aa", height=0.6)
    for place, condition in enumerate(chosen[::-1]):
        if condition.most is not None:
            axes.plot([condition.most] * 2, [place - 0.42, place + 0.42], color="#cc3311", linewidth=2)
    axes.set_xscale("log")
    axes.set_xlabel("wrong letters in % (red: at most)")
    axes.grid(axis="x", which="both", alpha=0.25)
    figure.savefig(path)


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 3) if whole else None


def _shown(figure: float | int | None) -> str:
    return "" if figure is None else f"{figure:.2f}"


if __name__ == "__main__":
    main()
