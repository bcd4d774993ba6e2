"""Tables over a page break."""

from extractors.document import Box, Cell, Document, Line, Place, Story, Table
from extractors.forms.pages import whole_tables
from tests.extractors.forms.build import field


def part(page: int, top: float, *rows: list[tuple[float, float, str]]) -> Table:
    """A table on a page; cells by their left and right edges; rows are 0.05 high."""
    cells = []
    for number, row in enumerate(rows):
        for column, (left, right, text) in enumerate(row):
            place = Place(page, Box(left, top + 0.05 * number, right, top + 0.05 * (number + 1)))
            cells.append(Cell((Line(text, place),), number, column, place))
    return Table(tuple(cells), Place(page, Box(0.1, top, 0.9, top + 0.05 * len(rows))))


FIRST = part(
    1,
    0.7,
    [(0.1, 0.3, "序号"), (0.3, 0.6, "支出科目"), (0.6, 0.9, "金额（元）")],
    [(0.1, 0.3, "1"), (0.3, 0.6, "培训费"), (0.6, 0.9, "100")],
)
SECOND = part(
    2, 0.1, [(0.1, 0.3, "2"), (0.3, 0.6, "材料费"), (0.6, 0.9, "50")], [(0.1, 0.6, "合计"), (0.6, 0.9, "150")]
)
NUMBER = Line("- 1 -", Place(1, Box(0.45, 0.94, 0.55, 0.96)))
TEXT = Line("附：明细", Place(1, Box(0.1, 0.82, 0.3, 0.84)))


def test_text_between_keeps_tables_apart() -> None:
    assert whole_tables((FIRST, TEXT, SECOND)) == (FIRST, TEXT, SECOND)


def test_tables_of_other_widths_stay_apart() -> None:
    narrow = part(2, 0.1, [(0.1, 0.3, "x"), (0.3, 0.5, "y")])
    apart = Table(narrow.cells, Place(2, Box(0.1, 0.1, 0.5, 0.15)))
    assert whole_tables((FIRST, apart)) == (FIRST, apart)


def test_a_table_that_ends_far_above_the_bottom_is_whole() -> None:
    high = part(1, 0.2, [(0.1, 0.5, "x"), (0.5, 0.9, "y")])
    assert whole_tables((high, SECOND)) == (high, SECOND)


def test_a_table_goes_on_over_the_page_break() -> None:
    budget = field(
        Document("pdf", blocks=(FIRST, NUMBER, Line("", Place(2), story=Story.HEADER), SECOND)), "budget_items"
    )
    assert [[f.value for f in row] for row in budget.rows] == [["培训费", "100"], ["材料费", "50"]]


def test_a_line_of_the_first_part_that_is_in_none_of_its_cells_does_not_end_the_table() -> None:
    stray = Line("序号", Place(1, Box(0.12, 0.71, 0.2, 0.73)))
    assert len(whole_tables((FIRST, stray, NUMBER, SECOND))) == 3


def test_a_page_number_ends_no_table_wherever_it_stands() -> None:
    """On a photo that shows the desk around the sheet it stands high."""
    for number in ("第2页 共3页", "- 2 -", "2/3"):
        assert len(whole_tables((FIRST, Line(number, Place(1, Box(0.45, 0.84, 0.55, 0.86))), SECOND))) == 2


def test_a_heading_in_a_frame_or_beside_a_bar_is_a_line() -> None:
    heading = part(1, 0.2, [(0.1, 0.9, "负责人")])
    (line,) = heading.cells[0].lines
    assert whole_tables((heading,)) == (line,)
    bar = Cell((), 0, 0, Place(1, Box(0.09, 0.2, 0.1, 0.25)))
    beside = Table((bar, Cell((line,), 0, 1, heading.cells[0].place)), heading.place)
    assert whole_tables((beside,)) == (line,)
    blank = Cell((), 0, 1, Place(1, Box(0.3, 0.2, 0.9, 0.25)))  # room for something
    asked = Table((Cell((line,), 0, 0, Place(1, Box(0.1, 0.2, 0.3, 0.25))), blank), heading.place)
    assert whole_tables((asked,)) == (asked,)
