"""Dates and spans as applications state them."""

from datetime import date, timedelta

import jionlp
import pytest
from cn2an import an2cn
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.values.dates import (
    Span,
    find_dates,
    impossible_date,
    is_blank_date,
    is_unread_date,
    possible_days,
    read_date,
    read_span,
)


@pytest.mark.parametrize(
    "raw",
    ["", "无", "2021年2月30日", "2021年13月1日", "1021年1月1日", "    年  月  日", "13800138000", "20.00万元", "9:30"],
)
def test_what_is_no_date_is_none(raw: str) -> None:
    assert read_date(raw) is None


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("2021年9月3日", "2021-09-03"),
        ("二〇二一年九月三日", "2021-09-03"),
        ("二〇二一年八月二4五日", "2021-08-25"),
        ("二二一年八月二十七日", "2021-08-27"),
        ("二一年八月二十七日", "2021-08-27"),
        ("二〇二一年八月三千一日", "2021-08-31"),
        ("二O二一年十月二十三日", "2021-10-23"),
        ("二○二一年九月", "2021-09"),
        ("二◯二一年九月三日", "2021-09-03"),
        ("二口二一年九月三日", "2021-09-03"),
        ("二□二一年9月3日", "2021-09-03"),
        ("二〇二一年9月3日", "2021-09-03"),
        ("2022年底", "2022-12"),
        ("二0二一年元月廿三日", "2021-01-23"),
        ("2021.9.3", "2021-09-03"),
        ("2021-09-03", "2021-09-03"),
        ("2021/9/3", "2021-09-03"),
        ("２０２１．９．３", "2021-09-03"),
        ("20210903", "2021-09-03"),
        ("2021年9月", "2021-09"),
        ("2021.09", "2021-09"),
        ("21年9月3日", "2021-09-03"),
        ("2 0 2 1 年 9 月 3 日", "2021-09-03"),
        ("2O21年9月l日", "2021-09-01"),
        ("2021年9月3曰", "2021-09-03"),
        ("填报日期：2021 年 08 月 26 日", "2021-08-26"),
        ("贰〇贰壹年玖月叁日", "2021-09-03"),
        ("二零二一年八月二十六日", "2021-08-26"),
        ("2021年9月3", "2021-09-03"),
        ("2021、9、3", "2021-09-03"),
        ("2O21.O9.O3", "2021-09-03"),
        ("202l年9月3日", "2021-09-03"),
        ("202i年9月3日", "2021-09-03"),  # a ring of a seal crosses the 1
        ("2081年8月26日", "2081-08-26"),
    ],
)
def test_every_notation_comes_to_iso(raw: str, iso: str) -> None:
    assert read_date(raw) == iso


@pytest.mark.parametrize("raw", ["2021年9月3日", "年度", "每年3月", "无"])
def test_a_filled_date_is_not_blank(raw: str) -> None:
    assert not is_blank_date(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "    年  月  日",
        "2021年  月  日",
        "20  年  月  日",
        "×年×月×日",
        "____年__月__日",
        "填报日期：   年  月   日",
        "二〇二一年  月  日",
    ],
)
def test_the_form_of_a_date_is_blank(raw: str) -> None:
    assert is_blank_date(raw)


@pytest.mark.parametrize(
    "raw", ["2021年\ufffd月\ufffd日", "2021年\ufffd月 日", "日期：202\ufffd年3月5日", "2021年3月\ufffd日"]
)
def test_a_date_of_which_a_part_was_not_read_is_neither_a_date_nor_blank(raw: str) -> None:
    assert is_unread_date(raw)
    assert (read_date(raw), is_blank_date(raw), impossible_date(raw)) == (None, False, "")


@pytest.mark.parametrize("raw", ["2021年  月  日", "2021年3月5日", "\ufffd", "项目\ufffd说明"])
def test_other_words_are_no_unread_date(raw: str) -> None:
    assert not is_unread_date(raw)


@pytest.mark.parametrize(
    "raw",
    ["2\ufffd21年8月5日", "二\ufffd二一年八月五日", "2021.8.\ufffd", "2021年8月\ufffd日", "\ufffd\ufffd21年8月5日"],
)
def test_no_date_is_read_of_the_rest_of_one(raw: str) -> None:
    assert (find_dates(raw), is_unread_date(raw)) == ((), True)


@pytest.mark.parametrize(
    ("raw", "days"),
    [
        ("202\ufffd年7月8日", [date(year, 7, 8) for year in range(2020, 2030)]),
        ("二〇二一年\ufffd月三十日", [date(2021, month, 30) for month in (1, *range(3, 13))]),
        ("签发日期：2021年8月\ufffd日", [date(2021, 8, day) for day in range(1, 32)]),
        ("2021年8月1\ufffd日", [date(2021, 8, day) for day in range(10, 20)]),
        ("2021.8.\ufffd", [date(2021, 8, day) for day in range(1, 32)]),
        ("2021年8月3日", []),
        ("2021年\ufffd月", []),
        ("\ufffd", []),
    ],
)
def test_the_days_that_a_partly_read_date_may_be(raw: str, days: list[date]) -> None:
    assert list(possible_days(raw)) == days


