"""How the cost of an audit grows, and that one size alone says nothing of it."""

from __future__ import annotations

import math

import pytest

from benchmarks.audit import growth


def rows(*measured: tuple[int, float]) -> list[dict[str, float]]:
    return [{"submissions": size, "cpu_seconds": seconds} for size, seconds in measured]


def test_n_log_n_has_the_exponent_one_in_whatever_order_the_sizes_come() -> None:
    assert growth(rows(*((size, size * math.log(size) / 100) for size in (1000, 10, 100)))) == 1.0


@pytest.mark.parametrize(
    "measured", [((250, 1.0),), ((250, 1.0), (250, 1.2)), ((1, 0.1), (10, 0.2)), ((10, 0.0), (20, 0.1))]
)
def test_without_two_sizes_that_were_measured_nothing_is_told(measured: tuple[tuple[int, float], ...]) -> None:
    assert growth(rows(*measured)) is None
