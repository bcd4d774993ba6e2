"""Cells of ruled tables on scans, drawn by another hand than the simulator's: right text in the right cell.

    python -m benchmarks.tables [--count 18] [--seed 2] [--dpi 200 ...] [--show DIR]

A cell is right where the table has a cell at its row and column, with its spans, whose text is its own in every
character; blanks and the width of punctuation do not count. close: at most one character is wrong. placed: the spans
are right, whatever the text. empty: of the cells without text, those found empty. Only cells with text count otherwise.
"""

from __future__ import annotations

import argparse
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import cv2
import numpy as np
from PIL import Image
from rapidfuzz.distance import Levenshtein

from benchmarks.pages.__main__ import folded
from benchmarks.tables.draw import RULES, Scan, scan
from benchmarks.tables.forms import KINDS, Grid
from extractors.document import Table
from extractors.limits import Limits
from extractors.look import Eye
from extractors.ocr.rapid import RapidEngine
from extractors.read import read
from extractors.seals import find_seals

_DPI = (150, 200, 300)

Spans = tuple[int, int, int, int]


@dataclass(slots=True)
class Tally:
    """Cells so far."""

    cells: int = 0
    right: int = 0
    close: int = 0
    placed: int = 0
    empty: int = 0
    left_empty: int = 0

    def __iadd__(self, other: Tally) -> Tally:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    def row(self) -> dict[str, float | int | None]:
        shares = {name: getattr(self, name) / self.cells for name in ("right", "close", "placed")} if self.cells else {}
        return {
            **{name: round(share, 4) for name, share in shares.items()},
            "empty": round(self.left_empty / self.empty, 4) if self.empty else None,
            "cells": self.cells,
        }


def main() -> None:
    """Prints a row for each resolution and style of rules, then a line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=18, help="pages of each resolution")
    parser.add_argument("--seed", type=int, default=2, help="2 measures; develop with seeds from 1001")
    parser.add_argument("--dpi", type=int, action="append", choices=_DPI, help="only this resolution")
    parser.add_argument(
        "--show", type=Path, help="a folder for the pages, cells as read drawn on them, and the wrong ones"
    )
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    engine = RapidEngine()
    engine.warm()
    eye = Eye(engine, engine, Limits(), find_seals)
    by_dpi: dict[int, Tally] = {}
    by_rules: dict[str, Tally] = {}
    for dpi in arguments.dpi or _DPI:
        for index in range(arguments.count):
            rng = Random(f"{arguments.seed}/tables/{dpi}/{index}")
            page = scan(rng, list(KINDS)[index % len(KINDS)], RULES[index % len(RULES)], dpi)
            document = read(page.data, eye.look, Limits())
            tables = [block for block in document.blocks if isinstance(block, Table)]
            tally, wrong = scored(page.grids, tables)
            for tallies in (by_dpi.setdefault(dpi, Tally()), by_rules.setdefault(page.rules, Tally())):
                tallies += tally
            if arguments.show:
                show(arguments.show, f"{dpi}-{index}-{page.kind}-{page.rules}".replace(" ", "-"), page, tables, wrong)
    for name, each in (*((f"{dpi} dpi", tally) for dpi, tally in by_dpi.items()), *by_rules.items()):
        print(f"{name:14}", "  ".join(f"{key} {value}" for key, value in each.row().items()))
    print(
        json.dumps(
            {
                "benchmark": "tables",
                "seed": arguments.seed,
                "count": arguments.count,
                "dpi": {dpi: tally.row() for dpi, tally in by_dpi.items()},
                "rules": {name: tally.row() for name, tally in by_rules.items()},
            }
        )
    )


def scored(grids: Sequence[Grid], tables: Sequence[Table]) -> tuple[Tally, list[str]]:
    """The cells of a page, and the wrong ones in words. Each grid is told by the table that has most of its cells."""
    total, words, left = Tally(), [], list(tables)
    for grid in grids:
        tallies = [_compared(grid, table) for table in left]
        best = max(range(len(left)), key=lambda n: (tallies[n][0].right, tallies[n][0].placed), default=None)
        tally, wrong = _compared(grid, None) if best is None else tallies[best]
        if best is not None and tally.placed:
            left.pop(best)
        total += tally
        words += wrong
    return total, words


def _compared(grid: Grid, table: Table | None) -> tuple[Tally, list[str]]:
    read: dict[Spans, str] = {}
    if table is not None:
        read = {(cell.row, cell.column, cell.row_span, cell.column_span): folded(cell.text) for cell in table.cells}
    tally, wrong = Tally(), []
    for cell in grid.cells:
        place, text = (cell.row, cell.column, cell.rows, cell.columns), folded(cell.text)
        found = read.get(place)
        if not text:
            tally.empty += 1
            tally.left_empty += found == ""
            continue
        edits = None if found is None else Levenshtein.distance(text, found)
        tally.cells += 1
        tally.placed += edits is not None
        tally.close += edits is not None and edits <= 1
        tally.right += edits == 0
        if edits != 0:
            wrong.append(f"{place} {text} | {'no such cell' if found is None else found}")
    return tally, wrong


def show(folder: Path, name: str, page: Scan, tables: Sequence[Table], wrong: Sequence[str]) -> None:
    """The page as a picture, its cells as they were found upon the upright page's fractions, and the wrong ones."""
    folder.mkdir(parents=True, exist_ok=True)
    picture = cv2.cvtColor(np.asarray(Image.open(io.BytesIO(page.data)).convert("RGB")), cv2.COLOR_RGB2BGR)
    height, width = picture.shape[:2]
    for number, table in enumerate(tables):
        colour = ((0, 0, 220), (0, 140, 0), (200, 80, 0))[number % 3]
        for cell in table.cells:
            box = cell.place.box
            if box is not None:
                corners = (
                    (round(box.left * width), round(box.top * height)),
                    (
                        round(box.right * width),
                        round(box.bottom * height),
                    ),
                )
                cv2.rectangle(picture, *corners, colour, 2)
    (folder / f"{name}.png").write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    (folder / f"{name}.txt").write_text("\n".join(wrong), encoding="utf-8")


if __name__ == "__main__":
    main()
