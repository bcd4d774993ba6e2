"""Damaged and hostile files: a Document with defects or a ReadError, never anything else, and soon."""

import random
import struct
import time
from contextlib import suppress

import pytest

from extractors.document import Page, Source
from extractors.errors import Damaged, Encrypted, ReadError
from extractors.limits import Limits
from extractors.ocr.engine import Shot, Sight
from extractors.readers import msdoc
from extractors.readers.grid import Shape
from extractors.readers.msdoc import fib, ole, sprm, tap, xor
from tests.build_doc import FC_LCB_AT, PLCFFND_TXT, STSHF, TEXT_AT, Parts, Run, doc, par, plc, prl, row

FILE = doc(
    par("智惠行动·百会百县", istd=1),
    *row("申请单位", Run("某某学会", prl(0x083C)), flags=(0x60, 0)),
    *row("", "x", flags=(0x20, 0)),
    par("\x13 PAGE \x141\x15 end"),
    parts=Parts(footnotes=[par("note"), par("")], table={PLCFFND_TXT: plc([0, 5, 6]), STSHF: b"\0" * 40}),
)


def look(_shot: Shot) -> Sight:
    return Sight(Page(1, Source.OCR), (), ())


def read(data: bytes, password: str = ""):
    return msdoc.read(data, look, Limits(), password)


def in_word(data: bytes, at: int, new: bytes) -> bytes:
    """The file with bytes of its stream WordDocument replaced; the stream is the first after the header."""
    return data[: 512 + at] + new + data[512 + at + len(new) :]


def test_the_undamaged_file_is_read():
    document = read(FILE)
    assert document.text == "智惠行动·百会百县\n申请单位\t某某学会\nx\n1 end\nnote"
    assert document.defects == ()


@pytest.mark.parametrize("size", [0, 8, 100, 511, 512, 600, 1536, 4096])
def test_a_file_cut_short_is_damaged(size):
    with pytest.raises(Damaged):
        read(FILE[:size])


def test_a_file_cut_within_its_last_sector_is_read():
    assert read(FILE[:-100]).text.startswith("智惠行动")


def test_styles_that_are_not_there_cost_only_the_styles():
    size_at = FC_LCB_AT + 8 * STSHF + 4
    document = read(in_word(FILE, size_at, struct.pack("<I", 1 << 30)))
    assert [defect.code for defect in document.defects] == ["damaged_part"]
    assert "styles" in document.defects[0].en
    assert document.text == read(FILE).text


def test_a_damaged_page_of_properties_is_told():
    compound = ole.Compound(FILE)
    head = fib.read(compound.stream("WordDocument"))
    bte = head.part(fib.Fc.PLCF_BTE_CHPX, compound.stream(head.table))
    page = 512 + 512 * int.from_bytes(bte[-4:], "little") + 511  # its last byte counts its runs
    document = read(FILE[:page] + b"\xff" + FILE[page + 1 :])
    assert [(defect.code, defect.blind) for defect in document.defects] == [("damaged_part", True)]


def test_text_without_a_piece_table_is_read_where_it_lies():
    count = (
        len("智惠行动·百会百县\r")
        + len("申请单位\x07某某学会\x07\x07")
        + len("\x07x\x07\x07")
        + len("\x13 PAGE \x141\x15 end\r")
    )
    lost = in_word(FILE, FC_LCB_AT + 8 * 33, bytes(8))  # fcClx
    lost = in_word(lost, 24, struct.pack("<II", TEXT_AT, TEXT_AT + 2 * (count + len("note\r\r") + 1)))
    document = read(lost)
    assert document.text.startswith("智惠行动·百会百县\n申请单位\t某某学会")
    assert [(defect.code, defect.blind) for defect in document.defects] == [("damaged_part", True)]


@pytest.mark.parametrize(
    ("at", "new"),
    [
        (30, b"\x03\x00"),  # sectors of 8 bytes: a division by zero in olefile
        (30, b"\xff\xff"),  # sectors of 2**65535 bytes: an overflow
        (30, b"\x1d\x00"),  # sectors of half a gigabyte
        (32, b"\x00\x00"),  # mini sectors of one byte
        (44, b"\xff\xff\xff\x7f"),  # a FAT of 2**31 sectors
        (48, b"\x00\x00\x00\x00"),  # the directory where the text is
        (60, b"\x00\x00\x00\x00\xff\xff\xff\x7f"),  # a mini FAT of 2**31 sectors
        (68, b"\x00\x00\x00\x00\xff\xff\xff\x7f"),  # a DIFAT that goes in a circle
    ],
)
def test_a_header_that_lies_is_damaged(at, new):
    with suppress(Damaged):
        assert read(FILE[:at] + new + FILE[at + len(new) :]).text == read(FILE).text


