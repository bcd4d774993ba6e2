"""Our reading of real .doc files against LibreOffice's, and the figures that must hold.

The files are not part of the project: they stand in `shared/corpora/doc` beside it or further up, and these tests skip
where they do not. `NAME.expected.json` is what LibreOffice 7.4 read from NAME. Where our reading is the better one, an
entry of exceptions/doc.yaml says so with the reason, and the file does not count for that figure.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml

from extractors.document import Cell, Document, Line, Page, Source, Table
from extractors.errors import ReadError
from extractors.limits import Limits
from extractors.ocr.engine import Shot, Sight
from extractors.readers import msdoc

HERE = Path(__file__).parent
CORPUS = next((p / "shared/corpora/doc" for p in HERE.parents if (p / "shared/corpora/doc").is_dir()), None)

pytestmark = pytest.mark.skipif(CORPUS is None, reason="shared/corpora/doc is not beside this project")

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")


@dataclass(frozen=True)
class Score:
    """What one file adds to the figures: pairs of (right, of)."""

    text: float
    cells: tuple[int, int]
    spans: tuple[int, int]
    merges: tuple[int, int]
    pictures: tuple[int, int]


def look(_shot: Shot) -> Sight:
    return Sight(Page(1, Source.OCR), (), ())


def expected_files() -> list[Path]:
    return [] if CORPUS is None else sorted(CORPUS.glob("*/*.expected.json"))


def tokens(text: str) -> Counter[str]:
    return Counter(_TOKEN.findall(text))


def written(line: Line) -> str:
    """A line without its automatic number, which LibreOffice's text does not have."""
    return line.text[len(line.number) :]


def squeezed(text: str) -> str:
    return "".join(text.split())


def recall(expected: Counter[str], ours: Counter[str]) -> float:
    total = sum(expected.values())
    return sum((expected & ours).values()) / total if total else 1.0


def cell_text(cell: Cell) -> str:
    return squeezed("".join(written(line) for line in cell.lines))


def rows(table: Table) -> list[list[tuple[str, int, str | None]]]:
    """The table as the reference has it: a cell merged down stands again, empty, in each row it continues to."""
    found: list[list[tuple[int, str, int, str | None]]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        merge = "restart" if cell.row_span > 1 else None
        found[cell.row].append((cell.column, cell_text(cell), cell.column_span, merge))
        for row in range(cell.row + 1, cell.row + cell.row_span):
            found[row].append((cell.column, "", cell.column_span, "continue"))
    return [[cell[1:] for cell in sorted(row)] for row in found]


def measure(expected: dict, document: Document) -> Score:
    # The reference repeats a header in each section that inherits it; what is stated, it is stated once.
    headers = "\n".join(dict.fromkeys(expected["headers"].splitlines()))
    reference = tokens("\n".join((expected["body"], headers, expected["notes"], expected["comments"])))
    ours = tokens("\n".join(written(line) for line in document.iter_lines()))
    wanted = Counter(squeezed(cell["text"]) for table in expected["tables"] for row in table for cell in row)
    have = Counter(cell_text(cell) for table in document.tables for cell in table.cells)
    del wanted[""]
    spans, merges = merged(expected["tables"], [rows(table) for table in document.tables])
    count = expected["pictures"]
    return Score(
        recall(reference, ours),
        (sum((wanted & have).values()), sum(wanted.values())),
        spans,
        merges,
        (min(count, len(document.pictures)), count),
    )


def merged(reference: list, ours: list) -> tuple[tuple[int, int], tuple[int, int]]:
    """Equal column spans and equal vertical merges, over the cells of tables that have the same rows of cells.

    A cell that is alone in being a continuation has no text in ours, so text is not compared there.
    """
    spans, merges, total = 0, 0, 0
    left = list(ours)
    for table in reference:
        match = next((own for own in left if matches(table, own)), None)
        if match is None:
            continue
        left.remove(match)
        for row, own_row in zip(table, match, strict=True):
            for cell, own in zip(row, own_row, strict=True):
                total += 1
                spans += cell["span"] == own[1]
                merges += cell["vmerge"] == own[2]
    return (spans, total), (merges, total)


def matches(table: list, own: list) -> bool:
    """The same rows with as many cells each, and nine texts of ten the same."""
    if [len(row) for row in table] != [len(row) for row in own]:
        return False
    pairs = [
        (squeezed(cell["text"]), own_cell[0])
        for row, own_row in zip(table, own, strict=True)
        for cell, own_cell in zip(row, own_row, strict=True)
        if own_cell[2] != "continue"
    ]
    return sum(text == own_text for text, own_text in pairs) >= 0.9 * len(pairs)


@cache
def exceptions() -> dict[str, dict[str, str]]:
    """Figures that a file does not count for, with the reason: {file: {figure: reason}}."""
    loaded: dict[str, dict[str, str]] = yaml.safe_load((HERE / "exceptions/doc.yaml").read_text("utf-8")) or {}
    return loaded


@cache
def scores() -> dict[str, Score]:
    """The score of every file with a reference. A file that cannot be read fails here, by name."""
    found: dict[str, Score] = {}
    for reference in expected_files():
        name = reference.name.removesuffix(".expected.json")
        try:
            document = msdoc.read(reference.with_name(name).read_bytes(), look, Limits())
        except ReadError as e:
            pytest.fail(f"{name} was not read: {e.code} {e.detail}")
        found[name] = measure(json.loads(reference.read_text("utf-8")), document)
    return found


def pooled(figure: str) -> float:
    """Right over all, for the files that count."""
    pairs = [getattr(score, figure) for name, score in scores().items() if figure not in exceptions().get(name, {})]
    return sum(right for right, _ in pairs) / sum(of for _, of in pairs)


def worst(figure: str) -> str:
    """The files that cost most, for the message of a failure."""
    losses = {name: pair[1] - pair[0] for name, pair in ((n, getattr(s, figure)) for n, s in scores().items())}
    return ", ".join(f"{name} -{losses[name]}" for name in sorted(losses, key=losses.get, reverse=True)[:8])


def test_every_word_97_file_with_a_reference_is_read():
    assert len(scores()) == len(expected_files())


def test_the_text_of_all_stories_is_found():
    counted = {name: score.text for name, score in scores().items() if "text" not in exceptions().get(name, {})}
    mean = sum(counted.values()) / len(counted)
    assert mean >= 0.997, sorted(counted.items(), key=lambda item: item[1])[:8]


def test_the_text_of_table_cells_is_found():
    assert pooled("cells") >= 0.99, worst("cells")


def test_column_spans_agree():
    assert pooled("spans") >= 0.97, worst("spans")


def test_vertical_merges_agree():
    assert pooled("merges") >= 0.99, worst("merges")


def test_pictures_are_found():
    assert pooled("pictures") >= 0.97, worst("pictures")


def test_every_exception_names_a_file_and_a_figure_and_gives_a_reason():
    for name, figures in exceptions().items():
        assert name in scores()
        assert set(figures) <= {"text", "cells", "spans", "merges", "pictures"}
        assert all(len(reason) > 20 for reason in figures.values())
