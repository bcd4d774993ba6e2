"""The search of one patch: frames and rings that are whole, then what touches, is cut, worn or broken.

Whole ones are taken away first, for most seals are, and need no closer look. A closer look takes pieces apart by votes
for circles and ovals, and joins pieces over gaps as print and wear leave them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from extractors.document import SealColour
from extractors.ocr.pieces import pieces
from extractors.seals import rings
from extractors.seals.fanned import fanned
from extractors.seals.frames import around, frames, unbroken
from extractors.seals.outline import RING, SURE, Mask, Outline, distinct
from extractors.seals.page import Page
from extractors.seals.patches import patches
from extractors.seals.ruling import without_rules
from extractors.seals.titles import Titles

PIECES = 80  # connected pieces looked at in one pass, largest first
DENSEST = 60_000  # pixels of unexplained ink in which circles are still looked for; more is a picture or a pattern
LONGEST = 7.0  # of the smallest: 75 mm on A4, longer than a frame's side; straight lines beyond are rules
STRAIGHT = 1.9  # of the smallest: 20 mm on A4
EDGE = 5  # pixels from the picture's edge within which a frame is that edge
WHOLE = 0.95  # coverage of a frame from which nothing better is looked for in its place
CUT_OFF = 0.95  # visible part below which an outline is cut by the page's edge
GAP = 0.4  # of the smallest: 4 mm on A4, between arcs of one ring
KNOTS = 4  # pieces in which several rings are looked for, largest first

Known = dict[tuple[int, ...], list[Outline]]
"""Of each piece, by its place on the page and its ink, the outlines relative to it: it is met at every gap again."""


@dataclass(frozen=True, slots=True)
class View:
    """A patch as it is searched. mask: without rules and titles. crossed: with titles, and rules where they are thick.

    ink: like the mask, with what lies within seals that were found: what is new may reach into them. inside: all ink
    there. page: in the masks' coordinates. smallest: pixels. known: what was made of the pieces so far.
    """

    mask: Mask
    ink: Mask
    crossed: Mask
    inside: Mask
    page: Page
    titles: Titles
    smallest: float
    colour: SealColour
    known: Known = field(default_factory=dict)

    def part(self, mask: Mask, left: int, top: int) -> View:
        """The window at `left` and `top` in which `mask` is."""
        window = np.s_[top : top + mask.shape[0], left : left + mask.shape[1]]
        page = self.page.moved(-left, -top)
        ink, crossed, inside = self.ink[window], self.crossed[window], self.inside[window]
        return replace(self, mask=mask, ink=ink, crossed=crossed, inside=inside, page=page)


def search(view: View, outlines: list[Outline]) -> bool:
    """What is whole, then a closer look at what is left. True where there was more than is looked at."""
    mask, smallest, page, colour = view.mask.copy(), view.smallest, view.page, view.colour
    largest = LONGEST * smallest
    whole = np.asarray(cv2.morphologyEx(view.crossed, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)), np.uint8)
    for frame in unbroken(whole, view.inside, page, colour, smallest, largest):
        if not view.titles.have(frame) and not _is_picture(frame, page):
            outlines.append(frame)
            if frame.coverage >= WHOLE:  # else its corners may tell more
                frame.erase(mask)
    # What is whole needs no closer look, and most seals are.
    overflow = _search_pieces(mask, view, outlines, 5, least=WHOLE, knots=0)
    for patch in patches(mask, smallest, view.ink & (1 - mask)):
        top, left = patch.window[0].start, patch.window[1].start
        closer: list[Outline] = []
        overflow |= _search_closer(view.part(mask[patch.window] & patch.own, left, top), closer)
        outlines.extend(outline.moved(left, top) for outline in closer)
    return overflow


def _search_closer(view: View, outlines: list[Outline]) -> bool:
    """Frames whose line is broken, rings that touch, are cut or broken. True where there was more than is looked at."""
    mask, smallest, page, colour = view.mask.copy(), view.smallest, view.page, view.colour
    ring = _broken(view)
    if ring is not None:
        outlines.append(ring)
        ring.erase(mask)
        if np.count_nonzero(mask) < smallest:
            return False
    if np.count_nonzero(mask) <= DENSEST:
        for frame in frames(mask, view.ink, view.inside, page, colour, smallest, LONGEST * smallest):
            outlines.append(frame)
            frame.erase(mask)
    # No ring is straight for so long: what is, are lines of tables, to which a ring may be tied.
    mask = without_rules(mask, STRAIGHT * smallest, thickest=4)
    overflow = _search_pieces(mask, view, outlines, 5)
    if np.count_nonzero(mask) > DENSEST:
        # The strokes of patterns and ornaments are finer than rings.
        thick = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)
        if np.count_nonzero(thick) <= DENSEST:
            outlines.extend(rings.circles(thick, view.ink, page, colour, smallest / 2))
        return True
    if overflow:
        return True
    outlines.extend(rings.circles(mask, view.ink, page, colour, smallest / 2))
    for outline in outlines:
        if outline.coverage >= SURE:
            outline.erase(mask)
    outlines.extend(fanned(mask, page, smallest, colour))
    # Print, lines and wear break rings into arcs.
    return _search_pieces(mask, view, outlines, round(GAP * smallest) | 1)


def _broken(view: View) -> Outline | None:
    """The ring that a patch is all of, broken into arcs by print, wear or a pale spot; None where it is no ring."""
    _, _, wide, high = cv2.boundingRect(view.mask)
    if not rings.FLATTEST * max(wide, high) < min(wide, high) < 2.2 * rings.LARGEST * view.page.side:
        return None
    ring = rings.ellipse(view.mask, view.inside, view.page, view.colour)
    whole = ring is not None and ring.coverage >= RING and ring.visible > CUT_OFF and not ring.gappy
    return ring if whole else None


def _search_pieces(
    mask: Mask, view: View, outlines: list[Outline], gap: int, *, least: float = 0.0, knots: int = KNOTS
) -> bool:
    """Pieces of the mask, with gaps closed, that are frames or rings. True where there were more than are looked at.

    least: coverage. knots: pieces at most in which several rings are looked for.
    """
    smallest = view.smallest
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    labels, stats = pieces(np.asarray(joined, np.uint8))
    sides = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    order = np.argsort(-sides, kind="stable")
    order = order[sides[order] >= smallest]
    knotted = 0
    for index in order[:PIECES]:
        x, y, w, h, _ = (int(value) for value in stats[index + 1])
        if min(w, h) < 0.4 * smallest:
            continue
        window = np.s_[y : y + h, x : x + w]
        piece = ((labels[window] == index + 1) & (mask[window] > 0)).astype(np.uint8)
        here, ink = view.page.moved(-x, -y), int(np.count_nonzero(piece))
        key = (round(here.left), round(here.top), w, h, ink)
        if key not in view.known:
            view.known[key] = _made_of(piece, view.inside[window], here, view)
        found = view.known[key]
        if any(outline.corners and outline.coverage >= SURE for outline in found):
            outlines.append(found[0].moved(x, y))
            outlines[-1].erase(mask)
            continue
        # Of what an edge cuts off, an ellipse's axes are open: a circle may fit as well.
        # Two rings that touch pass for an oval with gaps.
        ring = next((outline for outline in found if not outline.corners), None)
        doubtful = ring is None or ring.visible < CUT_OFF or ring.gappy
        if doubtful and min(w, h) >= 0.6 * smallest and knotted < knots and ink < DENSEST // 4:
            knotted += 1
            if (*key, 0) not in view.known:
                view.known[(*key, 0)] = _knot(piece, x, y, view)
            found = distinct([*found, *view.known[(*key, 0)]])
        for outline in found:
            if outline.coverage < least:
                continue
            outlines.append(outline.moved(x, y))
            if outline.coverage >= SURE:
                outlines[-1].erase(mask)
    return len(order) > PIECES


def _is_picture(frame: Outline, page: Page) -> bool:
    """Whether a frame is the picture's own edge, at which a pattern or a tinted paper ends."""
    edges = zip(frame.extent, (page.left, page.top, page.right, page.bottom), strict=True)
    return sum(abs(own - other) < EDGE for own, other in edges) >= 3


