"""Streams of chunks into files, within the limits."""

from __future__ import annotations

import hashlib

import pytest

from extractors.limits import Limits
from services.examine import Upload
from services.settings import Settings
from services.status import BadRequest, OverLimit
from services.upload import Receiver


def settings() -> Settings:
    return Settings(max_files=2, max_submission_bytes=20, limits=Limits(file_bytes=10))


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_files_come_out_as_they_were_sent() -> None:
    receiver = Receiver(settings())
    receiver.begin("a.docx")
    receiver.add(b"ab")
    receiver.add(b"c")
    receiver.begin("empty.pdf")
    assert receiver.finish() == (
        Upload("a.docx", 3, sha256(b"abc"), b"abc"),
        Upload("empty.pdf", 0, sha256(b""), b""),
    )


def test_a_file_over_the_limit_loses_its_bytes_and_the_others_go_on() -> None:
    receiver = Receiver(settings())
    receiver.begin("big")
    receiver.add(b"x" * 8)
    receiver.add(b"x" * 8)
    receiver.begin("small")
    receiver.add(b"y")
    big, small = receiver.finish()
    assert big == Upload("big", 16, sha256(b"x" * 16), None)
    assert small == Upload("small", 1, sha256(b"y"), b"y")


def test_too_many_files_are_refused_with_the_setting_named() -> None:
    receiver = Receiver(settings())
    receiver.begin("1")
    receiver.begin("2")
    with pytest.raises(OverLimit) as refusal:
        receiver.begin("3")
    assert refusal.value.details[0].violations[0].subject == "HEYAN_MAX_FILES"


def test_too_many_bytes_in_all_are_refused() -> None:
    receiver = Receiver(settings())
    receiver.begin("1")
    receiver.add(b"x" * 10)
    receiver.begin("2")
    with pytest.raises(OverLimit, match="20 bytes"):
        receiver.add(b"x" * 11)


def test_bytes_before_a_file_are_refused() -> None:
    with pytest.raises(BadRequest):
        Receiver(settings()).add(b"x")
