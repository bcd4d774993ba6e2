"""Damages .doc files in many ways and reads them: any input must end in a Document or a ReadError.

    python benchmarks/fuzz_msdoc.py [--count 20000] [--seed 1] [--keep DIR] [FILE ...]

Without files it takes small ones of shared/corpora/doc, where that stands beside the project or further up, and files
built by the tests. The last line is one line of JSON figures. Exit status 1 where anything else than a ReadError was
raised, or a file took more than a second of processor time (the machine may be shared) or the run more than 100 MB.
"""

import argparse
import json
import random
import resource
import struct
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

from extractors.document import Page, Source
from extractors.errors import ReadError
from extractors.limits import Limits
from extractors.ocr.engine import Shot, Sight
from extractors.readers import msdoc

ROOT = Path(__file__).resolve().parent.parent
SLOW_S = 1.0
MUCH_MB = 100
_FIB_AT = 512


def look(_shot: Shot) -> Sight:
    return Sight(Page(1, Source.OCR), (), ())


def truncate(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(len(data)) :]


def flip_bits(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 4, 32, 256))):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def fib_numbers(data: bytearray, dice: random.Random) -> None:
    """Counts, offsets and sizes of the FIB, which usually begins at the first sector."""
    for _ in range(dice.choice((1, 2, 8))):
        at = _FIB_AT + 2 * dice.randrange(0, 450)
        if at + 4 <= len(data):
            struct.pack_into(
                "<I", data, at, dice.choice((0, 1, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, dice.getrandbits(32)))
            )


def ole_header(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 3))):
        data[dice.randrange(8, min(512, len(data)))] = dice.getrandbits(8)


def fat(data: bytearray, dice: random.Random) -> None:
    """Entries of an allocation table: cycles, chains that cross, ends that are none."""
    sectors = len(data) // 512
    table = 512 + 512 * (int.from_bytes(data[76:80], "little") % max(1, sectors))
    for _ in range(dice.choice((1, 4, 64))):
        at = table + 4 * dice.randrange(128)
        if at + 4 <= len(data):
            struct.pack_into("<I", data, at, dice.choice((dice.randrange(sectors + 1), 0xFFFFFFFE, 0xFFFFFFFF)))


def block(data: bytearray, dice: random.Random) -> None:
    """A stretch that is zero, or noise, or a copy of another."""
    size = dice.choice((16, 512, 4096))
    at, source = dice.randrange(len(data)), dice.randrange(len(data))
    new = dice.choice((bytes(size), dice.randbytes(size), bytes(data[source : source + size])))
    data[at : at + size] = new[: len(data) - at]


def lengths(data: bytearray, dice: random.Random) -> None:
    """Two or four bytes anywhere that claim much."""
    for _ in range(dice.choice((1, 8, 64))):
        at = dice.randrange(len(data))
        value = dice.choice((b"\xff\xff", b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x01\x00"))
        data[at : at + len(value)] = value[: len(data) - at]


MUTATIONS = (truncate, flip_bits, fib_numbers, ole_header, fat, block, lengths)


def mutated(original: bytes, dice: random.Random) -> tuple[bytes, str]:
    data = bytearray(original)
    names = []
    for mutation in dice.sample(MUTATIONS, dice.choice((1, 1, 2))):
        if len(data) > 1024:
            mutation(data, dice)
            names.append(mutation.__name__)
    return bytes(data), "+".join(names)


def corpus() -> list[Path]:
    found = next((p / "shared/corpora/doc" for p in ROOT.parents if (p / "shared/corpora/doc").is_dir()), None)
    return [] if found is None else sorted(p for p in found.glob("*/*.doc") if p.stat().st_size < 300_000)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for inputs that failed")
    options = parser.parse_args()
    originals = [path.read_bytes() for path in options.files or corpus()]
    if not originals:
        parser.error("no files to damage")
    dice = random.Random(options.seed)
    ends: Counter[str] = Counter()
    worst, failures = 0.0, 0
    for index in range(options.count):
        data, how = mutated(dice.choice(originals), dice)
        before = time.process_time()
        try:
            msdoc.read(data, look, Limits())
            end = "document"
        except ReadError as e:
            end = e.code
        except Exception as e:  # noqa: BLE001 - whatever it is, it is what we look for
            end = type(e).__name__
            failures += 1
            print(f"{index} {how}", file=sys.stderr)
            traceback.print_exc()
            keep(options.keep, data, f"{end}-{index}.doc")
        seconds = time.process_time() - before
        if seconds > SLOW_S:
            failures += 1
            print(f"{index} {how}: {seconds:.1f} s", file=sys.stderr)
            keep(options.keep, data, f"slow-{index}.doc")
        worst = max(worst, seconds)
        ends[end] += 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    failures += peak > MUCH_MB
    figures = {"mutations": options.count, "failures": failures, "slowest_s": round(worst, 3), "peak_mb": peak}
    print(json.dumps({**figures, "ends": dict(ends)}))
    return 1 if failures else 0


def keep(folder: Path | None, data: bytes, name: str) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    sys.exit(main())
