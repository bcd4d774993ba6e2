from __future__ import annotations

import numpy as np

from extractors.limits import Limits
from extractors.ocr.inks import separate
from extractors.seals import printed, unroll
from extractors.seals.find import find
from extractors.seals.signals import cut_out
from tests.extractors.seals.drawing import BLACK, Paper, ring

AT = (827, 1500)
SEAL = ring("中国植物保护学会")
LINE = "一二三四五六七八九十本单位于二〇二一年成立特此证明情况属实同意"


def signals(paper: Paper) -> tuple[unroll.Floats, ...]:
    inks = separate(paper.raster(grey=True))
    outline = min(find(inks, Limits()).outlines, key=lambda one: float(np.hypot(*np.subtract(one.centre, AT))))
    return cut_out(inks, outline).signals


def test_print_that_goes_on_beside_a_black_seal_is_left_out_of_its_first_signal() -> None:
    alone = signals(Paper().stamp(SEAL, at=AT, ink=BLACK))
    bare, plain = signals(Paper().stamp(SEAL, at=AT, ink=BLACK).print(LINE, 100, 1540, 36))
    assert len(alone) == 1
    assert bare.shape == plain.shape
    high, wide = plain.shape
    # Below the star and within the name is nothing but the line.
    below = slice(round(0.6 * high), round(0.78 * high)), slice(round(0.35 * wide), round(0.65 * wide))
    assert (plain[below] > unroll.FAINT).mean() > 0.1
    assert (bare[below] > unroll.FAINT).mean() < 0.02
    kept = (bare > unroll.FAINT)[: high // 2]
    assert kept.sum() > 0.97 * (plain > unroll.FAINT)[: high // 2].sum()


def test_a_rule_through_a_black_seal_is_none_of_its_ink() -> None:
    bare, plain = signals(Paper().stamp(SEAL, at=AT, ink=BLACK).rule((300, 1560), (1400, 1560), BLACK))
    row = (plain > unroll.FAINT)[:, round(0.4 * plain.shape[1])]
    ruled = np.flatnonzero(row & ~(bare > unroll.FAINT)[:, round(0.4 * plain.shape[1])])
    assert 2 <= len(ruled) <= 12


def test_without_print_beside_it_nothing_is_print() -> None:
    inks = separate(Paper().stamp(SEAL, at=AT, ink=BLACK).raster(grey=True))
    (outline,) = find(inks, Limits()).outlines
    density = inks.density[1200:1800, 300:1400].min(axis=2)
    assert not printed.print_in(density, (300, 1200), outline, ()).any()
