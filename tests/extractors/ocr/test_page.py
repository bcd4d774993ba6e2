"""A page made upright."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.document import Half
from extractors.ocr.engine import Raster
from extractors.ocr.page import Upright, cut_out, leaves
from extractors.ocr.page import stand as stood


def lines_of_blocks(width: int = 800, height: int = 1100) -> Raster:
    """A page of 20 lines of black glyph-like blocks."""
    page = np.full((height, width, 3), 245, np.uint8)
    generator = np.random.default_rng(1)
    for line in range(20):
        indent = 80 + int(generator.integers(0, 20))
        for glyph in range(int(generator.integers(15, 30))):
            top, left = 100 + line * 44, indent + glyph * 21
            page[top : top + 18, left : left + 18][generator.random((18, 18)) < 0.4] = 20
    return page


def stand(raster: Raster, dpi: float | None, degrees: int = 0) -> Upright:
    return stood(cut_out(raster, dpi), degrees)


def slanted(page: Raster, degrees: float) -> Raster:
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)  # OpenCV's angles are counterclockwise
    return np.asarray(cv2.warpAffine(page, turn, (width, height), borderValue=(245, 245, 245)), np.uint8)


def test_an_upright_page_is_left_as_it_is() -> None:
    page = lines_of_blocks()
    upright = stand(page, 96.0)
    assert upright.raster is page
    assert (upright.dpi, upright.rotation, upright.slant, upright.half) == (96.0, 0, 0.0, Half.WHOLE)


@pytest.mark.parametrize("degrees", [-6.0, -4.0, -1.0, -0.5, 0.5, 1.3, 3.0, 5.0])
def test_a_slant_is_taken_off(degrees: float) -> None:
    upright = stand(slanted(lines_of_blocks(), degrees), None)
    assert upright.slant == pytest.approx(degrees, abs=0.15)
    assert stand(upright.raster, None).slant == 0.0


def test_a_slant_of_pale_print_is_taken_off() -> None:
    page = slanted(lines_of_blocks(), 3.0)
    pale = (245 - (245.0 - page) * 0.1).astype(np.uint8)
    assert stand(pale, None).slant == pytest.approx(3.0, abs=0.15)


def test_a_page_is_straightened_as_it_stands_after_its_turn() -> None:
    lying = np.ascontiguousarray(np.rot90(slanted(lines_of_blocks(), 2.0), 1))
    upright = stand(lying, None, 90)
    assert upright.raster.shape[:2] == (1100, 800)
    assert upright.rotation == 90
    assert upright.slant == pytest.approx(2.0, abs=0.15)


def test_a_sheet_on_a_dark_desk_is_cut_out_and_loses_its_scale() -> None:
    page = lines_of_blocks()
    height, width = page.shape[:2]
    corners = np.array([[200, 150], [980, 190], [1040, 1330], [130, 1290]], np.float32)
    warp = cv2.getPerspectiveTransform(
        np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32), corners
    )
    desk = np.full((1500, 1200, 3), 60, np.uint8)
    cv2.warpPerspective(page, warp, (1200, 1500), dst=desk, borderMode=cv2.BORDER_TRANSPARENT)
    upright = stand(desk, 72.0)
    assert upright.flattened
    assert upright.dpi is None
    assert upright.raster.shape[0] == pytest.approx(1142, abs=25)
    assert upright.raster.shape[1] == pytest.approx(912, abs=25)
    assert upright.raster[:20].mean() > 200


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((1, 1, 3), np.uint8),
        np.full((3, 2000, 3), 255, np.uint8),
        np.random.default_rng(0).integers(0, 255, (400, 400, 3)).astype(np.uint8),
        np.full((500, 300), 200, np.uint8),
    ],
    ids=["one pixel", "a thread", "noise", "grey"],
)
def test_pictures_without_lines_stand_as_they_are(picture: Raster) -> None:
    upright = stand(picture, None)
    assert upright.raster.shape == picture.shape
    assert upright.rotation == 0


def test_a_huge_page_is_shrunk_with_its_scale() -> None:
    upright = stand(np.full((8400, 100, 3), 255, np.uint8), 600.0)
    assert upright.raster.shape == (4200, 50, 3)
    assert upright.dpi == 300.0


def test_a_sheet_on_a_scanners_dark_lid_keeps_its_scale() -> None:
    lid = np.full((1400, 1000, 3), 25, np.uint8)
    lid[100:1269, 60:887] = cv2.resize(lines_of_blocks(), (827, 1169))  # A4 at 100 dpi
    sheet = cut_out(lid, 100.0)
    assert sheet.dpi == 100.0
    assert sheet.raster.shape[0] == pytest.approx(1169, abs=8)
    assert sheet.raster.shape[1] == pytest.approx(827, abs=8)


def test_a_sheet_that_reaches_over_the_pictures_edge_is_flattened_too() -> None:
    page = cv2.resize(lines_of_blocks(), (820, 1160))
    desk = np.full((1300, 1000, 3), 60, np.uint8)
    desk[100:1260, 180:] = page
    sheet = cut_out(desk, None)
    assert sheet.flattened
    assert sheet.raster.shape[0] == pytest.approx(1160, abs=12)
    assert sheet.raster.shape[1] == pytest.approx(820, abs=12)
    assert sheet.raster[:, :10].mean() > 200


def test_black_bars_of_a_copier_are_cut_off_and_dark_headings_are_not() -> None:
    page = lines_of_blocks()
    page[20:60, 100:700] = 30
    barred = page.copy()
    barred[:, :24] = 12
    barred[-30:] = 12
    sheet = cut_out(barred, 96.0)
    assert sheet.dpi == 96.0
    assert sheet.raster.shape[0] == pytest.approx(1070, abs=8)
    assert sheet.raster.shape[1] == pytest.approx(776, abs=8)
    assert cut_out(page, 96.0).raster is page


def test_two_facing_pages_are_taken_apart_at_their_gutter() -> None:
    left, right = lines_of_blocks(), lines_of_blocks()
    both = leaves(stand(np.hstack([left, right]), 96.0))
    assert [page.half for page in both] == [Half.LEFT, Half.RIGHT]
    assert [page.raster.shape[1] for page in both] == pytest.approx([800, 800], abs=60)


@pytest.mark.parametrize("what", ["title", "rule", "columns", "portrait"])
def test_what_is_no_spread_stays_one_page(what: str) -> None:
    page = lines_of_blocks(760, 1100)
    sheet = np.hstack([page, page]) if what != "columns" else np.hstack([page[:, 60:720], page[:, 60:720]])
    if what == "title":
        for glyph in range(14):
            sheet[30:52, 600 + glyph * 24 : 620 + glyph * 24] = 20
    if what == "rule":
        sheet[60:63, 100:1400] = 20
    if what == "portrait":
        sheet = np.vstack([sheet, sheet])
    assert [leaf.half for leaf in leaves(stand(sheet, None))] == [Half.WHOLE]


def test_shaded_cells_of_a_table_are_no_edges_of_the_sheet() -> None:
    page = lines_of_blocks(760, 1040)
    for top in (188, 936):  # below the second of its lines, and above the last
        band = page[top : top + 44, 60:700]
        band[band > 200] = 205
    desk = np.full((1300, 1000, 3), 90, np.uint8)
    desk[120:1160, 110:870] = page
    assert cut_out(desk, None).raster.shape[0] == pytest.approx(1040, abs=12)


def test_a_sheet_on_a_light_desk_in_a_shadow_is_found_by_its_edges() -> None:
    page = cv2.resize(lines_of_blocks(), (760, 1040))
    desk = np.full((1300, 1000, 3), 214, np.uint8)
    desk[120:1160, 110:870] = page
    shade = np.where(np.arange(1000) < 420, 0.7, 1.0)[None, :, None]  # of an arm, with a sharp edge
    sheet = cut_out((desk * shade).astype(np.uint8), None)
    assert sheet.flattened
    assert sheet.raster.shape[0] == pytest.approx(1040, abs=12)
    assert sheet.raster.shape[1] == pytest.approx(760, abs=12)


def test_a_sheet_among_other_papers_is_found_around_its_writing() -> None:
    page = cv2.resize(lines_of_blocks(), (760, 1040))
    desk = np.full((1300, 1000, 3), 130, np.uint8)
    desk[::9] = 142  # the grain of wood
    desk[0:300, 0:260] = 246
    desk[900:1300, 700:1000] = 238
    desk[120:1160, 110:870] = page
    turn = cv2.getRotationMatrix2D((500, 650), 4, 1)
    picture = np.asarray(cv2.warpAffine(desk, turn, (1000, 1300), borderValue=(130, 130, 130)), np.uint8)
    sheet = cut_out(cv2.GaussianBlur(picture, (0, 0), 1.0).astype(np.uint8), None)
    assert sheet.flattened
    assert sheet.raster.shape[0] == pytest.approx(1040, abs=14)
    assert sheet.raster.shape[1] == pytest.approx(760, abs=14)


def in_a_shadow(page: Raster, ground: float, grain: float) -> Raster:
    """A sheet of 760 × 1040 as a camera sees it, aslant on a desk; somebody's shadow lies across both."""
    rows, columns = np.mgrid[:1300, :1000]
    wavy = ground + grain * np.sin((rows + 30 * np.sin(columns / 90)) / 5)
    desk = np.repeat(wavy[..., None], 3, axis=2)
    desk[120:1160, 110:870] = page
    shade = 1 - 0.5 / (1 + np.exp(-(columns - rows / 2 - 100) / 12))
    turn = cv2.getRotationMatrix2D((500, 650), 3, 1)
    picture = cv2.warpAffine(desk, turn, (1000, 1300), borderMode=cv2.BORDER_REFLECT) * shade[..., None]
    return np.asarray(cv2.GaussianBlur(picture.astype(np.uint8), (0, 0), 1.0), np.uint8)