@pytest.mark.parametrize(
    ("raw", "start", "end"),
    [
        ("2021年9月至2022年8月", "2021-09", "2022-08"),
        ("2021.9-2022.8", "2021-09", "2022-08"),
        ("2021年9月—12月", "2021-09", "2021-12"),
        ("2021年9-12月", "2021-09", "2021-12"),
        ("二○二一年九月至次年八月", "2021-09", "2022-08"),
        ("2021年9月至明年8月", "2021-09", "2022-08"),
        ("2021年9月至2022年底", "2021-09", "2022-12"),
        ("2021年9月1日至15日", "2021-09-01", "2021-09-15"),
        ("2021.9.1-9.30", "2021-09-01", "2021-09-30"),
        ("2021年9月至次年8月", "2021-09", "2022-08"),
        ("即日起至2022年8月底", "", "2022-08"),
        ("2022年8月底前", "", "2022-08"),
        ("自2021年9月起至2022年8月止", "2021-09", "2022-08"),
        ("2021-09-01至2022-08-31", "2021-09-01", "2022-08-31"),
        ("2021-09—2022-08", "2021-09", "2022-08"),
        ("202109-202208", "2021-09", "2022-08"),
        ("二〇二一年九月至二〇二二年八月", "2021-09", "2022-08"),
        ("2021年9月", "2021-09", ""),
        ("自通知印发之日起至2022年8月31日", "", "2022-08-31"),
        ("2021年9月上旬至2022年8月下旬", "2021-09", "2022-08"),
    ],
)
def test_a_span_has_two_ends(raw: str, start: str, end: str) -> None:
    assert read_span(raw) == Span(start, end)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("2021年2月30日", "2021年2月30日"),
        ("成文日期：2021年13月1日。", "2021年13月1日"),
        ("2021.9.31", "2021.9.31"),
        ("二〇二一年十四月一日", "二〇二一年十四月一日"),
        ("2021年9月30日", ""),
        ("2021年 月 日", ""),
        ("20万元", ""),
    ],
)
def test_a_date_that_the_calendar_does_not_have_is_told(raw: str, words: str) -> None:
    assert impossible_date(raw) == words
    assert not words or read_date(raw) is None


def test_what_states_no_date_is_no_span() -> None:
    assert read_span("一年") is None


@given(st.dates(min_value=__import__("datetime").date(1950, 1, 1), max_value=__import__("datetime").date(2100, 12, 31)))
def test_every_date_is_read_back_from_chinese(day: object) -> None:
    assert read_date(f"{day:%Y年%-m月%-d日}") == f"{day:%Y-%m-%d}"


@given(st.text(alphabet="0123456789OlI二〇一九十元年月日曰.-/—至到起止底前次 　×_", max_size=60))
def test_garbage_never_raises(raw: str) -> None:
    assert all(date.value for date in find_dates(raw))
    read_span(raw)
    is_blank_date(raw)


@pytest.mark.parametrize("written", ["{y}年{m}月{d}日", "{y}-{m:02}-{d:02}", "{y}.{m}.{d}", "{y}年{m}月", "{zh}"])
@settings(deadline=None)  # jionlp loads its words at the first call
@given(day=st.dates(date(2019, 1, 1), date(2023, 12, 31)))
def test_dates_are_read_as_jionlp_reads_them(written: str, day: date) -> None:
    zh = "".join("〇一二三四五六七八九"[int(digit)] for digit in f"{day:%Y}")
    zh += f"年{an2cn(day.month)}月{an2cn(day.day)}日"
    text = written.format(y=day.year, m=day.month, d=day.day, zh=zh.replace("一十", "十"))
    value = read_date(text)
    assert value is not None
    assert jionlp.parse_time(text)["time"][0][: len(value)] == value


@settings(deadline=None)
@given(first=st.dates(date(2019, 1, 1), date(2023, 12, 31)), days=st.integers(40, 700))
def test_spans_are_read_as_jionlp_reads_them(first: date, days: int) -> None:
    last = first + timedelta(days)
    text = f"{first.year}年{first.month}月{first.day}日至{last.year}年{last.month}月{last.day}日"
    start, end = (moment[:10] for moment in jionlp.parse_time(text)["time"])
    assert read_span(text) == Span(start, end)


def test_notations_that_jionlp_does_not_read() -> None:
    assert read_date("2O21年9月l日") == "2021-09-01"
    assert read_span("即日起至2022年8月底") == Span("", "2022-08")
    assert jionlp.parse_time("即日起至2022年8月底")["time"][0][:7] == "2022-08"  # its start is lost, too
