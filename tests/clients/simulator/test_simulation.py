"""What lies in the directory after `simulate`."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import numpy as np
import pypdfium2 as pdfium
import pytest
from click.testing import CliRunner
from PIL import Image, ImageOps

from clients.cli import simulate as simulate_command
from clients.simulator import simulate
from clients.simulator.chance import stream
from clients.simulator.defects.across import groups
from clients.simulator.defects.fields import BLANKS
from clients.simulator.defects.papers import DAMAGES
from clients.simulator.form import LAYOUTS, write_form
from clients.simulator.papers import write_papers
from clients.simulator.plan import Plan
from clients.simulator.simulation import plans
from clients.simulator.typeset import typeset

_COUNT, _SEED = 10, 5


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("call")
    simulate(directory, _COUNT, _SEED)
    return directory


@pytest.fixture(scope="module")
def truth(call: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((call / "truth.json").read_text(encoding="utf-8"))
    return loaded


def _files(call: Path, truth: dict[str, Any], kind: str) -> list[tuple[Path, dict[str, Any]]]:
    """Readable files of a kind with their truth."""
    return [
        (call / submission["folder"] / file["name"], file)
        for submission in truth["submissions"]
        for file in submission["files"]
        if file["kind"] == kind and "damage" not in file
    ]


def _word_forms(call: Path, truth: dict[str, Any]) -> list[tuple[Path, dict[str, Any]]]:
    found = [pair for pair in _files(call, truth, "application_form") if pair[1]["medium"] == "docx"]
    assert found
    return found


def _sound() -> Plan:
    return next(plan for plan in plans(4, _SEED) if plan.form and plan.letter and not plan.flaws)


def _upright_pages(path: Path) -> list[Image.Image]:
    if path.suffix == ".pdf":
        with pdfium.PdfDocument(path) as document:
            return [page.render(scale=100 / 72).to_pil().convert("RGB") for page in document]
    return [ImageOps.exif_transpose(Image.open(path)).convert("RGB")]


def test_the_same_seed_gives_the_same_bytes(call: Path) -> None:
    for plan in plans(_COUNT, _SEED)[:4]:
        for file in write_papers(f"{_SEED}/{plan.number}/papers", plan):
            written = next(call.glob(f"{plan.number:03d}-*")) / file.name
            assert file.data == written.read_bytes(), file.name


def test_progress_is_told_after_each_submission(tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    assert simulate(tmp_path, 1, _SEED, lambda done, of: calls.append((done, of))) == tmp_path / "truth.json"
    assert calls == [(1, 1)]


def test_another_seed_gives_another_call() -> None:
    assert plans(2, _SEED) != plans(2, _SEED + 1)


def test_no_submissions_at_all_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        simulate(tmp_path / "none", 0, 1)
    assert not (tmp_path / "none").exists()


def test_truth_names_every_file_that_was_written_and_no_other(call: Path, truth: dict[str, Any]) -> None:
    told = {f"{s['folder']}/{file['name']}" for s in truth["submissions"] for file in s["files"]}
    written = {str(p.relative_to(call)) for p in call.rglob("*") if p.is_file()} - {"truth.json"}
    assert told == written
    for submission in truth["submissions"]:
        names = {file["name"] for file in submission["files"]}
        assert all(flaw["file"] in names | {""} for flaw in submission["defects"])


def _text_of(path: Path) -> str:
    """All characters of a .docx, cells and headers and controls included, without blanks."""
    root = docx.Document(str(path)).element
    return "".join("".join(node.text or "" for node in root.iter() if node.tag.endswith("}t")).split())


def test_forms_contain_what_the_truth_says_they_state(call: Path, truth: dict[str, Any]) -> None:
    """Amounts and dates have notations of their own; everything else stands there as it is."""
    literal = {
        "project_name", "applicant", "recommender", "leader_name", "leader_title", "leader_phone", "leader_email",
        "contact_name", "contact_phone", "contact_email", "partner", "partner_province", "partner_county",
    }  # fmt: skip
    forms = _word_forms(call, truth)
    assert len({file["layout"] for _, file in forms}) > 1
    for path, file in forms:
        text = _text_of(path)
        for name in literal & set(file["fields"]):
            assert file["fields"][name] in text, (path.name, name)
        assert all(row["item"] in text for row in file["rows"]["budget_items"])


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("blanks", BLANKS, ids=lambda blanks: "+".join(sorted(blanks)))
def test_a_blank_field_is_neither_stated_nor_written(layout: str, blanks: frozenset[str]) -> None:
    form = _sound().form
    assert form is not None
    _, whole = write_form(stream("blank"), form, layout)
    flow, statement = write_form(stream("blank"), replace(form, blanks=blanks), layout)
    assert blanks <= set(whole.fields)
    assert not blanks & set(statement.fields)
    text = "".join("".join(line for sheet in typeset(flow).sheets for line in sheet.lines).split())
    names = blanks - {"requested_amount", "leader_name"}  # of these, other lines tell something alike
    assert not [name for name in names if whole.fields[name] in text]


def test_word_files_carry_no_time_of_today(call: Path, truth: dict[str, Any]) -> None:
    for path, _ in _word_forms(call, truth):
        with zipfile.ZipFile(path) as archive:
            assert {entry.date_time[0] for entry in archive.infolist()} == {2021}
        properties = docx.Document(str(path)).core_properties
        assert properties.created is not None
        assert properties.created.year == 2021


def test_seals_stand_where_the_truth_says(call: Path, truth: dict[str, Any]) -> None:
    """The ring touches all four edges of its box: a box moved by a fiftieth of the page would miss it."""
    seen = 0
    papers = [*_files(call, truth, "pairing_letter"), *_files(call, truth, "application_form")]
    for path, file in papers:
        pages = _upright_pages(path) if path.suffix != ".docx" else []
        for seal in (seal for seal in file["seals"] if "box" in seal):
            picture = np.asarray(pages[seal["page"] - 1]).astype(int)
            height, width = picture.shape[:2]
            if file.get("tone") in ("grey", "bilevel", "low"):
                continue  # no red, or blurred red
            red = picture[..., 0] - np.minimum(picture[..., 1], picture[..., 2]) > 35
            left, top, right, bottom = (
                edge * size for edge, size in zip(seal["box"], (width, height) * 2, strict=True)
            )
            band = 0.05 * (right - left)
            inside = red[round(top) : round(bottom), round(left) : round(right)]
            rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
            assert rows[0] < band, (path.name, seal["text"])
            assert columns[0] < band, (path.name, seal["text"])
            assert inside.shape[0] - rows[-1] < band + 1, (path.name, seal["text"])
            assert inside.shape[1] - columns[-1] < band + 1, (path.name, seal["text"])
            seen += 1
    assert seen > 10


def test_letters_are_pictures_of_paper_size(call: Path, truth: dict[str, Any]) -> None:
    letters = _files(call, truth, "pairing_letter")
    assert {file["medium"] for _, file in letters} > {"scan-pdf"}
    for path, file in letters:
        if file["medium"] == "scan-pdf":
            with pdfium.PdfDocument(path) as document:
                assert [round(size) for size in document[0].get_size()] == [595, 842]
                assert document[0].get_textpage().count_chars() == 0
        else:
            width, height = _upright_pages(path)[0].size
            assert 1.2 < height / width < 1.6


def test_letters_print_what_they_state(call: Path, truth: dict[str, Any]) -> None:
    for path, file in _files(call, truth, "pairing_letter"):
        text = "".join("".join(file["lines"]).split())
        for name in ("title", "addressee", "activity_name", "contact_name", "contact_phone", "sender"):
            assert file["fields"][name] in text, (path.name, name)


@pytest.mark.parametrize("damage", DAMAGES)
def test_broken_files_cannot_be_opened(damage: str) -> None:
    plan = replace(_sound(), damage=damage, attachment="" if damage == "truncated-letter" else "broken")
    if damage != "truncated-letter":
        plan = replace(plan, letter=None)
    broken = [file for file in write_papers("broken", plan) if file.damage]
    assert len(broken) == 1
    assert broken[0].statement.fields == {}
    assert not zipfile.is_zipfile(io.BytesIO(broken[0].data))
    with pytest.raises(pdfium.PdfiumError):
        pdfium.PdfDocument(broken[0].data)[0]


def test_a_form_with_macros_is_a_docm_with_its_project() -> None:
    file = next(
        file
        for file in write_papers("macros", replace(_sound(), delivery="word", macros=True))
        if file.medium == "docm"
    )
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert "word/vbaProject.bin" in archive.namelist()
        assert b"macroEnabled.main" in archive.read("[Content_Types].xml")
        assert b"vbaProject.bin" in archive.read("word/_rels/document.xml.rels")


def test_a_pair_is_one_form_twice_and_only_the_scan_is_signed() -> None:
    files = [
        file for file in write_papers("pair", replace(_sound(), delivery="pair")) if file.kind == "application_form"
    ]
    word, scan = files
    assert word.statement.fields == scan.statement.fields
    assert word.statement.rows == scan.statement.rows
    assert scan.seals
    assert not word.statement.pasted
    assert not any(slot["signature"] for slot in word.statement.slots.values())
    assert any(slot["signature"] for slot in scan.statement.slots.values())


def test_one_letter_of_two_plans_is_one_file() -> None:
    first = replace(_sound(), letter_chance="one")
    again = replace(first, number=99)
    letters = [write_papers(name, plan)[-1].data for name, plan in (("a", first), ("b", again))]
    assert letters[0] == letters[1]


def test_a_submission_without_form_is_named_for_the_sender(call: Path, truth: dict[str, Any]) -> None:
    for submission in truth["submissions"]:
        fields = {file["kind"]: file["fields"] for file in submission["files"]}
        name = (
            fields["application_form"]["applicant"]
            if "application_form" in fields
            else fields["pairing_letter"]["sender"]
        )
        assert submission["folder"].partition("-")[2] == name


def test_only_the_rules_that_are_wanted_are_planted() -> None:
    planned = plans(24, _SEED, ("missing-seal", "missing-provincial-consent", "shared-contact"))
    assert {flaw.rule for plan in planned for flaw in plan.flaws} == {"missing-seal", "missing-provincial-consent"}
    assert {group.rule for group in groups(planned)} == {"shared-contact"}


def test_a_rule_across_submissions_alone_leaves_each_of_them_sound() -> None:
    planned = plans(12, _SEED, ("resubmission",))
    assert not [plan for plan in planned if plan.flaws]
    assert [group.rule for group in groups(planned)] == ["resubmission"]


def test_an_unknown_rule_is_refused_by_name(tmp_path: Path) -> None:
    answer = CliRunner().invoke(simulate_command.command, [str(tmp_path), "--rule", "missing-sael"])
    assert answer.exit_code == 2
    assert "missing-sael" in answer.output
    assert not list(tmp_path.iterdir())
