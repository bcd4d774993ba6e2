"""Plain text in the encodings of Chinese programs."""

import random

import pytest

from extractors.document import Line, Page, Place, Source
from extractors.errors import TooLarge
from extractors.limits import Limits
from extractors.ocr.engine import Shot, Sight
from extractors.readers import text


def look(_shot: Shot) -> Sight:
    return Sight(Page(1, Source.OCR), (), ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_lines_are_read_in_their_encoding(encoding):
    data = "项目名称：智惠行动\r\n\r\n  负责人：王五\n".encode(encoding)
    assert text.recognises(data)
    assert text.read(data, look, Limits()).blocks == (
        Line("项目名称：智惠行动", Place(path="line 1")),
        Line("负责人：王五", Place(path="line 3")),
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n",
        b"{\\rtf1 x}",
        b"<html>",
        b"%PDF-1.7",
        b"Received: from a\r\nSubject: b\r\n\r\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"PK\x03\x04abc",
        random.Random(1).randbytes(4096),
    ],
)
def test_what_is_no_text_is_not_recognised(data):
    assert not text.recognises(data)


def test_too_many_lines_are_refused():
    with pytest.raises(TooLarge):
        text.read(b"x\n" * 20, look, Limits(blocks=10))