def test_a_sheet_is_found_by_its_edges_where_a_shadow_lies_across_it_and_a_grained_desk() -> None:
    sheet = cut_out(in_a_shadow(cv2.resize(lines_of_blocks(), (760, 1040)), 110, 26), None)
    assert sheet.flattened
    assert sheet.raster.shape[0] == pytest.approx(1040, abs=16)
    assert sheet.raster.shape[1] == pytest.approx(760, abs=16)


def test_a_fold_is_no_edge_of_the_sheet() -> None:
    page = lines_of_blocks(760, 1040)
    page[820:] = 245
    for left in range(100, 500, 21):  # little is written beyond the fold, which lies in its own shade
        page[960:978, left : left + 18 : 2] = 20
    page[880:] = (page[880:] * 0.75).astype(np.uint8)
    assert cut_out(in_a_shadow(page, 150, 0), None).raster.shape[0] == pytest.approx(1040, abs=16)


def test_a_slip_on_a_sheet_that_fills_the_picture_is_no_sheet() -> None:
    page = cv2.resize(lines_of_blocks(), (1000, 1300))
    page[page > 200] = 228
    page[600:] = 228
    slip = cv2.resize(lines_of_blocks(), (800, 520))
    turn = cv2.getRotationMatrix2D((400, 260), 3, 1)
    turn[:, 2] += (90, 680)
    held = cv2.warpAffine(np.full((520, 800), 255, np.uint8), turn, (1000, 1300)) > 0
    page[held] = cv2.warpAffine(slip, turn, (1000, 1300))[held]
    assert not cut_out(page, None).flattened


def test_a_framed_table_is_no_sheet() -> None:
    page = lines_of_blocks()
    cv2.rectangle(page, (60, 80), (740, 1000), (30, 30, 30), 3)
    assert not cut_out(page, None).flattened
