from __future__ import annotations

import os
from pathlib import Path

import pytest

from clients.cli.submissions import Item, PathError, Paths, gather


def write(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return folder


def names(submission: Paths) -> list[str]:
    return [item.name for item in submission.items]


def test_files_are_one_submission(tmp_path: Path) -> None:
    write(tmp_path, "b.pdf", "a.docx")
    assert gather([tmp_path / "b.pdf", tmp_path / "a.docx"]) == (
        Paths("b.pdf", (Item("b.pdf", tmp_path / "b.pdf"), Item("a.docx", tmp_path / "a.docx"))),
    )


def test_files_of_one_name_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    write(tmp_path, "1/a.pdf", "2/a.pdf")
    (submission,) = gather([tmp_path / "1/a.pdf", tmp_path / "2/a.pdf"])
    assert names(submission) == [str(tmp_path / "1/a.pdf"), str(tmp_path / "2/a.pdf")]


def test_a_folder_is_one_submission_with_its_sub_folders(tmp_path: Path) -> None:
    folder = write(tmp_path / "甲学会", "b.pdf", "附件/c.jpg", "a.docx")
    (submission,) = gather([folder])
    assert submission.label == "甲学会"
    assert names(submission) == ["a.docx", "b.pdf", "附件/c.jpg"]


def test_several_folders_are_several_in_the_order_given(tmp_path: Path) -> None:
    one, two = write(tmp_path / "1", "a"), write(tmp_path / "2", "a")
    assert [submission.label for submission in gather([two, one])] == ["2", "1"]


def test_a_folder_of_folders_alone_is_one_submission_that_may_be_meant_as_several(tmp_path: Path) -> None:
    write(tmp_path / "f" / "甲学会", "a", "附件/b")
    write(tmp_path / "f" / "乙学会", "a")
    (submission,) = gather([tmp_path / "f"])
    assert submission.folders == 2
    write(tmp_path / "f", "truth.json")
    (submission,) = gather([tmp_path / "f"])
    assert submission.folders == 0


def test_only_hidden_files_thumbnails_locks_links_and_pipes_are_left_out_and_told(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "f", "a", "truth.json", "report.html", ".hidden", "Thumbs.db", "~$a.docx", ".git/x", "desktop.ini"
    )
    (folder / "link").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe")
    (submission,) = gather([folder])
    assert names(submission) == ["a", "report.html", "truth.json"]
    assert submission.left_out == (".git/", ".hidden", "Thumbs.db", "desktop.ini", "link", "pipe", "~$a.docx")


def test_a_name_in_gb_18030_is_read(tmp_path: Path) -> None:
    folder = write(tmp_path / "f")
    folder.mkdir()
    with open(os.fsencode(folder) + "/对接函.pdf".encode("gb18030"), "wb"):
        pass
    (submission,) = gather([folder])
    assert names(submission) == ["对接函.pdf"]


def test_no_such_path_an_empty_folder_and_a_mixture_are_errors_in_both_languages(tmp_path: Path) -> None:
    write(tmp_path, "a")
    (tmp_path / "empty").mkdir()
    for paths in ([tmp_path / "none"], [tmp_path / "empty"], [tmp_path / "a", tmp_path / "empty"]):
        with pytest.raises(PathError) as caught:
            gather(paths)
        assert caught.value.zh
        assert str(caught.value) == caught.value.en
