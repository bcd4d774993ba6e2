"""Codes with check characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from extractors.values.codes import read_credit_code, read_id_number

CODE = "91110000600037341L"
ID = "11010519491231002X"


@pytest.mark.parametrize(
    "raw", [CODE, f"统一社会信用代码：{CODE.lower()}", "9111 0000 6000 3734 1L", "９１１１００００６０００３７３４１Ｌ"]
)
def test_a_credit_code_in_any_notation(raw: str) -> None:
    assert read_credit_code(raw) == CODE


@pytest.mark.parametrize("raw", ["", "无", CODE[:-1], CODE + "1", "91110000600037341A", "13800138000", "9" * 5000])
def test_what_is_no_credit_code(raw: str) -> None:
    assert read_credit_code(raw) is None


def test_what_ocr_confuses_is_repaired_where_the_check_character_proves_it() -> None:
    assert read_credit_code("9111OOOO6OOO37341L") == CODE
    assert read_credit_code("91110000600037341I") is None


@given(st.integers(min_value=0, max_value=17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_no_single_slip_goes_unnoticed(position: int, character: str) -> None:
    slipped = CODE[:position] + character + CODE[position + 1 :]
    assert (read_credit_code(slipped) is not None) == (slipped == CODE)


@given(st.from_regex(r"5[123][0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}", fullmatch=True))
def test_every_code_of_the_register_of_societies_is_read_back(start: str) -> None:
    code = start + uscc.calc_check_digit(start)
    assert read_credit_code(f"信用代码 {code}") == (code if uscc.is_valid(code) else None)


@pytest.mark.parametrize(("raw", "number"), [
    (ID, ID), (f"身份证号：{ID.lower()}", ID), ("11O1O519491231OO2X", ID), ("110105194912310021", None),
    ("11010519491331002X", None), ("", None),
])  # fmt: skip
def test_identity_numbers(raw: str, number: str | None) -> None:
    assert read_id_number(raw) == number
