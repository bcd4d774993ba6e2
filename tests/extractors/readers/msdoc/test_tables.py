"""Tables: cells, spans, merges, nesting, and what a damaged row leaves."""

import pytest

from extractors.document import Document, Page, Source, Table
from extractors.errors import TooLarge
from extractors.limits import Limits
from extractors.ocr.engine import Shot, Sight
from extractors.readers import msdoc
from tests.build_doc import Par, Run, def_table, doc, par, prl, row

IN_TABLE, ROW_END = prl(0x2416), prl(0x2417)
MERGE_FIRST, MERGE_NEXT = 1, 2
DOWN_FIRST, DOWN_NEXT = 0x60, 0x20


def look(_shot: Shot) -> Sight:
    return Sight(Page(1, Source.OCR), (), ())


def read(*pars: Par, limits: Limits | None = None) -> Document:
    return msdoc.read(doc(*pars), look, limits or Limits())


def shape(table: Table) -> list[tuple[str, int, int, int, int]]:
    """Text, row, column, row span, column span of every cell."""
    return [(cell.text, cell.row, cell.column, cell.row_span, cell.column_span) for cell in table.cells]


def test_a_table_has_rows_and_cells_with_their_widths():
    (table,) = read(*row("姓名", "王五", edges=(0, 1440, 4320)), *row("电话", "010", edges=(0, 1440, 4320))).tables
    assert shape(table) == [("姓名", 0, 0, 1, 1), ("王五", 0, 1, 1, 1), ("电话", 1, 0, 1, 1), ("010", 1, 1, 1, 1)]
    assert [cell.width_mm for cell in table.cells[:2]] == [25.4, 50.8]
    assert table.cells[3].place.path == "table 1 / row 2 / cell 2"


def test_spans_follow_from_the_edges_of_all_rows():
    (table,) = read(*row("wide", edges=(0, 3000)), *row("a", "b", "c"), *row("d", "e", edges=(0, 1000, 3000))).tables
    assert shape(table) == [
        ("wide", 0, 0, 1, 3),
        ("a", 1, 0, 1, 1),
        ("b", 1, 1, 1, 1),
        ("c", 1, 2, 1, 1),
        ("d", 2, 0, 1, 1),
        ("e", 2, 1, 1, 2),
    ]


def test_edges_that_differ_by_a_hair_are_one_column():
    (table,) = read(*row("a", "b", edges=(0, 1000, 2000)), *row("c", "d", edges=(1, 1003, 1998))).tables
    assert [cell.column_span for cell in table.cells] == [1, 1, 1, 1]


@pytest.mark.parametrize("flags", [(1, 2, 0), (2, 1, 0), (3, 1, 0)])
def test_cells_merged_in_a_row_are_one(flags):
    (table,) = read(*row("题目", "", "x", flags=flags), *row("a", "b", "c")).tables
    assert shape(table)[:2] == [("题目", 0, 0, 1, 2), ("x", 0, 2, 1, 1)]


def test_a_row_with_two_merged_pairs_has_two_cells():
    (table,) = read(*row("a", "", "b", "", flags=(1, 2, 1, 2)), *row("c", "d", "e", "f")).tables
    assert shape(table)[:2] == [("a", 0, 0, 1, 2), ("b", 0, 2, 1, 2)]


def test_cells_merged_down_stand_once():
    (table,) = read(
        *row("意见", "x", flags=(DOWN_FIRST, 0)), *row("", "y", flags=(DOWN_NEXT, 0)), *row("z", "w")
    ).tables
    assert shape(table) == [
        ("意见", 0, 0, 2, 1),
        ("x", 0, 1, 1, 1),
        ("y", 1, 1, 1, 1),
        ("z", 2, 0, 1, 1),
        ("w", 2, 1, 1, 1),
    ]


def test_text_of_a_cell_that_is_merged_away_is_kept_hidden():
    (table,) = read(*row("a", "b", flags=(DOWN_FIRST, 0)), *row("lost", "c", flags=(DOWN_NEXT, 0))).tables
    assert [(line.text, line.hidden) for line in table.cells[0].lines] == [("a", False), ("lost", True)]


def test_a_continuation_without_a_beginning_is_a_cell():
    (table,) = read(*row("a", "b", flags=(DOWN_NEXT, 0))).tables
    assert shape(table) == [("a", 0, 0, 1, 1), ("b", 0, 1, 1, 1)]


