"""What one file states, on the terminal: which paper it is, its fields, its slots and its seals."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from clients.cli.show_report import add_row, console, table_of
from clients.cli.words import COLOURS, PRESENCES, SHAPES, STATES, Names, flat, quoted, where, word
from heyan.v1.document_pb2 import FIELD_STATE_FOUND, Field, FieldRow, Reading, Seal


def show_reading(reading: Reading, names: Names, lang: str, *, to: Console | None = None) -> None:
    """Prints one readable file."""
    out = to or console()
    out.print(_banner(reading, names, lang))
    if reading.fields:
        out.print(_fields(reading, names, lang))
    if reading.slots:
        out.print(_slots(reading, names, lang))
    if reading.seals:
        out.print(_seals(reading.seals, lang))
    else:
        out.print(Text("  未见印章" if lang == "zh" else "  no seal found", style="dim"))


def _banner(reading: Reading, names: Names, lang: str) -> Text:
    zh = lang == "zh"
    document = reading.document
    head = Text(flat(reading.file_name), style="bold")
    facts = [flat(document.format), f"{reading.size_bytes / 1024:,.0f} KB"]
    if document.pages:
        facts.append(f"{len(document.pages)} 页" if zh else f"{len(document.pages)} pages")
    if document.tables:
        facts.append(f"{len(document.tables)} 个表格" if zh else f"{len(document.tables)} tables")
    lines = [head, Text(" · ".join(facts), style="dim")]
    if reading.kind:
        kind = Text("材料 " if zh else "kind ", style="dim").append(
            flat(names.kind(reading.kind)), style="not dim bold"
        )
        lines.append(kind.append(f"  {reading.kind_confidence:.0%}"))
    for defect in document.defects:
        message = flat(defect.message.zh if zh else defect.message.en)
        place = where(defect.place, lang)
        lines.append(Text(f"{message} {place}".rstrip(), style="yellow" if defect.blind else "dim"))
    return Text("\n ").join([Text(""), *lines, Text("")])


def _fields(reading: Reading, names: Names, lang: str) -> Table:
    zh = lang == "zh"
    table = table_of(*(("栏目", "内容", "可信", "位置") if zh else ("field", "value", "sure", "where")))
    name_column, value, sure, place = table.columns
    name_column.width, value.ratio, sure.justify, place.width = 24, 1, "right", 17
    table.show_lines = False
    for field in reading.fields:
        label = names.field(reading.kind, field.id)
        name = Text(flat(label))
        if label != field.id:
            name.append(f"\n{field.id}", style="dim")
        add_row(
            table, name, _value(field, reading.kind, names, lang), _sure(field), Text(where(field.place, lang), "dim")
        )
    return table


def _value(field: Field, kind: str, names: Names, lang: str) -> Text:
    if field.rows:
        return Text("\n").join(_row(field.id, row, kind, names) for row in field.rows)
    found = field.state == FIELD_STATE_FOUND
    text = Text(flat(field.value)) if found else Text(*word(STATES, field.state, lang))
    if field.raw and flat(field.raw) != flat(field.value):
        text.append("\n" + quoted(field.raw, 60, lang), style="dim")
    return text


def _row(id: str, row: FieldRow, kind: str, names: Names) -> Text:
    text = Text()
    for number, field in enumerate(row.fields):
        text.append("  " if number else "").append(flat(names.field(kind, f"{id}.{field.id}")) + " ", style="dim")
        text.append(flat(field.value or field.raw) or "–")
    return text


def _sure(field: Field) -> Text:
    if field.state != FIELD_STATE_FOUND:
        return Text("")
    return Text(f"{field.confidence:.0%}", style="" if field.confidence >= 0.8 else "yellow")


def _slots(reading: Reading, names: Names, lang: str) -> Table:
    """Where opinions, signatures and seals are asked for, and what stands there."""
    zh = lang == "zh"
    table = table_of(*(("签章处", "内容", "印章", "位置") if zh else ("slot", "content", "seals", "where")))
    name_column, content, seals, place = table.columns
    name_column.width, content.ratio, seals.width, place.width = 24, 1, 17, 17
    table.show_lines = False
    for slot in reading.slots:
        parts = [flat(slot.opinion)] if slot.opinion else []
        if slot.HasField("signature_place"):
            parts.append(word(PRESENCES, slot.signature, lang)[0])
        parts.append(flat(slot.date or slot.date_raw) or "–")
        texts = [reading.seals[index].text for index in slot.seals if index < len(reading.seals)]
        stamped = "、".join(flat(text) or ("（未读出）" if zh else "(not read)") for text in texts)
        name = Text(flat(names.field(reading.kind, slot.id)))
        add_row(table, name, Text(" · ".join(parts)), Text(stamped or "–"), Text(where(slot.place, lang), "dim"))
    return table


def _seals(seals: Sequence[Seal], lang: str) -> Table:
    zh = lang == "zh"
    table = table_of(*(("印章", "样式", "可信", "位置") if zh else ("seal", "look", "sure", "where")))
    name_column, _, sure, place = table.columns
    name_column.ratio, sure.justify, place.width = 1, "right", 17
    table.show_lines = False
    for seal in seals:
        name = Text(
            flat(seal.text) or ("（未读出）" if zh else "(not read)"), style="bold red" if seal.text else "yellow"
        )
        if others := "、".join(flat(other) for other in seal.alternatives):
            name.append(f"\n或 {others}" if zh else f"\nor {others}", style="not bold dim")
        for more in (seal.centre_text, seal.code):
            if more:
                name.append("\n" + flat(more), style="not bold dim")
        if seal.across:
            over = f"骑缝章 {seal.across} 的一部分" if zh else f"part of seal {seal.across} over several rims"
            name.append("\n" + over, style="not bold dim")
        shape, _ = word(SHAPES, seal.shape, lang)
        colour, style = word(COLOURS, seal.colour, lang)
        size = f" {seal.diameter_mm:.0f} mm" if seal.diameter_mm else ""
        look = Text().append(f"{colour} ", style=style).append(f"{shape}{size}")
        add_row(
            table, name, look, Text(f"{seal.confidence:.0%}" if seal.text else ""), Text(where(seal.place, lang), "dim")
        )
    return table
