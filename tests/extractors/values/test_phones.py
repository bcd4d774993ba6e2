"""Telephone numbers in one normal form."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.values.phones import is_phone, read_phone


@pytest.mark.parametrize("raw", ["", "电话", "无", "2021年9月", "12345", "330523199001011234", "100091"])
def test_what_is_no_number_is_none(raw: str) -> None:
    assert read_phone(raw) is None


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("1380013800O", "13800138000"),
        ("010-62379323", "010-62379323"),
        ("（010）62379323", "010-62379323"),
        ("010 6237 9323", "010-62379323"),
        ("０１０－６２３７９３２３", "010-62379323"),
        ("+86 10 62379323", "010-62379323"),
        ("0572-5123456", "0572-5123456"),
        ("010-62379323转8012", "010-62379323转8012"),
        ("010-62379323-8012", "010-62379323转8012"),
        ("62379323", "62379323"),
        ("400-123-4567", "400-123-4567"),
        ("4001234567", "400-123-4567"),
        ("4008108888转2", "400-810-8888转2"),
        ("8613800138000", "13800138000"),
        ("86-10-62379323", "010-62379323"),
        ("（0572）5123456分机806", "0572-5123456转806"),
        ("0571-88888888#802", "0571-88888888转802"),
        ("0571-88888888（802）", "0571-88888888转802"),
        ("0571.88888888 转 分机802", "0571-88888888转802"),
    ],
)
def test_every_notation_comes_to_one_form(raw: str, number: str) -> None:
    assert read_phone(raw) == number


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("010-62379323、13800138000", "010-62379323"),
        ("0871-63113456/13800138000", "0871-63113456"),
        ("张三 13800138000 李四 13900139000", "13800138000"),
    ],
)
def test_of_several_the_first_counts(raw: str, number: str) -> None:
    assert read_phone(raw) == number


def test_a_number_in_use_comes_before_one_that_is_only_built_like_it() -> None:
    assert read_phone("0999-0000000 13800138000") == "13800138000"


@given(st.text(alphabet="0123456789-—()（）+ 转Ol/、", max_size=60))
def test_garbage_never_raises(raw: str) -> None:
    read_phone(raw)


PHONE_NUMBERS = [
    "13873612345", "+86 138 7361 2345", "8613873612345", "010-62379323", "（010）62379323", "0731-85551234-8012",
    "0731-85551234转8012", "4008123456", "85551234", "0572-5123456", "0572-51234567", "+86 10 62379323",
]  # fmt: skip


@pytest.mark.parametrize("number", PHONE_NUMBERS)
def test_numbers_that_can_be_dialled(number: str) -> None:
    assert is_phone(number)


NO_NUMBERS = [
    "", "1387361234", "138736123456", "12345678901", "周明", "010-1", "010-6237932", "0731-8555123", "010-623793234",
    "019-1234567", "13873612345、无", "张三13873612345", "13873612345 13873612346", "0" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("number", NO_NUMBERS)
def test_numbers_that_cannot(number: str) -> None:
    assert not is_phone(number)


@given(st.from_regex(r"(1[3-9]\d{9}|0(10|2\d|[3-9]\d\d)-?[2-9]\d{6,7}|400[-]?\d{3}-?\d{4})", fullmatch=True))
def test_whatever_google_calls_in_use_can_be_dialled(number: str) -> None:
    if phonenumbers.is_valid_number(phonenumbers.parse(number, "CN")):
        assert is_phone(number)
        assert is_phone(read_phone(number) or "")


@pytest.mark.parametrize("number", ["010-62379323转8012", "400-123-4567转2"])
def test_extensions_that_phonenumbers_does_not_read(number: str) -> None:
    """Why the grammar is ours: Google's reads ext. and x, not 转."""
    with pytest.raises(phonenumbers.NumberParseException):
        phonenumbers.parse(number, "CN")
    assert is_phone(number)


def test_a_number_that_is_set_wide_is_one_number() -> None:
    assert read_phone("1 36 61 0 24897") == "13661024897"
    assert read_phone("1 2 3 4 5") is None
