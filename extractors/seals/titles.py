"""Titles: rows of characters as large as seals, the name of a letterhead (红头)."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour
from extractors.ocr.pieces import Labels, of_pieces, pieces
from extractors.seals.blocks import in_blocks, of_blocks
from extractors.seals.outline import Mask, Outline
from extractors.seals.page import Page

MOST = 320  # large pieces on a page; among more, none are told for characters
HIGHEST = 2.2  # of the smallest seal: 23.5 mm on A4; a letterhead's characters are 22 mm high at most (GB/T 9704)
HIGH = 1.7  # of it: 18 mm; what is as high as this is a square seal, unless those beside it are just as high and level
EVEN = 0.1  # of their height: how far such characters differ in height and place
WIDER = 2.2  # times its height from which a piece among characters is no character
EDGE = 6  # pixels from the page's edge within which a piece is cut off by it
STROKE = 2.0  # times its height that a frame's straight lines are long, and no strokes of characters


@dataclass(frozen=True, slots=True)
class Titles:
    """What of a mask is characters of titles: `without` is `whole` without them."""

    whole: Mask
    without: Mask
    colour: SealColour

    def have(self, outline: Outline) -> bool:
        """Whether an outline is a character of a title (国, 口), or several that run into one another.

        These have strokes from the upper line to the lower (国互联), but so has a frame over print of its own ink.
        """
        left, top, right, bottom = (max(0, round(edge)) for edge in outline.extent)
        window = np.s_[top : bottom + 1, left : right + 1]
        if np.count_nonzero(self.without[window]) >= 0.5 * np.count_nonzero(self.whole[window]):
            return False
        if outline.radius <= WIDER * min(outline.half_width, outline.half_height):
            return True
        high = bottom - top
        within = self.whole[top + high // 6 : bottom - high // 6, left + high // 3 : right - high // 3]
        if self.colour is SealColour.BLACK or within.size == 0:
            return False
        stroke = np.ones(max(3, round(high / 16)))
        return float(np.convolve(within.mean(axis=0) > 0.95, stroke).max()) >= len(stroke)


def without_titles(mask: Mask, page: Page, smallest: float) -> tuple[Mask, Mask]:
    """Without rows of large characters (a letterhead's title): each has neighbours of its height beside it.

    Once with what seems to be framed and once without that, too. page: in the mask's coordinates.
    """
    smallest = smallest / 2  # characters so large are told at half the size
    half = np.minimum(in_blocks(mask, 2), 1)
    labels, stats = pieces(np.asarray(cv2.morphologyEx(half, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)), np.uint8))
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    large = np.flatnonzero((high > 0.7 * smallest) & (high < HIGHEST * smallest) & (np.arange(len(high)) > 0))
    if not 0 < len(large) <= MOST:
        return mask, mask
    tall = high[large].astype(np.float64)
    middle = top[large] + tall / 2
    begin, end = left[large], left[large] + wide[large]
    like = (tall[None] > 0.6 * tall[:, None]) & (tall[None] < 1.7 * tall[:, None])
    near = np.maximum(begin[None] - end[:, None], begin[:, None] - end[None]) < 2.5 * tall[:, None]
    apart = np.abs(middle[None] - middle[:, None])
    even = (np.abs(np.log(tall[None] / tall[:, None])) < EVEN) & (apart < EVEN * tall[:, None])
    like &= even | (tall < HIGH * smallest)[:, None]
    level = apart < 0.35 * tall[:, None]
    written = (like & level & near) @ wide[large].astype(np.float64)
    framed = np.array([_is_framed(labels, stats[index], int(index), page) for index in large])
    is_title = written >= 3.0 * tall
    if not is_title.any():
        return mask, mask
    without: list[Mask] = []
    for title, spared in ((large[is_title & ~framed], large[framed]), (large[is_title], large[:0])):
        keep = np.ones(len(stats), np.uint8)
        keep[_in_rows(stats, title)] = 0
        keep[spared] = 1
        without.append(mask & of_blocks(of_pieces(keep, labels), mask.shape, 2))
    return without[0], without[1]


def _in_rows(stats: NDArray[np.int32], title: NDArray[np.intp]) -> NDArray[np.intp]:
    """The pieces that lie in the rows of a title's: the parts of its characters that are in several (会, 函)."""
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    right, bottom = left + stats[:, cv2.CC_STAT_WIDTH], top + stats[:, cv2.CC_STAT_HEIGHT]
    inside = np.zeros(len(stats), bool)
    for index in title:
        tall = bottom[index] - top[index]
        level = (top > top[index] - 0.25 * tall) & (bottom < bottom[index] + 0.25 * tall)
        inside |= level & (np.maximum(left - right[index], left[index] - right) < 1.5 * tall)
    return np.flatnonzero(inside)


def _is_framed(labels: Labels, stats: NDArray[np.int32], index: int, page: Page) -> bool:
    """Whether a piece wider than two characters has a straight line above and below it all along.

    It is a frame then, or characters of a title that run into one another (国互联), as far as this can tell. The page's
    edge may hide one of the lines. page: in pixels of half the size.
    """
    x, y, w, h, _ = (int(value) for value in stats)
    if w < WIDER * h:
        return False
    piece = (labels[y : y + h, x : x + w] == index).astype(np.uint8)
    cut_above, cut_below = 2 * y < page.top + EDGE, 2 * (y + h) > page.bottom - EDGE
    if cut_above != cut_below:
        piece = _levelled(piece if cut_above else piece[::-1])
        return _has_line(piece[len(piece) // 2 :], piece.shape)
    band = max(3, h // 5)
    if min(float(piece[:band].any(axis=0).mean()), float(piece[-band:].any(axis=0).mean())) <= 0.9:
        return False
    return _has_line(piece[: h // 2], piece.shape) and _has_line(piece[h // 2 :], piece.shape)


def _has_line(part: Mask, size: tuple[int, ...]) -> bool:
    """Whether a part of a piece of this size has a straight line across that is no stroke of a character."""
    long = round(max(STROKE * size[0], 0.6 * size[1]))
    thick = cv2.dilate(part, np.ones((3, 1), np.uint8))  # a slant moves a line by a pixel or two
    return bool(cv2.erode(thick, np.ones((1, long), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0).any())


def _levelled(piece: Mask) -> Mask:
    """The piece turned so that the longest side of its hull, but for the upper edge, is level."""
    points = cv2.findNonZero(piece)
    hull = cv2.convexHull(points).reshape(-1, 2).astype(np.float64)
    following = np.roll(hull, -1, axis=0)
    ways, above = following - hull, (hull[:, 1] <= 1) & (following[:, 1] <= 1)
    way = ways[int(np.argmax(np.hypot(*ways.T) * ~above))]
    turn = (float(np.degrees(np.arctan2(way[1], way[0]))) + 90) % 180 - 90
    matrix = cv2.getRotationMatrix2D((piece.shape[1] / 2, piece.shape[0] / 2), turn, 1.0)
    turned = cv2.warpAffine(piece, matrix, piece.shape[::-1], flags=cv2.INTER_NEAREST)
    return np.asarray(turned, np.uint8)