def test_another_identifier_is_not_word():
    with pytest.raises(Damaged, match="wIdent"):
        read(in_word(FILE, 0, b"\0\0"))


@pytest.mark.parametrize("password", ["", "wrong"])
def test_a_file_with_a_password_is_encrypted(password):
    with pytest.raises(Encrypted):
        read(in_word(FILE, 10, struct.pack("<H", 0x9300)), password)


def test_an_encryption_header_that_is_nonsense_is_damaged_or_encrypted():
    with pytest.raises((Damaged, Encrypted)):
        read(in_word(FILE, 10, struct.pack("<H", 0x1300)), "password")


def test_xor_obfuscation_is_undone_with_the_password():
    compound = ole.Compound(FILE)
    raw = _bytes_of("密码ab")
    key = xor._check_sum(raw) << 16 | xor._key(raw)
    flags = struct.pack("<HHI", 0x9300, 191, key)
    word = xor.deciphered(compound.stream("WordDocument"), "密码ab", 0x44)
    table = xor.deciphered(compound.stream("1Table"), "密码ab")
    hidden = FILE.replace(compound.stream("WordDocument"), word).replace(compound.stream("1Table"), table)
    hidden = in_word(hidden, 10, flags)
    assert fib.read(hidden[512:]).encrypted
    assert read(hidden, "密码ab").text == read(FILE).text
    with pytest.raises(Encrypted, match="another password"):
        read(hidden, "密码ac")


def _bytes_of(password: str) -> bytes:
    return xor._bytes(password)


@pytest.mark.parametrize(
    ("password", "key", "check_sum"),
    [("a", 0x9D77, 0xCE88), ("password", 0x147A, 0x83AF)],
)
def test_the_key_of_a_password_is_that_of_the_specification(password, key, check_sum):
    assert (xor._key(password.encode()), xor._check_sum(password.encode())) == (key, check_sum)


def test_sprms_that_do_not_fit_end_the_list():
    good = prl(0x2416) + prl(0x083C)
    assert list(sprm.iter_sprms(good + b"\x00")) == [(0x2416, b"\1"), (0x083C, b"\1")]
    assert list(sprm.iter_sprms(good + struct.pack("<H", 0xC60D) + b"\xff")) == list(sprm.iter_sprms(good))


def test_a_row_that_claims_more_cells_than_it_has_gets_those_it_has():
    assert tap.read(struct.pack("<HHB", 0xD608, 8, 63) + struct.pack("<3h", 0, 10, 20)) == (
        Shape(0, 10),
        Shape(10, 20),
    )


def test_any_damage_ends_in_a_document_or_a_read_error():
    dice = random.Random(7)
    slowest = 0.0
    for _ in range(300):
        data = bytearray(FILE)
        for _ in range(dice.choice((1, 8, 64))):
            at = dice.randrange(len(data))
            data[at] = dice.choice((0, 1, 0x7F, 0xFF, dice.randrange(256)))
        if dice.random() < 0.2:
            del data[dice.randrange(len(data)) :]
        before = time.perf_counter()
        with suppress(ReadError):
            read(bytes(data))
        slowest = max(slowest, time.perf_counter() - before)
    assert slowest < 1


def test_a_stream_whose_sectors_run_in_a_circle_is_no_longer_than_the_file():
    """Its size claims 2 GB, and its first sector follows itself: 3 s and 2 GB before sizes were bounded."""
    fat_at = 512 + 512 * int.from_bytes(FILE[76:80], "little")
    directory_at = 512 + 512 * int.from_bytes(FILE[48:52], "little")
    word_at = directory_at + 128
    first = int.from_bytes(FILE[word_at + 116 : word_at + 120], "little")
    data = bytearray(FILE)
    struct.pack_into("<I", data, fat_at + 4 * first, first)
    struct.pack_into("<I", data, word_at + 120, 0x7FFFFFFF)
    compound = ole.Compound(bytes(data))
    assert len(compound.stream("WordDocument")) <= len(data)
