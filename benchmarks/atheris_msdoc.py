"""Coverage-guided fuzzing of the Word reader: any input must end in a Document or a ReadError.

    python -m benchmarks.atheris_msdoc -max_total_time=1800 -timeout=5 -rss_limit_mb=512 CORPUS_DIR

Needs the package atheris (Linux), which is not among the project's own; the arguments are libFuzzer's. Anything that
is raised and is no ReadError stops the run with the input in a file crash-*.
"""

from __future__ import annotations

import resource
import sys

import atheris

with atheris.instrument_imports(include=["extractors", "olefile"]):
    from extractors.document import Page, Source
    from extractors.errors import ReadError
    from extractors.limits import Limits
    from extractors.ocr.engine import Shot, Sight
    from extractors.readers import msdoc


MUCH_MB = 200  # the fuzzer's own corpus grows meanwhile


def look(_shot: Shot) -> Sight:
    return Sight(Page(1, Source.OCR), (), ())


def read(data: bytes) -> None:
    try:
        msdoc.read(data, look, Limits(pictures=2, pixels=4_000_000))
    except ReadError:
        return


def bound_memory() -> None:
    """So much beyond what the interpreter and the fuzzer have: more ends in a MemoryError, which is no ReadError."""
    with open("/proc/self/statm") as statm:
        pages = int(statm.read().split()[0])
    limit = pages * resource.getpagesize() + MUCH_MB * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


if __name__ == "__main__":
    atheris.Setup(sys.argv, read)
    bound_memory()
    atheris.Fuzz()
