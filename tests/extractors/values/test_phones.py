"""Telephone numbers in one normal form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.values.phones import read_phone


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
