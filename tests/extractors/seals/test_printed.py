from __future__ import annotations

import cv2
import numpy as np

from extractors.limits import Limits
from extractors.ocr.inks import separate
from extractors.seals import printed, unroll
from extractors.seals.find import find
from extractors.seals.signals import cut_out
from tests.extractors.seals.drawing import BLACK, DIAMOND, GREY, Paper, ring

AT = (827, 1500)
SEAL = ring("中国植物保护学会")
LINE = "一二三四五六七八九十本单位于二〇二一年成立特此证明情况属实同意"


def impression(paper: Paper) -> unroll.Impression:
    inks = separate(paper.raster(grey=True))
    outline = min(find(inks, Limits()).outlines, key=lambda one: float(np.hypot(*np.subtract(one.centre, AT))))
    return cut_out(inks, outline)


def signals(paper: Paper) -> tuple[unroll.Floats, ...]:
    return impression(paper).signals


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
    print_, thin = printed.print_in(density, (300, 1200), outline, ())
    assert not print_.any()
    assert thin is None


def test_print_that_hangs_on_bold_strokes_is_told_from_them() -> None:
    broad = cv2.dilate(SEAL, np.ones((9, 9), np.uint8))
    (alone,) = signals(Paper().stamp(broad, at=AT, ink=BLACK))
    over = impression(
        Paper().stamp(broad, at=AT, ink=BLACK).print(2 * LINE, 20, 1390, 30).print(2 * LINE, 40, 1450, 30)
    )
    assert over.bold is not None

    def beyond(signal: unroll.Floats) -> int:
        """Inked pixels where the seal has none, in the upper half within the ring."""
        high, wide = (min(sides) for sides in zip(alone.shape, signal.shape, strict=True))
        within = np.s_[high // 6 : high // 2, wide // 5 : wide - wide // 5]
        seal = cv2.dilate((alone > unroll.FAINT).astype(np.uint8), np.ones((5, 5), np.uint8))[within]
        return int(((signal[within] > unroll.FAINT) & (seal == 0)).sum())

    assert beyond(over.signals[0]) > 200
    assert beyond(over.bold) < 0.35 * beyond(over.signals[0])
    assert (over.bold > unroll.FAINT).sum() > 0.95 * (alone > unroll.FAINT).sum()


def test_where_the_seals_strokes_are_as_thin_as_print_none_are_told_from_it() -> None:
    fine = cv2.erode(SEAL, np.ones((5, 5), np.uint8))
    assert impression(Paper().stamp(fine, at=AT, ink=BLACK).print(LINE, 20, 1390, 48)).bold is None


def test_in_a_grey_frame_what_is_darker_than_its_own_line_is_print() -> None:
    printed_on = Paper().stamp(DIAMOND, at=AT, mm=40, ink=GREY)
    for row in range(4):
        printed_on.print("本单位二〇二一年成立", AT[0] - 200, AT[1] - 110 + 70 * row, 40)
    alone = signals(Paper().stamp(DIAMOND, at=AT, mm=40, ink=GREY))[0][:330, :330] > unroll.FAINT
    bare = signals(printed_on)[0][:330, :330] > unroll.FAINT
    assert (bare & ~alone).mean() < 0.01
    assert (alone & ~bare).mean() < 0.01
