"""Straight edges of ink, and the parallelograms and triangles of two that meet in a corner."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.seals.outline import Mask

Floats = NDArray[np.float64]

EDGES = 500  # edges looked at, longest first
CORNERS = 90  # corners looked at, those of the longest edges first


def polygons(edges: Floats, smallest: float, largest: float) -> list[Floats]:
    """Parallelograms and triangles from pairs of edges that meet in a corner; clockwise, longest first."""
    if len(edges) < 2:
        return []
    begin, end = edges[:, :2], edges[:, 2:]
    way = end - begin
    length = np.hypot(way[:, 0], way[:, 1])
    unit = way / length[:, None]
    cross = unit[:, None, 0] * unit[None, :, 1] - unit[:, None, 1] * unit[None, :, 0]
    dot = unit @ unit.T
    # Where the lines of i and j meet, as distances beyond i's end and before j's begin.
    between = begin[None] - end[:, None]
    safe = np.where(np.abs(cross) < 0.3, 1.0, cross)
    beyond = (between[..., 0] * unit[None, :, 1] - between[..., 1] * unit[None, :, 0]) / safe
    before = (between[..., 0] * unit[:, None, 1] - between[..., 1] * unit[:, None, 0]) / safe
    slack = np.maximum(6.0, 0.3 * length)
    # Clockwise with y down: each corner turns right, cross > 0.
    meets = (cross > 0.5) & (dot > -0.87) & (np.abs(beyond) < slack[:, None]) & (np.abs(before) < slack[None, :])
    ones, others = np.nonzero(meets)
    order = np.argsort(-(length[ones] + length[others]), kind="stable")[:CORNERS]
    made: list[Floats] = []
    for i, j in zip(ones[order].tolist(), others[order].tolist(), strict=True):
        corner = end[i] + unit[i] * beyond[i, j]
        far, last = begin[i], end[j]
        sides = float(np.hypot(*(far - corner))), float(np.hypot(*(last - corner)))
        if not (min(sides) >= 0.7 * smallest * 0.6 and max(sides) <= largest * 1.1):
            continue
        made.append(np.array([far, corner, last, far + last - corner]))
        if cross[i, j] > 0.7:
            made.append(np.array([far, corner, last]))
    return made


def straight(mask: Mask, least: float, most: float) -> Floats:
    """Straight edges as x, y of the begin and the end; the ink lies to the right of the way."""
    detector = cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE, 1.0)
    rim = 6  # at the border of a picture no edge is seen
    framed = cv2.copyMakeBorder(mask * 255, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=0)
    # Where much more is than a frame the detector is dear, and half the size is enough.
    shrink = 2 if mask.size > most**2 else 1
    if shrink > 1:
        framed = cv2.resize(framed, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    else:
        framed = cv2.GaussianBlur(framed, (0, 0), 1.1)  # the steps of a slanting line are no edges
    found = detector.detect(framed)[0]
    if found is None:
        return np.zeros((0, 4))
    edges = (np.asarray(found, np.float64).reshape(-1, 4) + 0.5) * shrink - 0.5 - rim
    edges = edges[:, [2, 3, 0, 1]]
    length = np.hypot(edges[:, 2] - edges[:, 0], edges[:, 3] - edges[:, 1])
    edges = edges[length > 0.25 * least]
    length = length[length > 0.25 * least]
    edges = _joined(edges[np.argsort(-length, kind="stable")[:EDGES]], least)
    length = np.hypot(edges[:, 2] - edges[:, 0], edges[:, 3] - edges[:, 1])
    order = np.argsort(-length, kind="stable")
    return edges[order[(length[order] >= least) & (length[order] <= most)]]


def _joined(edges: Floats, gap: float) -> Floats:
    """Edges of one line joined over gaps, longest first."""
    ways = edges[:, 2:] - edges[:, :2]
    ways = ways / np.maximum(1e-6, np.hypot(ways[:, 0], ways[:, 1]))[:, None]
    made: list[Floats] = []
    while len(edges):
        one, edges, ways = edges[0], edges[1:], ways[1:]
        grown = True
        while grown and len(edges):
            way = one[2:] - one[:2]
            size = float(np.hypot(*way))
            way = way / size
            normal = np.array([-way[1], way[0]])
            ends = edges.reshape(-1, 2, 2) - one[:2]
            along, off = ends @ way, np.abs(ends @ normal).max(axis=1)
            begin, end = along[:, 0], along[:, 1]
            fit = (ways @ way > 0.99) & (off < 2.5 + 0.01 * size)
            fit &= (begin - size < gap) & (end > -gap)
            grown = bool(fit.any())
            if grown:
                one = np.concatenate(
                    [
                        one[:2] + way * min(0.0, float(begin[fit].min())),
                        one[:2] + way * max(size, float(end[fit].max())),
                    ]
                )
                edges, ways = edges[~fit], ways[~fit]
        made.append(one)
    return np.array(made) if made else np.zeros((0, 4))
