"""`make bench`: every benchmark, or those named: python -m benchmarks [accuracy] [latency] [impression] ..."""

from __future__ import annotations

import subprocess
import sys

ALL = (
    "accuracy",
    "latency",
    "obvious",
    "msdoc",
    "rules",
    "whose",
    "seals",
    "paper",
    "impression",
    "audit",
    "compare",
    "pages",
    "tables",
    "ocr",
    "reliability",
    "flood",
)


def main(names: list[str]) -> int:
    """0 where every one ran; their figures are theirs to judge by docs/benchmarks.md."""
    unknown = set(names) - set(ALL)
    if unknown:
        print(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(ALL)}", file=sys.stderr)
        return 2
    results = []
    for name in names or ALL:
        print(f"== {name}", flush=True)
        results.append(subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode)
    return max(results)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
