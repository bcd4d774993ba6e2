"""Amounts as applications state them."""

from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.values.money import Money, amounts, plain, read_money, unit_of, unit_stated


@pytest.mark.parametrize(
    ("raw", "unit"),
    [
        ("", "yuan"),
        ("　　元", "yuan"),
        ("万元", "wan"),
        ("2021年9月", "yuan"),
        ("培训3次", "yuan"),
        ("一次", "yuan"),
        ("20-30万元", "yuan"),
        ("20余万元", "yuan"),
        ("200,00", "yuan"),
        ("lO", "yuan"),
        ("见附件", "yuan"),
        ("贰佰仟元", "yuan"),
        ("贰0万元", "yuan"),
        ("贡拾万元整", "yuan"),
    ],
)
def test_what_states_no_single_amount_is_none(raw: str, unit: str) -> None:
    assert read_money(raw, "wan" if unit == "wan" else "yuan") is None


@pytest.mark.parametrize(
    ("raw", "yuan"),
    [
        ("贰拾万元整", "200000"),
        ("人民币贰拾万元整（¥200,000.00）", "200000"),
        ("（大写）贰拾万元整　（小写）200000元", "200000"),
        ("大写：贰拾万元整 小写：20.00万元", "200000"),
        ("20万元", "200000"),
        ("２０万元", "200000"),
        ("200000", "200000"),
        ("200000元整", "200000"),
        ("¥ 200,000.00", "200000"),
        ("RMB200,000", "200000"),
        ("19.85万", "198500"),
        ("198500.50元", "198500.5"),
        ("20万5千元", "205000"),
        ("20.00（万元）", "200000"),
        ("20w", "200000"),
        ("廿万", "200000"),
        ("二十万五", "205000"),
        ("十九点八五万元", "198500"),
        ("贰拾万零伍佰元整", "200500"),
        ("壹拾贰万叁仟肆佰伍拾陆元柒角捌分", "123456.78"),
        ("壹佰元零叁分", "100.03"),
        ("3元5角", "3.5"),
        ("0万元", "0"),
        ("无", "0"),
        ("十五", "15"),
        ("2O万元", "200000"),
        ("2O0,OOO.O0元", "200000"),
        ("l2万元", "120000"),
        ("200.000.00元", "200000"),
        ("贰抬万元整", "200000"),
        ("培训3次，共20000元", "20000"),
        ("人民币贰拾万圆正", "200000"),
        ("20萬元", "200000"),
        ("20,0000", "200000"),
        ("二〇〇〇〇〇元", "200000"),
        ("肆拾叁万贰仟零伍拾元陆角整", "432050.6"),
        ("3000元×2=6000元", "6000"),
        ("200000万元", "2000000000"),
    ],
)
def test_every_notation_comes_to_plain_yuan(raw: str, yuan: str) -> None:
    money = read_money(raw)
    assert money is not None
    assert (money.text, money.other) == (yuan, None)


@pytest.mark.parametrize(
    ("raw", "yuan"),
    [("20.00", "200000"), ("20", "200000"), ("19.85", "198500"), ("20000元", "20000"), ("5万", "50000")],
)
def test_a_bare_number_takes_the_unit_of_its_header(raw: str, yuan: str) -> None:
    money = read_money(raw, "wan")
    assert money is not None
    assert money.text == yuan


def test_the_yuan_sign_and_the_words_outweigh_the_header() -> None:
    money = read_money("人民币贰拾万元整(¥200,000.00)", "wan")
    assert money is not None
    assert (money.yuan, money.other) == (Decimal(200000), None)


def test_words_that_differ_from_the_digits_beside_them_are_told() -> None:
    assert read_money("人民币贰拾万元整（¥205,000.00）") == Money(Decimal("205000.00"), Decimal(200000))


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("金额（万元）", "wan"),
        ("经费预算总额\n(j元)", "wan"),
        ("金额/元", "yuan"),
        ("金额（元）", "yuan"),
        ("单位：万元", "wan"),
        ("金额", None),
        ("元旦活动", None),
    ],
)
def test_the_unit_of_a_label(label: str, unit: str | None) -> None:
    assert unit_of(label) == unit


