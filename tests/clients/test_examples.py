"""A call's examples as readings: the short form, what it takes over, and what is expected."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import yaml
from google.protobuf.json_format import MessageToJson

from clients.examples import Example, ExampleError, load_examples
from heyan.v1 import document_pb2 as pb

CALLS = Path(__file__).parents[2] / "services" / "calls"
CLEAN = """\
title: 各项符合
received: 2024-09-10T09:00:00+08:00
documents:
  预约单.docx:
    kind: booking_form
    fields:
      held_on: 2024-10-16
      fee: 1500
      contact: null
      rows: [{item: 培训, amount: 300}, {item: 资料, amount: null}]
      unclear: {raw: 面议, state: unclear, confidence: 0.3}
  函.JPG:
    kind: letter
    scan: true
    text: "甲\\n乙"
    seals: [湖南省林学会, {text: 财务专用章, shape: SEAL_SHAPE_OVAL, confidence: 0.5}]
    defects: [has_macros, {code: page_limit, blind: true}]
expect: {verdict: acceptable}
"""


def loaded(folder: Path, **files: str) -> dict[str, Example]:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return {example.name: example for example in load_examples(folder)}


def test_the_short_form_is_a_reading(tmp_path: Path) -> None:
    example = loaded(tmp_path, clean=CLEAN)["clean"]
    assert (example.title, example.verdict, example.findings) == ("各项符合", "acceptable", {})
    assert example.received == datetime.fromisoformat("2024-09-10T09:00:00+08:00")
    form, letter = example.readings
    assert (form.file_name, form.kind, form.document.format) == ("预约单.docx", "booking_form", "docx")
    fields = {field.id: field for field in form.fields}
    assert (fields["held_on"].value, fields["held_on"].state) == ("2024-10-16", pb.FIELD_STATE_FOUND)
    assert (fields["fee"].value, fields["fee"].raw, fields["fee"].confidence) == ("1500", "1500", 1.0)
    assert (fields["contact"].value, fields["contact"].state) == ("", pb.FIELD_STATE_BLANK)
    assert (fields["unclear"].raw, fields["unclear"].state) == ("面议", pb.FIELD_STATE_UNCLEAR)
    rows = [[(cell.id, cell.value) for cell in row.fields] for row in fields["rows"].rows]
    assert rows == [[("item", "培训"), ("amount", "300")], [("item", "资料"), ("amount", "")]]
    assert letter.document.format == "jpg"
    assert letter.document.pages[0].source == pb.SOURCE_OCR
    assert [block.line.text for block in letter.document.blocks] == ["甲", "乙"]
    assert [(seal.text, seal.shape) for seal in letter.seals] == [
        ("湖南省林学会", pb.SEAL_SHAPE_ROUND),
        ("财务专用章", pb.SEAL_SHAPE_OVAL),
    ]
    assert [(defect.code, defect.blind) for defect in letter.document.defects] == [
        ("has_macros", False),
        ("page_limit", True),
    ]


def test_an_example_takes_over_another_but_for_what_it_says(tmp_path: Path) -> None:
    late = "like: clean\nreceived: 2024-09-21T00:00:00+08:00\nexpect: {findings: {late: violated}}"
    other = (
        "title: 换一份\nlike: late\nwithout: [函.JPG]\nexpect: {}\n"
        "documents: {预约单.docx: {fields: {fee: 9}}, b.pdf: {unreadable: damaged}}"
    )
    found = loaded(tmp_path, clean=CLEAN, late=late, other=other)
    assert (found["late"].title, found["late"].verdict, found["late"].findings) == ("", "", {"late": "violated"})
    assert found["late"].readings == found["clean"].readings
    form, broken = found["other"].readings
    assert {field.id: field.value for field in form.fields}["fee"] == "9"
    assert {field.id: field.value for field in form.fields}["held_on"] == "2024-10-16"
    assert (broken.file_name, broken.unreadable.code, broken.HasField("document")) == ("b.pdf", "damaged", False)
    assert found["other"].received == found["late"].received


def test_a_base_without_expectations_is_no_example_of_its_own(tmp_path: Path) -> None:
    base = CLEAN.replace("expect: {verdict: acceptable}\n", "")
    assert set(loaded(tmp_path, base=base, one="like: base\nexpect: {}")) == {"one"}


def test_what_extract_wrote_is_taken_with_changes(tmp_path: Path) -> None:
    reading = pb.Reading(file_name="x.docx", kind="booking_form", sha256="0" * 64)
    reading.fields.add(id="fee", value="1", state=pb.FIELD_STATE_FOUND)
    reading.fields.add(id="school", value="三中", state=pb.FIELD_STATE_FOUND)
    (tmp_path / "x.json").write_text(MessageToJson(reading), "utf-8")
    text = "documents: {a.docx: {reading: x.json, fields: {fee: 2}}}\nexpect: {}"
    (made,) = loaded(tmp_path, a=text)["a"].readings
    assert (made.file_name, made.kind) == ("a.docx", "booking_form")
    assert [(field.id, field.value) for field in made.fields] == [("fee", "2"), ("school", "三中")]


def test_nothing_outside_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("{}", "utf-8")
    (tmp_path / "examples").mkdir()
    for path in ("../secret.json", str(tmp_path / "secret.json")):
        text = f"documents: {{a.docx: {{reading: {path}}}}}\nexpect: {{}}"
        with pytest.raises(ExampleError, match="not in the folder"):
            loaded(tmp_path / "examples", a=text)


def test_a_folder_without_examples_has_none(tmp_path: Path) -> None:
    assert load_examples(tmp_path) == ()
    assert load_examples(tmp_path / "none") == ()


@pytest.mark.parametrize("call", ["example-minimal", "zhihui-2021"])
def test_every_rule_of_a_call_is_violated_by_an_example_and_kept_by_a_clean_one(call: str) -> None:
    examples = load_examples(CALLS / call / "examples")
    rules = {rule["id"] for rule in yaml.safe_load((CALLS / call / "call.yaml").read_text("utf-8"))["rules"]}
    violated = {rule for example in examples for rule, outcome in example.findings.items() if outcome == "violated"}
    assert rules - violated == set()
    assert any(example.verdict == "acceptable" and not example.findings for example in examples)
