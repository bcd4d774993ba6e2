"""Notations: what is written, and what it means."""

from datetime import date
from decimal import Decimal

import pytest

from clients.simulator import notation


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("200000", "贰拾万元整"),
        ("205000", "贰拾万伍仟元整"),
        ("198500.5", "壹拾玖万捌仟伍佰元伍角"),
        ("10500", "壹万零伍佰元整"),
        ("1000", "壹仟元整"),
        ("1005", "壹仟零伍元整"),
        ("200300.05", "贰拾万零叁佰元零伍分"),
        ("0", "零元整"),
    ],
)
def test_amounts_in_capitals(amount: str, text: str) -> None:
    assert notation.capitals(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("wan", "19.85万元"),
        ("wan-places", "19.85万元"),
        ("yuan", "198500元"),
        ("grouped", "198,500.00元"),
        ("capitals", "人民币壹拾玖万捌仟伍佰元整（¥198,500.00）"),
        ("capitals-after", "198500元（大写：壹拾玖万捌仟伍佰元整）"),
    ],
)
def test_every_notation_of_money(style: str, text: str) -> None:
    assert notation.money(Decimal("198500"), style) == text


def test_the_notations_of_money_are_all_tested_above() -> None:
    assert {notation.money(Decimal(1), style) for style in notation.MONEY_STYLES}
    with pytest.raises(ValueError, match="unknown notation"):
        notation.money(Decimal(1), "dollars")


@pytest.mark.parametrize(
    ("amount", "text"), [("200000", "200000"), ("198500.5", "198500.5"), ("0", "0"), ("100", "100")]
)
def test_plain_amounts_keep_their_zeros_and_lose_their_fractions(amount: str, text: str) -> None:
    assert notation.plain(Decimal(amount)) == text


def test_places_never_round_an_amount_away() -> None:
    assert notation.wan(Decimal("200000"), 2) == "20.00"
    assert notation.wan(Decimal("198500.5"), 2) == "19.85005"


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("arabic", "2021年9月1日"),
        ("padded", "2021年09月01日"),
        ("spaced", "2021 年 9 月 1 日"),
        ("dots", "2021.9.1"),
        ("dashes", "2021-09-01"),
        ("chinese", "二〇二一年九月一日"),
    ],
)
def test_every_notation_of_a_date(style: str, text: str) -> None:
    assert notation.day(date(2021, 9, 1), style) == text


def test_days_above_ten_in_chinese() -> None:
    assert notation.day(date(2021, 10, 20), "chinese") == "二〇二一年十月二十日"
    assert notation.day(date(2021, 12, 31), "chinese") == "二〇二一年十二月三十一日"


def test_a_span_of_months_has_no_days() -> None:
    span = notation.span(date(2021, 9, 1), date(2022, 8, 31), "months")
    assert span == notation.Span("2021年9月至2022年8月", "2021-09", "2022-08")