@pytest.mark.parametrize(
    ("amount", "label", "unit"),
    [
        ("20万元", "金额（元）", "wan"),
        ("20 万", "金额", "wan"),
        ("¥200,000", "金额（万元）", "yuan"),
        ("贰拾万元整（200000元）", "金额", "yuan"),
        ("20", "金额（元）", "yuan"),
        ("20", "金额（万元）", "wan"),
        ("20", "金额", ""),
    ],
)
def test_the_unit_that_is_written_with_an_amount(amount: str, label: str, unit: str) -> None:
    assert unit_stated(amount, label) == unit


@given(st.decimals(min_value=1, max_value=99_999_999, places=2, allow_nan=False))
def test_what_cn2an_writes_is_read_back_and_is_proper_capitals(number: Decimal) -> None:
    written = cn2an.an2cn(plain(number), "rmb")
    (amount,) = amounts(written)
    assert (amount.yuan, amount.in_words) == (number, True)
    assert amount.capitals or number < 100  # 壹元: one character alone is no numeral in a sentence


@given(st.integers(min_value=1, max_value=999_999_999))
def test_plain_words_are_read_as_cn2an_reads_them(number: int) -> None:
    written = cn2an.an2cn(number, "low") + "元"
    (amount,) = amounts(written)
    assert amount.yuan == number == cn2an.cn2an(written.removesuffix("元"), "smart")
    assert not amount.capitals


@pytest.mark.parametrize("text", ["10.2角", "十九点八五万", "¥200,000.00", "二O万"])
def test_notations_that_cn2an_does_not_read(text: str) -> None:
    """Why there is a grammar of our own: on the day cn2an reads these, it may do."""
    with pytest.raises(ValueError):
        cn2an.cn2an(text, "smart")


@given(st.integers(min_value=10_000, max_value=99_999_999), st.data())
def test_capitals_of_which_a_character_is_misread_are_never_sure(number: int, data: st.DataObject) -> None:
    written = cn2an.an2cn(number, "rmb").removesuffix("元整").replace("零", "")
    lost = data.draw(st.integers(min_value=0, max_value=len(written) - 1))
    misread = f"{written[:lost]}侮{written[lost + 1 :]}元整"
    assert not any(amount.capitals and amount.apart for amount in amounts(misread)), misread


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("贰拾万元整", True),
        ("人民币贰拾万零伍佰元整", True),
        ("（大写）壹拾万元", True),
        ("拾万元整", False),  # of 贰拾万 the first character may be lost
        ("贰拾万伍元", False),
        ("二十万元", False),
        ("约贰拾万元", False),
    ],
)
def test_capitals_are_sure_where_they_are_written_by_the_rules(text: str, sure: bool) -> None:
    (amount,) = amounts(text)
    assert (amount.capitals and amount.apart) is sure


@given(st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False))
def test_plain_text_has_neither_exponent_nor_idle_zeros(amount: Decimal) -> None:
    text = plain(amount)
    assert Decimal(text) == amount
    assert "E" not in text
    assert not ("." in text and text.endswith("0"))


@given(st.text(alphabet="零〇一二两三廿十百千万亿点0123456789.,，元整角分￥¥（）wOlI|-至 余年月大写小写", max_size=60))
def test_garbage_never_raises(raw: str) -> None:
    money = read_money(raw)
    assert money is None or money.yuan >= 0


def test_two_numbers_beside_each_other_are_not_one_amount() -> None:
    assert read_money("60 48000") is None
    assert read_money("48 000") == Money(Decimal(48000))
    assert read_money("20 万元") == Money(Decimal(200_000))


@pytest.mark.parametrize(("raw", "yuan"), [("(万元)  20.00", 200_000), ("单位：万元 20", 200_000), ("（元）20.00", 20)])
def test_the_end_of_a_label_before_the_amount_states_its_unit(raw: str, yuan: int) -> None:
    for unit in ("yuan", "wan"):
        assert read_money(raw, unit) == Money(Decimal(yuan))  # type: ignore[arg-type]
    assert unit_stated(raw, "经费总额") == ("wan" if "万" in raw else "yuan")