@pytest.mark.parametrize(
    ("change", "columns"),
    [
        (prl(0x5624, 0x0200), [(0, 2), (2, 1)]),  # sprmTMerge of cells 0 to 1
        (prl(0x5624, 0x0200) + prl(0x5625, 0x0200), [(0, 1), (1, 1), (2, 1)]),  # and sprmTSplit
        (prl(0x7623, 0x07D0_01_00), [(0, 2), (2, 1), (3, 1)]),  # sprmTDxaCol: the first is 2000 wide
        (prl(0x9601, 1000), [(1, 1), (2, 1), (3, 1)]),  # sprmTDxaLeft: the row begins at 1000
        (prl(0xD62B, b"\x00\x01"), [(0, 1), (1, 1), (2, 1)]),  # sprmTVertMerge below nothing
    ],
)
def test_later_sprms_change_the_definition(change, columns):
    cells = [par(text, papx=IN_TABLE, mark="\x07") for text in "abc"]
    end = par(papx=IN_TABLE + ROW_END + def_table((0, 1000, 2000, 3000)) + change, mark="\x07")
    (table,) = read(*cells, end, *row("d", "e", "f")).tables
    assert [(cell.column, cell.column_span) for cell in table.cells if cell.row == 0] == columns


def test_paragraphs_of_a_cell_are_its_lines():
    cell = [par("one", papx=IN_TABLE), par("two", papx=IN_TABLE, mark="\x07")]
    (table,) = read(*cell, par(papx=IN_TABLE + ROW_END + def_table((0, 1000)), mark="\x07")).tables
    assert shape(table) == [("one\ntwo", 0, 0, 1, 1)]


def nested(depth: int) -> list[Par]:
    """A table in a table in a table, one cell each."""
    pars = []
    for level in range(depth, 1, -1):
        papx = IN_TABLE + prl(0x6649, level)
        pars.append(par(f"level {level}", papx=papx + prl(0x244B)))
        pars.append(par(papx=papx + prl(0x244B) + prl(0x244C) + def_table((0, 1000))))
    pars.append(par("level 1", papx=IN_TABLE + prl(0x6649, 1), mark="\x07"))
    pars.append(par(papx=IN_TABLE + prl(0x6649, 1) + ROW_END + def_table((0, 2000)), mark="\x07"))
    return pars


def test_a_nested_table_is_a_table_of_its_own():
    outer, inner = read(*nested(2), par("after")).tables
    assert shape(outer) == [("level 1", 0, 0, 1, 1)]
    assert shape(inner) == [("level 2", 0, 0, 1, 1)]
    assert inner.place.path == "table 1 / row 1 / cell 1 / table 1"


def test_tables_nested_beyond_the_limit_are_read_at_the_limit():
    tables = read(*nested(40), limits=Limits(depth=4)).tables
    assert {line.text for table in tables for cell in table.cells for line in cell.lines} == {
        f"level {level}" for level in range(1, 41)
    }
    assert max(table.place.path.count("table") for table in tables) == 4


def test_a_row_without_a_definition_has_cells_of_equal_width():
    cells = [par(text, papx=IN_TABLE, mark="\x07") for text in "ab"]
    (table,) = read(*cells, par(papx=IN_TABLE + ROW_END, mark="\x07")).tables
    assert shape(table) == [("a", 0, 0, 1, 1), ("b", 0, 1, 1, 1)]


def test_a_table_that_is_cut_off_keeps_its_cells():
    (table,) = read(par("a", papx=IN_TABLE, mark="\x07"), par("b", papx=IN_TABLE, mark="")).tables
    assert shape(table) == [("a", 0, 0, 1, 1), ("b", 0, 1, 1, 1)]


def test_deleted_text_in_a_cell_does_not_leak():
    (table,) = read(*row(Run("old", prl(0x0800)), "new")).tables
    assert [cell.text for cell in table.cells] == ["", "new"]


def test_text_whose_mark_was_deleted_does_not_move_into_a_table():
    document = read(par("before"), Par((Run("gone"), Run("\r", prl(0x0800))), mark=""), *row("a"))
    assert [line.text for line in document.lines] == ["before", "gone", "a"]


def test_too_many_cells_are_refused():
    with pytest.raises(TooLarge, match="cells"):
        read(*(p for _ in range(4) for p in row("a", "b")), limits=Limits(cells=5))


def test_too_many_paragraphs_are_refused():
    with pytest.raises(TooLarge, match="paragraphs"):
        read(*(par("x") for _ in range(8)), limits=Limits(blocks=5))
