"""Tables that are under way: what is nested, what was never ended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors.document import Line, Place
from extractors.errors import TooLarge
from extractors.limits import Limits
from extractors.readers.grid import OpenTables


def put(tables: OpenTables, text: str) -> None:
    tables.put(Line(text, tables.place))


def test_tables_within_a_table_come_behind_it_in_the_order_of_their_beginning() -> None:
    tables = OpenTables("", Limits())
    assert tables.fit(1, at=10) == []
    for at, text in ((20, "first"), (30, "second")):
        assert tables.fit(2, at) == []
        put(tables, text)
        tables.end_cell()
        tables.end_row(())
        assert tables.fit(1) == []
    put(tables, "outer")
    tables.end_cell()
    tables.end_row(())

    done = tables.fit(0)

    assert [(at, table.place.path) for at, table in done] == [
        (10, "table 1"),
        (20, "table 1 / row 1 / cell 1 / table 1"),
        (30, "table 1 / row 1 / cell 1 / table 2"),
    ]
    assert [table.cells[0].lines[0].text for _, table in done] == ["outer", "first", "second"]
    assert tables.fit(0) == []


def test_what_was_never_ended_is_kept() -> None:
    tables = OpenTables("footnote / ", Limits())
    tables.fit(1)
    put(tables, "left open")
    [(_, table)] = tables.fit(0)
    assert table.cells[0].lines[0] == Line("left open", Place(path="footnote / table 1 / row 1 / cell 1"))


def test_a_table_of_too_many_cells_is_refused() -> None:
    tables = OpenTables("", replace(Limits(), cells=2))
    tables.fit(1)
    tables.end_cell()
    tables.end_cell()
    with pytest.raises(TooLarge, match="2 cells"):
        tables.end_cell()
