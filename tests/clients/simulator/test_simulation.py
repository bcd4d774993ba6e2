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
from PIL import Image, ImageOps

from clients.simulator import simulate
from clients.simulator.chance import stream
from clients.simulator.defects import BLANKS, DAMAGES
from clients.simulator.form import LAYOUTS, write_form
from clients.simulator.papers import write_papers
from clients.simulator.simulation import plans

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
    forms = _files(call, truth, "application_form")
    assert {file["layout"] for _, file in forms} >= {"cover-and-sections", "one-table"}
    for path, file in forms:
        text = _text_of(path)
        for name in literal & set(file["fields"]):
            assert file["fields"][name] in text, (path.name, name)
        assert all(row["item"] in text for row in file["rows"]["budget_items"])


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("blanks", BLANKS, ids="+".join)
def test_a_blank_field_is_neither_stated_nor_written(layout: str, blanks: frozenset[str]) -> None:
    plan = plans(1, _SEED)[0]
    assert plan.form is not None
    _, whole = write_form(stream("blank"), plan.form, layout)
    document, statement = write_form(stream("blank"), replace(plan.form, blanks=blanks), layout)
    assert blanks <= set(whole.fields)
    assert not blanks & set(statement.fields)
    text = "".join("".join(node.text or "" for node in document.element.iter() if node.tag.endswith("}t")).split())
    assert not [name for name in blanks - {"requested_amount"} if whole.fields[name] in text]


def test_word_files_carry_no_time_of_today(call: Path, truth: dict[str, Any]) -> None:
    for path, _ in _files(call, truth, "application_form"):
        with zipfile.ZipFile(path) as archive:
            assert {entry.date_time[0] for entry in archive.infolist()} == {2021}
        properties = docx.Document(str(path)).core_properties
        assert properties.created is not None
        assert properties.created.year == 2021


def test_seals_stand_where_the_truth_says(call: Path, truth: dict[str, Any]) -> None:
    """The ring touches all four edges of its box: a box moved by a fiftieth of the page would miss it."""
    seen = 0
    for path, file in _files(call, truth, "pairing_letter"):
        pages = _upright_pages(path)
        for seal in file["seals"]:
            picture = np.asarray(pages[seal["page"] - 1]).astype(int)
            height, width = picture.shape[:2]
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
    assert {file["medium"] for _, file in letters} == {"scan-pdf", "photo-jpg", "scan-png"}
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
    plan = replace(plans(1, _SEED)[0], damage=damage, attachment="" if damage == "truncated-letter" else "broken")
    if damage != "truncated-letter":
        plan = replace(plan, letter=None)
    broken = [file for file in write_papers("broken", plan) if file.damage]
    assert len(broken) == 1
    assert broken[0].statement.fields == {}
    assert not zipfile.is_zipfile(io.BytesIO(broken[0].data))
    with pytest.raises(pdfium.PdfiumError):
        pdfium.PdfDocument(broken[0].data)[0]


def test_a_submission_without_form_is_named_for_the_sender(call: Path, truth: dict[str, Any]) -> None:
    for submission in truth["submissions"]:
        fields = {file["kind"]: file["fields"] for file in submission["files"]}
        name = (
            fields["application_form"]["applicant"]
            if "application_form" in fields
            else fields["pairing_letter"]["sender"]
        )
        assert submission["folder"].partition("-")[2] == name
