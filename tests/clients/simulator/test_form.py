"""The application form: once as Word, once on paper; what it states and who signed it."""

import io
from dataclasses import replace
from random import Random
from typing import Any

import docx
import pytest

from clients.simulator.chance import stream
from clients.simulator.defects import DEFECTS, plant
from clients.simulator.flow import Flow, Paragraph, Run, Table
from clients.simulator.form import LAYOUTS, write_form
from clients.simulator.form.signing import sign
from clients.simulator.page import HEIGHT_MM, WIDTH_MM, width_of
from clients.simulator.plan import CHINA, FormFacts
from clients.simulator.simulation import plans
from clients.simulator.typeset import typeset
from clients.simulator.word import save


def _facts(kind: str = "provincial", seed: int = 5) -> FormFacts:
    return next(
        plan.form for plan in plans(20, seed) if plan.form and not plan.flaws and plan.form.applicant.kind == kind
    )


def _saved(flow: Flow) -> Any:
    import datetime

    moment = datetime.datetime(2021, 8, 30, 9, 30, tzinfo=CHINA)
    return docx.Document(io.BytesIO(save(flow, "author", moment)))


def _text(document: Any) -> str:
    return "".join("".join(node.text or "" for node in document.element.iter() if node.tag.endswith("}t")).split())


@pytest.mark.parametrize("layout", LAYOUTS)
def test_print_and_word_file_have_the_same_text(layout: str) -> None:
    flow, _ = write_form(stream("same"), _facts(), layout)
    printed = sorted("".join("".join(sheet.lines) for sheet in typeset(flow).sheets))
    edges = sorted(flow.header + flow.footer)
    word = sorted(_text(_saved(flow)).replace("☒", "☑").replace("☐", "□"))
    for character in edges * len(typeset(flow).sheets):
        printed.remove(character)
    assert [character for character in printed if not character.isspace()] == word


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("seed", range(3))
def test_print_stays_on_its_paper(layout: str, seed: int) -> None:
    flow, _ = write_form(stream("paper", seed), _facts(seed=seed), layout)
    for sheet in typeset(flow).sheets:
        assert sheet.bottom < HEIGHT_MM - 8
        for text in sheet.texts:
            assert text.x >= 20
            assert text.x + width_of(text.text.rstrip(), text.size, text.face) < WIDTH_MM - 15


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_slot_is_signed_dated_and_sealed_on_paper(layout: str) -> None:
    facts = _facts()
    flow, statement = write_form(stream("slots"), facts, layout)
    printed = typeset(flow)
    sign(Random(1), printed, facts)
    stamps = [mark.facts.text for sheet in printed.sheets for mark in sheet.stamps]
    assert sorted(stamps) == sorted(seal for slot in statement.slots.values() for seal in slot["seals"])
    signed = [slot for slot in statement.slots.values() if slot["signature"]]
    assert "provincial_consent" in statement.slots
    assert sum(len(sheet.strokes) for sheet in printed.sheets) >= 8 * len(signed)
    inside = [(x, y) for sheet in printed.sheets for stroke in sheet.strokes for x, y in stroke.points]
    assert all(0 < x < WIDTH_MM and 0 < y < HEIGHT_MM for x, y in inside)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_unsigned_form_has_its_seal_and_no_pen_in_that_slot(layout: str) -> None:
    plan = next(plan for plan in plans(20, 5) if not plan.flaws and plan.delivery != "word")
    unsigned = plant(Random(1), plan, "missing-signature").form
    assert unsigned is not None
    _, statement = write_form(stream("unsigned"), unsigned, layout)
    own = [slot for id, slot in statement.slots.items() if id in ("applicant_opinion", "commitment")]
    assert own
    assert not any(slot["signature"] for slot in own)
    assert all(slot["seals"] for slot in own)


def test_word_alone_is_signed_by_typed_names() -> None:
    facts = _facts()
    flow, statement = write_form(stream("typed"), facts, "one-table", signed=True)
    slot = facts.slot("applicant_opinion")
    assert slot is not None
    assert slot.signer in _text(_saved(flow))
    assert statement.slots["applicant_opinion"]["signature"]
    assert [seal.text for seal in statement.pasted]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_words_and_digits_differ_where_that_is_planted(layout: str) -> None:
    assert "amount-words-differ" in DEFECTS
    facts = _facts()
    _, right = write_form(stream("words"), facts, layout)
    flow, wrong = write_form(stream("words"), replace(facts, words=facts.requested - 5000), layout)
    assert "requested_amount" not in right.doubtful
    assert "requested_amount" in wrong.doubtful
    assert any(character in _text(_saved(flow)) for character in "壹贰叁肆伍陆柒捌玖")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_slip_of_the_unit_is_ten_thousand_times_too_much_or_too_little(layout: str) -> None:
    facts = _facts()
    _, statement = write_form(stream("slip"), replace(facts, unit_slip=True), layout)
    ratio = float(statement.fields["requested_amount"]) / float(facts.requested)
    assert ratio == pytest.approx(10_000) or ratio == pytest.approx(0.0001)


def test_a_table_in_a_cell_is_saved_and_printed_as_a_table() -> None:
    inner, outer = Table([40, 40]), Table([30, 100])
    inner.put(0, 0, "内")
    inner.put(0, 1, "层")
    outer.put(0, 0, "外层")
    outer.put_blocks(0, 1, (Paragraph((Run("说明"),)), inner))
    flow = Flow("宋体", 12, [outer])
    cell = _saved(flow).tables[0].cell(0, 1)
    assert [cell.tables[0].cell(0, column).text for column in range(2)] == ["内", "层"]
    assert len(typeset(flow).sheets[0].rules) == 16  # four cells


def test_a_table_in_a_cell_is_no_wider_than_the_cell() -> None:
    inner, outer = Table([60, 60, 60]), Table([24, 134])
    for column in range(3):
        inner.put(0, column, "内")
    outer.put_blocks(0, 1, (inner,))
    (frame,) = _saved(Flow("宋体", 12, [outer])).tables
    (nested,) = frame.cell(0, 1).tables
    assert 0.9 < sum(column.width for column in nested.columns) / frame.columns[1].width < 1


def test_a_row_higher_than_a_page_is_refused() -> None:
    table = Table([20])
    table.put(0, 0, "\n".join("长" * 9 for _ in range(80)))
    with pytest.raises(ValueError, match="higher than a page"):
        typeset(Flow("宋体", 12, [table]))
