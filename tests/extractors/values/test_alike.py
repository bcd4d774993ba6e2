import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.values.alike import alike, distance, look_alikes, similarity, slip, slips

NAMES = st.text(alphabet="中国省县安吉林学协会末未", max_size=20)


def test_look_alikes_cost_a_quarter() -> None:
    assert alike("未", "末")
    assert alike("末", "未")
    assert not alike("心", "生")
    assert not alike("学", "协")
    assert not alike("未", "未")
    assert (slip("未", "未"), slip("未", "末"), slip("未", "林")) == (0, 0.25, 1)


def test_similarity_is_one_less_the_share_of_slips() -> None:
    assert similarity("", "") == 1
    assert similarity("学会", "") == 0
    assert similarity("农学会", "林学会") == pytest.approx(2 / 3)
    assert similarity("未", "末") == 0.75


@pytest.mark.parametrize(
    ("read", "name", "costs"),
    [
        ("安吉县", "安吉县", [0, 0, 0]),
        ("吉县", "安吉县", [1, 0, 0]),
        ("安吉", "安吉县", [0, 0, 1]),
        ("索安吉县", "安吉县", [1, 0, 0]),
        ("安吉县办", "安吉县", [0, 0, 1]),
        ("安x县", "安吉县", [0, 1, 0]),
        ("", "安吉县", [1, 1, 1]),
        ("安吉县", "", []),
    ],
)
def test_a_slip_is_charged_where_it_happened(read: str, name: str, costs: list[float]) -> None:
    assert slips(read, name) == costs


@given(NAMES, NAMES)
def test_distance_is_symmetric_and_the_sum_of_slips(a: str, b: str) -> None:
    assert distance(a, b) == distance(b, a)
    if b:
        assert sum(slips(a, b)) == distance(a, b)


def test_the_list_is_symmetric() -> None:
    pairs = [(a, b) for a in map(chr, range(0x4E00, 0x9FFF)) for b in look_alikes(a)]
    assert len(pairs) > 500
    assert all(alike(b, a) and a != b for a, b in pairs)
