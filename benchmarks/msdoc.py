"""How long a .doc takes, side by side with other programs that are installed.

    python -m benchmarks.msdoc [--converted 12] [--path DIR ...]

Our reader runs in this process; the others are programs and pay for being started, as they would in a service.
LibreOffice converts only the first `--converted` files, for it takes about a second each. The files are those of
shared/corpora/doc, beside the project or further up. The last line is one line of JSON figures.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from extractors.document import Page, Source
from extractors.errors import ReadError
from extractors.limits import Limits
from extractors.ocr.engine import Shot, Sight
from extractors.readers import msdoc

ROOT = Path(__file__).resolve().parent.parent
REPEATS = 3
PATIENCE_S = 120


def look(_shot: Shot) -> Sight:
    """Pictures are decoded, as in a service, but not looked at: that is the OCR's time, not the reader's."""
    return Sight(Page(1, Source.OCR), (), ())


def corpus() -> list[Path]:
    """The Word 97 files that have a reference, by name."""
    found = next((p / "shared/corpora/doc" for p in ROOT.parents if (p / "shared/corpora/doc").is_dir()), None)
    if found is None:
        return []
    return sorted(p.with_name(p.name.removesuffix(".expected.json")) for p in found.glob("*/*.expected.json"))


def reader(limits: Limits) -> Callable[[Path], bool]:
    """Our reader with some limits; pictures=0 leaves pictures as bytes, which is what the other programs do."""

    def run(path: Path) -> bool:
        try:
            msdoc.read(path.read_bytes(), look, limits)
        except ReadError:
            return False
        return True

    return run


def program(*command: str, after: tuple[str, ...] = ()) -> Callable[[Path], bool]:
    """A program that is given a file and answers 0. It gets its own session, so that all of it can be stopped."""

    def run(path: Path) -> bool:
        with subprocess.Popen(
            [*command, str(path), *after], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        ) as process:
            try:
                return process.wait(PATIENCE_S) == 0
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                return False

    return run


def times(files: list[Path], read: Callable[[Path], bool], repeats: int) -> tuple[list[float], int]:
    """Milliseconds for each file (the middle of the repeats), and how many were read."""
    taken: list[float] = []
    good = 0
    for path in files:
        runs: list[float] = []
        for _ in range(repeats):
            before = time.perf_counter()
            success = read(path)
            runs.append(1000 * (time.perf_counter() - before))
        taken.append(statistics.median(runs))
        good += success
    return taken, good


def p95(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, round(0.95 * len(values)))]


def others(folders: list[str], work: Path) -> dict[str, Callable[[Path], bool]]:
    """The programs that are installed, by name."""
    where = os.pathsep.join([*folders, os.defpath])
    found: dict[str, Callable[[Path], bool]] = {}
    for name, after in (("antiword", ()), ("catdoc", ()), ("doc2docx", ("-o", str(work / "doc2docx.docx")))):
        path = shutil.which(name, path=where)
        if path:
            found[name] = program(path, after=after)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--converted", type=int, default=12, help="files that LibreOffice converts")
    parser.add_argument("--path", action="append", default=[], help="further folder with programs")
    options = parser.parse_args()
    files = corpus()
    if not files:
        print("skipped: shared/corpora/doc, with files to read, is not beside this project", file=sys.stderr)
        print(json.dumps({"benchmark": "msdoc", "files": 0}))
        return 0
    decoding, text_only = reader(Limits()), reader(Limits(pictures=0))
    decoding(files[0])  # what is loaded once is not a file's time
    taken, good = times(files, decoding, REPEATS)
    plain, _ = times(files, text_only, REPEATS)
    figures: dict[str, str | float | int] = {
        "benchmark": "msdoc",
        "files": len(files),
        "read": good,
        "median_ms": round(statistics.median(taken), 2),
        "p95_ms": round(p95(taken), 2),
        "slowest_ms": round(max(taken), 1),
        "without_pictures_median_ms": round(statistics.median(plain), 2),
        "without_pictures_p95_ms": round(p95(plain), 2),
    }
    print(f"{'reader':<12} {'files':>6} {'read':>5} {'median ms':>10} {'p95 ms':>8}")
    print(
        f"{'heyan':<12} {len(files):>6} {good:>5} {figures['median_ms']:>10} {figures['p95_ms']:>8}  pictures decoded"
    )
    print(f"{'heyan':<12} {len(files):>6} {good:>5} {round(statistics.median(plain), 2):>10} {round(p95(plain), 2):>8}")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name, read in others(options.path, work).items():
            theirs, count = times(files, read, 1)
            middle, tail = round(statistics.median(theirs), 1), round(p95(theirs), 1)
            print(f"{name:<12} {len(files):>6} {count:>5} {middle:>10} {tail:>8}")
            figures |= {f"{name}_median_ms": middle, f"{name}_p95_ms": tail, f"{name}_read": count}
        soffice = shutil.which("soffice")
        if soffice and options.converted:
            some = files[:: max(1, len(files) // options.converted)][: options.converted]
            command = (
                soffice, f"-env:UserInstallation={(work / 'profile').as_uri()}", "--headless", "--convert-to", "docx",
                "--outdir", str(work),
            )  # fmt: skip
            convert = program(*command)
            convert(some[0])  # the first start makes a profile
            theirs, count = times(some, convert, 1)
            same = [plain[files.index(path)] for path in some]
            ratio = statistics.median(theirs) / statistics.median(same)
            total = sum(theirs) / sum(same)
            middle, tail = round(statistics.median(theirs), 1), round(p95(theirs), 1)
            print(f"{'soffice':<12} {len(some):>6} {count:>5} {middle:>10} {tail:>8}")
            print(f"soffice takes {ratio:.0f} x as long as heyan (medians of the same files), {total:.0f} x in sum")
            figures |= {
                "soffice_median_ms": middle,
                "soffice_ratio": round(ratio),
                "soffice_ratio_of_sums": round(total),
            }
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