def _made_of(piece: Mask, inside: Mask, page: Page, view: View) -> list[Outline]:
    """The frame along a piece's hull and the ellipse around it, as far as there are; a sure frame alone."""
    frame = around(piece, inside, page, view.colour, view.smallest, LONGEST * view.smallest)
    if frame is not None and _is_picture(frame, page):
        frame = None
    if frame is not None and frame.coverage >= SURE:
        return [frame]
    ring = rings.ellipse(piece, inside, page, view.colour)
    return [outline for outline in (frame, ring) if outline is not None]


def _knot(piece: Mask, x: int, y: int, view: View) -> list[Outline]:
    """Rings in a piece at x, y that touch each other, other ink or the page's edge; relative to it."""
    high, wide = piece.shape
    page, colour, smallest = view.page.moved(-x, -y), view.colour, view.smallest
    found = rings.circles(piece, view.ink[y : y + high, x : x + wide], page, colour, smallest / 2)
    # The rest of an oval may lie beyond the piece, hidden by another seal.
    reach = max(high, wide) // 2
    left, top = max(0, x - reach), max(0, y - reach)
    ink = view.ink[top : y + high + reach, left : x + wide + reach]
    around = np.zeros_like(ink)
    around[y - top : y - top + high, x - left : x - left + wide] = piece
    page = view.page.moved(-left, -top)
    return found + [oval.moved(left - x, top - y) for oval in rings.ovals(around, ink, page, colour, smallest / 2)]
