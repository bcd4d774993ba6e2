import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.compare.align import align


def aligned(a: str, b: str) -> list[tuple[str, int]]:
    """The stretches of `a` that stand in `b` without a break, with where they begin there."""
    found: list[tuple[str, int]] = []
    for character, to in zip(a, align(a, b), strict=True):
        if to < 0:
            found.append((character, -1))
        elif found and found[-1][1] >= 0 and found[-1][1] + len(found[-1][0]) == to:
            found[-1] = (found[-1][0] + character, found[-1][1])
        else:
            found.append((character, to))
    return found


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("", "", []),
        ("项目", "", [("项", -1), ("目", -1)]),
        ("申请经费二十万元", "申请经费二十万元", [("申请经费二十万元", 0)]),
        ("申请经费200000元整", "申请经费205000元整", [("申请经费20", 0), ("0", -1), ("000元整", 7)]),
        ("负责人张三联系人李四", "负责人王五联系人李四", [("负责人", 0), ("张", -1), ("三", -1), ("联系人李四", 5)]),
        ("甲乙丙丁一二三四五六七八", "一二三四五六七八甲乙丙丁", [("甲乙丙丁", 8), ("一二三四五六七八", 0)]),
        # a label beside a cell that begins as it does
        (
            "结对情况江苏省玄武区科协结对单位",
            "江苏省玄武区科协结对情况结对单位",
            [("结对情况", 8), ("江苏省玄武区科协", 0), ("结对单位", 12)],
        ),
    ],
)
def test_what_is_the_same_is_found_also_where_it_was_moved(a: str, b: str, expected: list[tuple[str, int]]) -> None:
    assert aligned(a, b) == expected


@given(st.text("甲乙丙丁0129", max_size=80), st.text("甲乙丙丁0129", max_size=80))
def test_each_character_stands_opposite_to_at_most_one_that_equals_it(a: str, b: str) -> None:
    to = align(a, b)
    met = [other for other in to if other >= 0]
    assert len(to) == len(a)
    assert len(set(met)) == len(met)
    assert all(a[index] == b[other] for index, other in enumerate(to) if other >= 0)


@given(st.text("甲乙丙丁0129", max_size=80))
def test_a_text_stands_opposite_to_itself(text: str) -> None:
    assert align(text, text) == list(range(len(text)))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("一" * 60_000, "一" * 59_000 + "二"),
        ("一二" * 30_000, "二一" * 30_000),
        ("".join(map(str, range(12_000))), "".join(map(str, range(12_000, 0, -1)))),
        ("一二三四五" * 12_000, "五四三二一" * 12_000),
    ],
)
def test_texts_that_repeat_themselves_cost_seconds_at_most(a: str, b: str) -> None:
    began = time.process_time()
    align(a, b)
    assert time.process_time() - began < 5
