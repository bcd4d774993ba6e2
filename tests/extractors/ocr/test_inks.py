"""A page taken apart: stamps go, writing of any colour stays."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.ocr.engine import Raster
from extractors.ocr.inks import Density, separate

RED, BLUE, PURPLE = (205, 35, 45), (30, 60, 170), (120, 40, 140)


def paper(colour: tuple[int, int, int] = (250, 248, 243)) -> Raster:
    return np.full((1170, 827, 3), colour, np.uint8)


def ink(page: Raster, mask: Raster, colour: tuple[int, int, int]) -> None:
    """Ink lets through the share `colour` / 255 of the light."""
    share = np.where(mask[:, :, None] > 0, np.array(colour, np.float32) / 255, np.float32(1.0))
    page[:] = (page * share).astype(np.uint8)


def ring(page: Raster, colour: tuple[int, int, int], centre: tuple[int, int] = (550, 900)) -> Raster:
    mask = np.zeros(page.shape[:2], np.uint8)
    cv2.circle(mask, centre, 80, 255, 5)
    cv2.circle(mask, centre, 25, 255, -1)
    ink(page, mask, colour)
    return mask


def bar(page: Raster, box: tuple[int, int, int, int], colour: tuple[int, int, int]) -> Raster:
    left, top, right, bottom = box
    mask = np.zeros(page.shape[:2], np.uint8)
    mask[top:bottom, left:right] = 255
    ink(page, mask, colour)
    return mask


@pytest.mark.parametrize("colour", [RED, BLUE, PURPLE])
def test_text_under_a_seal_stays_dark_and_the_seal_is_gone(colour: tuple[int, int, int]) -> None:
    page = paper()
    text = bar(page, (380, 897, 720, 902), (20, 20, 20))
    seal = ring(page, colour)
    grey = separate(page).grey
    assert grey[text > 0].max() < 60
    assert np.quantile(grey[(seal > 0) & (text == 0)], 0.05) > 225


def test_chroma_is_what_the_channels_densities_differ_by_down_to_the_last_row() -> None:
    page = paper()
    ring(page, RED)
    bar(page, (0, 1165, 827, 1170), BLUE)
    inks = separate(page)
    density = inks.density[:, :]
    assert np.array_equal(inks.chroma, density.max(axis=2) - density.min(axis=2))
    assert inks.chroma[1169].min() > 0.2


def test_a_seal_whose_ring_is_pale_at_top_and_bottom_is_lifted_whole() -> None:
    page = paper()
    mask = np.zeros(page.shape[:2], np.uint8)
    for turned in (-79, 101):  # two arcs, an eighth of the ring missing
        cv2.ellipse(mask, (550, 900), (80, 80), turned, 0, 158, 255, 5)
    cv2.circle(mask, (550, 900), 25, 255, -1)
    ink(page, mask, RED)
    assert np.quantile(separate(page).grey[mask > 0], 0.05) > 225


@pytest.mark.parametrize("colour", [RED, BLUE])
def test_coloured_writing_stays_dark(colour: tuple[int, int, int]) -> None:
    page = paper()
    title = np.zeros(page.shape[:2], np.uint8)
    cv2.putText(title, "LETTERHEAD", (120, 160), cv2.FONT_HERSHEY_SIMPLEX, 2.5, 255, 8)
    ink(page, title, colour)
    assert np.median(separate(page).grey[title > 0]) < 110


def test_a_shadow_over_the_paper_becomes_white() -> None:
    page = paper()
    shadow = np.linspace(1.0, 0.45, page.shape[1], dtype=np.float32)[None, :, None]
    page[:] = (page * shadow).astype(np.uint8)
    assert np.quantile(separate(page).grey, 0.01) > 235


def test_chroma_tells_coloured_ink_from_black() -> None:
    page = paper()
    black = bar(page, (100, 300, 400, 306), (20, 20, 20))
    seal = ring(page, RED)
    inks = separate(page)
    assert inks.chroma[seal > 0].min() > 0.5
    assert inks.chroma[black > 0].max() < 0.1
    assert inks.density[:, :][black > 0].min() > 0.9
    assert inks.density[:, :].dtype == np.float32
    assert inks.chroma.dtype == np.float32


def test_a_grey_page_has_no_chroma_and_keeps_its_text() -> None:
    page = np.full((200, 160), 230, np.uint8)
    page[100:104, 40:120] = 30
    inks = separate(page)
    assert inks.density.shape == (200, 160, 3)
    assert not inks.chroma.any()
    assert inks.grey[101, 80] < 40
    assert inks.grey[20, 20] == 255


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 2), (5, 5)])
def test_tiny_pictures_are_taken_apart_too(size: tuple[int, int]) -> None:
    inks = separate(np.full((*size, 3), 200, np.uint8))
    assert inks.grey.shape == size
    assert inks.density.shape == (*size, 3)
    assert inks.chroma.shape == size


def test_a_black_hairline_runs_whole_beneath_a_seal() -> None:
    page = paper()
    ring(page, (205, 25, 30))
    page[899:901, 200:600] = (60, 20, 20)  # a hairline that the scanner tinted
    assert (separate(page).rules[899:901, 210:590] < 128).all()


def glyphs(page: Raster, size: int, blur: float, depth: float) -> Raster:
    """Rows of print; where it stands. blur: in pixels. depth: 0 to 1, how dark."""
    mask = np.zeros(page.shape[:2], np.uint8)
    for row in range(12):
        cv2.putText(mask, "KEPU XUEHUI 2021", (90, 120 + row * 70), cv2.FONT_HERSHEY_SIMPLEX, size / 20, 255, 3)
    soft = cv2.GaussianBlur(mask, (0, 0), blur) if blur else mask
    page[:] = (page * (1 - depth * soft[..., None] / np.float32(255))).astype(np.uint8)
    return mask


def test_what_shines_through_from_the_back_is_painted_over_and_print_stays() -> None:
    back = np.full((1170, 827, 3), 245, np.uint8)
    glyphs(back, 34, 2.5, 0.35)
    page = np.ascontiguousarray(back[:, ::-1])
    print_ = glyphs(page, 22, 0.5, 0.9)
    grey = separate(page).grey
    away = cv2.dilate(print_, np.ones((15, 15), np.uint8)) == 0
    assert (grey[away] > 250).mean() > 0.995
    assert np.median(grey[cv2.erode(print_, np.ones((3, 3), np.uint8)) > 0]) < 60


def test_a_page_out_of_focus_keeps_its_print() -> None:
    page = np.full((1170, 827, 3), 245, np.uint8)
    print_ = glyphs(page, 22, 3.0, 0.9)
    assert np.median(separate(page).grey[print_ > 0]) < 190


def test_faint_print_beside_dark_print_stays() -> None:
    page = np.full((1170, 827, 3), 245, np.uint8)
    faint = glyphs(page, 22, 0.4, 0.35)
    page[1000:1040, 100:700] = 30
    assert np.median(separate(page).grey[faint > 0]) < 190


def strokes(page: Raster, top: int, left: int, right: int, blur: float, depth: float, thick: int = 2) -> Raster:
    """Rows of upright and level strokes, as thin as those of small print."""
    mask = np.zeros(page.shape[:2], np.uint8)
    for y in range(top, page.shape[0] - 200, 46):
        for x in range(left, right, 34):
            cv2.rectangle(mask, (x, y), (x + 22, y + 22), 255, thick)
    soft = cv2.GaussianBlur(mask, (0, 0), blur).astype(np.float32)[:, :, None] / 255
    page[:] = (page * (1 - soft * depth)).astype(np.uint8)
    return mask


def test_the_backs_thin_strokes_are_painted_over_and_thin_pale_ones_of_this_side_stay() -> None:
    page = np.full((2339, 1654, 3), 250, np.uint8)
    back = strokes(page, 312, 150, 1500, 1.8, 0.45)
    cv2.rectangle(page, (150, 1900), (700, 1940), (205, 205, 205), -1)  # of its title, as broad as a bar
    page = cv2.GaussianBlur(page, (0, 0), 1.0)
    print_ = strokes(page, 300, 160, 1500, 0.6, 0.9, 3)
    hairs = strokes(page, 1800, 900, 1500, 0.6, 0.5, 1)
    grey = separate(page).grey
    away = (back > 0) & (cv2.dilate(print_ | hairs, np.ones((15, 15), np.uint8)) == 0)
    assert (grey[away] > 250).mean() > 0.95
    assert np.median(grey[print_ > 0]) < 60
    assert (grey[hairs > 0] < 225).mean() > 0.9


def test_print_for_which_the_toner_ran_out_stays() -> None:
    page = np.full((2339, 1654, 3), 250, np.uint8)
    strokes(page, 300, 150, 700, 0.6, 0.9, 3)
    strokes(page, 300, 800, 1500, 0.6, 0.35, 2)
    for x in range(800, 1200, 50):
        page[200:240, x : x + 26] = 175  # of a large title
    assert np.median(separate(page).grey[200:240, 800:826]) < 220


def test_a_hairline_that_is_not_level_stays_whole() -> None:
    page = np.full((2339, 1654, 3), 250, np.uint8)
    for top in range(300, 1500, 80):
        cv2.line(page, (150, top), (1500, top), (30, 30, 30), 1)
    glyphs(page, 30, 0.4, 0.9)
    turn = cv2.getRotationMatrix2D((827, 1170), 1.2, 1)
    soft = cv2.GaussianBlur(cv2.warpAffine(page, turn, (1654, 2339), borderValue=(250, 250, 250)), (0, 0), 0.6)
    grey = separate(np.asarray(soft, np.uint8)).grey
    ends = [turn @ (x, 300 + 80 * 10, 1) for x in (200, 1450)]
    between = [ends[0] + share * (ends[1] - ends[0]) for share in np.linspace(0, 1, 400)]
    assert max(int(grey[round(y) - 2 : round(y) + 3, round(x)].min()) for x, y in between) < 225


def test_the_density_of_a_window_is_that_of_the_page_and_made_smaller_to_a_hundredth() -> None:
    noise = np.random.default_rng(4).integers(0, 255, (60, 40, 3)).astype(np.uint8)
    for ratio in (noise, noise[..., 0].copy()):
        density = Density(ratio)
        assert density.shape == (60, 40, 3)
        assert np.array_equal(density[10:30, 5:20], density[:, :][10:30, 5:20])
        assert np.array_equal(density.least(np.s_[10:30, 5:20]), density[10:30, 5:20].min(axis=2))
        assert np.array_equal(density.greatest(np.s_[10:30, 5:20]), density[10:30, 5:20].max(axis=2))
        assert density.least(np.s_[10:10, 5:20]).shape == (0, 15)
        hundredths = density.hundredths((40, 60))
        assert hundredths.shape == ratio.shape
        assert np.abs(hundredths.reshape(60, 40, -1) / 100 - density[:, :]).max() < 0.006


@pytest.mark.parametrize("depth", [0.45, 0.2])
def test_where_nothing_is_dark_the_palest_print_becomes_black(depth: float) -> None:
    page = np.full((1170, 827, 3), 250, np.uint8)
    print_ = glyphs(page, 22, 0.4, depth)
    grey = separate(page).grey
    assert np.median(grey[cv2.erode(print_, np.ones((3, 3), np.uint8)) > 0]) < 60
    assert np.median(grey[print_ == 0]) == 255


def test_the_unevenness_of_blank_paper_stays_pale() -> None:
    rng = np.random.default_rng(3)
    page = np.clip(240 + rng.normal(0, 3, (1170, 827, 3)), 0, 255).astype(np.uint8)
    assert (separate(page).grey > 225).mean() > 0.999
