"""Rings: circles and ellipses along the outermost ink of a piece, of touching pieces, of what print or an edge leaves.

A fit starts from a piece's extent, from a circle of Hough's votes, or from three edges whose tangents meet as an
ellipse's do. It is repeated on the ink that is outermost near the last ellipse, for other ink that touches a ring lies
outside of it and gaps lie inside. What lies beyond the page cannot be seen and does not count.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf, nan

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour, SealShape
from extractors.seals.outline import RING, SURE, Mask, Outline, same
from extractors.seals.page import Page

Floats = NDArray[np.float64]
Ellipse = tuple[float, float, float, float, float]  # centre x, y, semi-axes, turn in degrees

ANGLES = 180  # directions in which the ring is asked for
OVAL = 0.84  # axes' ratio below which a ring is an oval, above which a circle seen slightly askew
FLATTEST = 0.42  # axes' ratio of the flattest oval
LEAST_PART = 0.16  # part of a ring that must lie on the page
LARGEST = 0.112  # greatest radius (33 mm on A4) as a part of the page
UNCUT = 0.9  # visible part from which a crop along a ring has the seal
ORNATE = 0.2  # of a ring's directions with ink outside, from which an ornament goes to the picture's edge
LEAST_WORN = 0.032  # radius (9 mm on A4) as a part of the page below which a broken ring is a character's strokes
WITHIN = 0.85  # of a ring's radius, its inside
EMPTIEST, FULLEST = 0.02, 0.75  # of the inside that is inked: less is a circle without text, more an area
BETTER = 0.03  # coverage that a circle must have more of than an ellipse to be believed instead
TRIALS = 700  # ellipses tried through three edges
WITNESSES = 700  # edges that are asked about each
SECTORS = 14  # of 36 around an ellipse that have edges on it
VOTES = (
    110,
    84,
    64,
    44,
    36,
    30,
    26,
    22,
)  # of Hough's for a circle's centre; chance in a pattern gives the fewest
PATTERN = 44  # votes that so many circles have more of in a pattern only, where broken rings are chance
CIRCLES = 16  # of Hough's looked at, best first
MUCH = 8_000  # pixels of ink among which chance gives so many circles that to vote for them is dear
WIDE_OF = 4  # pixels that a vote's circle may be off the ring

_AROUND = np.arange(72) * (2 * np.pi / 72)
_COS, _SIN = np.cos(_AROUND), np.sin(_AROUND)


def ellipse(piece: Mask, around: Mask, page: Page, colour: SealColour, start: Ellipse | None = None) -> Outline | None:
    """The ellipse along the outermost ink of the piece, or None.

    around: all ink there, the text inside too. page: in the piece's coordinates. start: an ellipse to begin with.
    """
    ys, xs = np.nonzero(piece)
    if len(xs) < 30:
        return None
    if start is None:
        cx, cy = float(xs.min() + xs.max()) / 2, float(ys.min() + ys.max()) / 2
        a, b, turn = float(np.ptp(xs) + 1) / 2, float(np.ptp(ys) + 1) / 2, 0.0
        widest, reach = 1.2, inf
    else:
        cx, cy, a, b, turn = start
        widest, reach = 1.08, 1.35
    for step in range(6):
        rho, bins = _normalised(xs - cx, ys - cy, a, b, turn)
        if step == 0:  # what is so far in is not outermost later either, and what is so far out is another's
            outer = (rho > 0.5) & (rho < reach)
            xs, ys, rho, bins = xs[outer], ys[outer], rho[outer], bins[outer]
        near = (rho < widest) & (rho > 0.6)
        outermost = np.zeros(ANGLES)
        np.maximum.at(outermost, bins[near], rho[near])
        if start is not None:
            outermost[~_on_page((cx, cy, a, b, turn), page)] = 0
        seen = np.flatnonzero(outermost > 0)
        if len(seen) < ANGLES * (0.3 if start is None else 0.18):
            return None
        if step:
            off = np.abs(outermost[seen] - _median(outermost[seen]))
            seen = seen[off <= max(0.02, 2.0 * _median(off))]
            if len(seen) < ANGLES * (0.25 if start is None else 0.15):
                return None
        theta = (seen + 0.5) * 2 * np.pi / ANGLES - np.pi
        u, v = a * outermost[seen] * np.cos(theta), b * outermost[seen] * np.sin(theta)
        angle = np.radians(turn)
        points = np.column_stack(
            [cx + u * np.cos(angle) - v * np.sin(angle), cy + u * np.sin(angle) + v * np.cos(angle)]
        )
        (cx, cy), (d1, d2), turn = _fit(points, start is not None and len(seen) < 0.6 * ANGLES and b > OVAL * a)
        a, b = d1 / 2, d2 / 2
        if not (np.isfinite([cx, cy, a, b, turn]).all() and min(a, b) > 6 and max(a, b) < 2 * max(piece.shape)):
            return None
        if a < b:
            a, b, turn = b, a, turn + 90
        turn = (turn + 90) % 180 - 90
        widest = max(1.06, widest - 0.04)
    outline = judged(around, page, colour, (cx, cy, a, b, turn))
    if outline is None or outline.shape is SealShape.OVAL:
        return outline
    # What hangs on a circle draws an ellipse out more easily than a circle.
    (x, y), (d, _), _ = _fit(_nearest_circle(points), True)
    if not np.isfinite([x, y, d]).all() or not 0.9 * b < d / 2 < 1.1 * a:
        return outline
    circle = judged(around, page, colour, (x, y, d / 2, d / 2, 0.0))
    return outline if circle is None or circle.coverage < outline.coverage + BETTER else circle


def _nearest_circle(points: Floats) -> Floats:
    """The points without those that lie farther than usual from the circle through the rest."""
    for _ in range(3):
        (x, y), (d, _), _ = _fit(points, True)
        off = np.abs(np.hypot(points[:, 0] - x, points[:, 1] - y) - d / 2)
        kept = points[off <= max(1.0, 1.5 * _median(off))]
        if not np.isfinite(d) or len(kept) < 20:
            break
        points = kept
    return points


def _median(values: Floats) -> float:
    """Of at least one value; numpy's own takes five times as long for so few."""
    ordered, half = np.sort(values), len(values) // 2
    return float(ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2)


def _fit(points: Floats, as_circle: bool) -> tuple[tuple[float, float], tuple[float, float], float]:
    """Through points: an ellipse, or, where a short arc leaves its axes open, a circle."""
    if not as_circle:
        (x, y), (d1, d2), turn = cv2.fitEllipseDirect(points.astype(np.float32))
        return (float(x), float(y)), (float(d1), float(d2)), float(turn)
    middle = points.mean(axis=0)
    points = points - middle
    square = (points**2).sum(axis=1)
    (xx, xy), (_, yy) = points.T @ points
    px, py = square @ points / 2
    determinant = xx * yy - xy * xy
    if determinant <= 0:
        return (nan, nan), (nan, nan), 0.0
    x, y = (px * yy - py * xy) / determinant, (py * xx - px * xy) / determinant
    d = 2 * float(np.sqrt(square.mean() + x * x + y * y))
    return (float(x + middle[0]), float(y + middle[1])), (d, d), 0.0


def _normalised(
    dx: NDArray[np.floating], dy: NDArray[np.floating], a: float, b: float, turn: float
) -> tuple[Floats, NDArray[np.intp]]:
    """Distance from the centre in units of the ellipse's radius there, and the direction's bin."""
    angle = np.radians(turn)
    u = (dx * np.cos(angle) + dy * np.sin(angle)) / a
    v = (-dx * np.sin(angle) + dy * np.cos(angle)) / b
    bins = ((np.arctan2(v, u) + np.pi) * (ANGLES / (2 * np.pi))).astype(np.intp) % ANGLES
    return np.hypot(u, v), bins


def _on_page(shape: Ellipse, page: Page) -> NDArray[np.bool_]:
    """For each direction's bin, whether the edge lies on the page there."""
    cx, cy, a, b, turn = shape
    t, angle = (np.arange(ANGLES) + 0.5) * 2 * np.pi / ANGLES - np.pi, np.radians(turn)
    u, v = a * np.cos(t), b * np.sin(t)
    return page.holds(cx + u * np.cos(angle) - v * np.sin(angle), cy + u * np.sin(angle) + v * np.cos(angle))


def judged(piece: Mask, page: Page, colour: SealColour, shape: Ellipse) -> Outline | None:
    """The ellipse as an outline where enough of it is inked, as a line and not as an area; else None."""
    cx, cy, a, b, turn = shape
    if b < FLATTEST * a:
        return None
    there = _on_page(shape, page)
    if there.mean() < LEAST_PART:
        return None
    ys, xs = np.nonzero(piece)
    rho, bins = _normalised(xs - cx, ys - cy, a, b, turn)
    tolerance = max(0.035, 1.6 / b)
    ring = np.zeros(ANGLES, bool)
    ring[bins[np.abs(rho - 1 + tolerance / 2) < tolerance]] = True
    outside = np.zeros(ANGLES, bool)
    outside[bins[(rho > 1 + 1.5 * tolerance) & (rho < 1 + 4 * tolerance)]] = True
    coverage = float(ring[there].mean())
    # A broken ring that is small is a character's strokes; one of which little is on the page must be whole there.
    small = max(a, b) < LEAST_WORN * page.side
    if coverage < SURE and (small or there.mean() < 0.6):
        return None
    # A picture may show nothing but a seal; on a page a ring that large is what a border's ornaments leave, and around
    # a picture what its corners do. A crop may go along a seal's ring: its corners are paper.
    large, within = a > LARGEST * page.side, bool(there.mean() >= RING)
    if large and (coverage < RING or not (within or outside[there].mean() < ORNATE)):
        return None
    # A knot of touching rings passes for an oval with gaps.
    least = 0.5 if b >= OVAL * a else 0.75
    if coverage < least or coverage - 0.8 * float((outside & ring)[there].mean()) < 0.35:
        return None
    outline = Outline(
        SealShape.OVAL if b < OVAL * a else SealShape.ROUND, colour, (float(cx), float(cy)), float(a), float(b),
        float(turn), coverage,
    )  # fmt: skip
    visible = page.part(outline.polygon(72))
    if large and not within and visible < UNCUT:
        return None
    filled = _filled(rho, outline, visible)
    if filled >= FULLEST:
        return None
    return replace(outline, visible=visible, filled=filled)


def empty(ring: Outline, ink: Mask) -> bool:
    """Whether nothing stands within a ring. ink: all that there is, the faintest too, which a strong ring hides."""
    if ring.filled > EMPTIEST:
        return False
    left, top, right, bottom = (max(0, round(edge)) for edge in ring.extent)
    ys, xs = np.nonzero(ink[top : bottom + 1, left : right + 1])
    (x, y), a, b = ring.centre, ring.half_width, ring.half_height
    rho, _ = _normalised(xs + left - x, ys + top - y, a, b, ring.turn)
    return _filled(rho, ring, ring.visible) <= EMPTIEST


def _filled(rho: Floats, ring: Outline, visible: float) -> float:
    """The part of a ring's inside that is inked. rho: of each inked pixel, as `_normalised` tells it."""
    area = np.pi * ring.half_width * ring.half_height * WITHIN**2
    return float(np.count_nonzero(rho < WITHIN)) / (area * max(0.1, visible))


def circles(
    piece: Mask, ink: Mask, page: Page, colour: SealColour, smallest: float, least: float = 0.55
) -> list[Outline]:
    """Circles among touching, cut or fragmented rings: votes of the edges' gradients, each then fitted and judged.

    ink: what a circle may lie on, the piece and what it is hidden by. smallest: radius in pixels. least: coverage.
    """
    largest = LARGEST * page.side
    if np.count_nonzero(piece) < 60 or min(piece.shape) < 2:  # a hairline has no half
        return []
    shrink, rim = 0.5, 8 + round(0.25 * largest)
    image = cv2.resize(piece * 255, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    # Centres of what an edge cuts off lie beyond it.
    image = cv2.copyMakeBorder(image, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=0)
    image = cv2.GaussianBlur(image, (0, 0), 0.8)
    votes, fewest = None, VOTES[-1]
    for fewest in VOTES if np.count_nonzero(piece) > MUCH else VOTES[-1:]:
        votes = cv2.HoughCircles(
            image, cv2.HOUGH_GRADIENT, dp=1.5, minDist=max(6.0, smallest * shrink * 0.8), param1=120, param2=fewest,
            minRadius=max(8, int(smallest * shrink)), maxRadius=int(largest * shrink),
        )  # fmt: skip
        if votes is not None and votes.size >= 3 * CIRCLES:
            break
    if votes is None:
        return []
    if fewest > PATTERN:
        least = max(least, SURE)
    found: list[Outline] = []
    near = cv2.dilate(piece, np.ones((2 * WIDE_OF + 1, 2 * WIDE_OF + 1), np.uint8))
    for x, y, r in np.asarray(votes, np.float64).reshape(-1, 3)[:CIRCLES]:
        x, y, r = (x - rim) / shrink, (y - rim) / shrink, r / shrink
        if _passed(near, page, (x, y), r) < 0.6 * least:
            continue
        if any(np.hypot(x - other.centre[0], y - other.centre[1]) < r / 4 for other in found):
            continue
        outline = _near(piece, ink, page, colour, (x, y, r, r, 0.0))
        if outline is None or outline.coverage < least:
            continue
        if not any(same(outline, other) for other in found):
            found.append(outline)
    return found


def _passed(near: Mask, page: Page, centre: tuple[float, float], radius: float) -> float:
    """The part of a circle, of what lies on the page, that is on the mask; 0.0 where too little lies on the page."""
    x = (centre[0] + radius * _COS).astype(np.float32)
    y = (centre[1] + radius * _SIN).astype(np.float32)
    there = page.holds(x, y)
    if there.mean() < LEAST_PART:
        return 0.0
    return float(cv2.remap(near, x, y, cv2.INTER_NEAREST, borderValue=0).ravel()[there].mean())


def again(ink: Mask, page: Page, colour: SealColour, ring: Outline) -> Outline | None:
    """A ring that was seen elsewhere, fitted anew to this ink, or None."""
    return _near(ink, ink, page, colour, (*ring.centre, ring.half_width, ring.half_height, ring.turn))


def _near(piece: Mask, ink: Mask, page: Page, colour: SealColour, start: Ellipse) -> Outline | None:
    """The ellipse near `start`, of about its size, fitted to the piece and judged by the ink, or None."""
    x, y, a, b, turn = start
    r = max(a, b)
    x0, y0 = max(0, int(x - 1.3 * r)), max(0, int(y - 1.3 * r))
    x1, y1 = min(piece.shape[1], int(x + 1.3 * r) + 1), min(piece.shape[0], int(y + 1.3 * r) + 1)
    if x1 - x0 < 12 or y1 - y0 < 12:
        return None
    window = np.s_[y0:y1, x0:x1]
    outline = ellipse(piece[window], ink[window], page.moved(-x0, -y0), colour, (x - x0, y - y0, a, b, turn))
    if outline is None or not 0.8 * r < outline.radius < 1.25 * r:
        return None
    return outline.moved(x0, y0)


def ovals(piece: Mask, ink: Mask, page: Page, colour: SealColour, smallest: float, most: int = 3) -> list[Outline]:
    """Ellipses through three edges of the piece whose tangents meet as an ellipse's do, best supported first.

    ink: as for `circles`. smallest: semi-axis in pixels. The lots are always the same.
    """
    largest = LARGEST * page.side
    points, normals = _edges(piece)
    found: list[Outline] = []
    for _ in range(most):
        if len(points) < 60:
            break
        start = _voted(points, normals, smallest, largest)
        if start is None:
            break
        outline = _near(piece, ink, page, colour, start)
        rho, _ = _normalised(points[:, 0] - start[0], points[:, 1] - start[1], start[2], start[3], start[4])
        if outline is not None and not any(same(outline, other) for other in found):
            found.append(outline)
        left = np.abs(rho - 1) * start[3] > 3
        points, normals = points[left], normals[left]
    return found


def _edges(piece: Mask) -> tuple[Floats, Floats]:
    """Pixels of the ink's edge, x and y, and the directions into the ink."""
    soft = cv2.GaussianBlur(piece * np.float32(1), (0, 0), 1.3)
    gx, gy = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    rim = (piece > 0) & (cv2.erode(piece, np.ones((3, 3), np.uint8)) == 0)
    ys, xs = np.nonzero(rim)
    normals = np.column_stack([gx[ys, xs], gy[ys, xs]]).astype(np.float64)
    size = np.hypot(normals[:, 0], normals[:, 1])
    clear = size > 0.35
    points = np.column_stack([xs, ys]).astype(np.float64)[clear]
    return points, normals[clear] / size[clear, None]


def _voted(points: Floats, normals: Floats, smallest: float, largest: float) -> Ellipse | None:
    """The ellipse through three edges that most others lie on, with the ink on the same side."""
    lots = np.random.default_rng(len(points))
    picks = lots.integers(0, len(points), (3, TRIALS))
    # Edges of one ring lie near each other: the second and third are drawn from the first one's surroundings.
    p1, p2, p3 = (points[pick] for pick in picks)
    n1, n2, n3 = (normals[pick] for pick in picks)
    close = (np.hypot(*(p1 - p2).T) < 2.2 * largest) & (np.hypot(*(p1 - p3).T) < 2.2 * largest)
    centre = _centres((p1, p2, p3), (n1, n2, n3))
    good = close & np.isfinite(centre).all(axis=1)
    for p, n in ((p1, n1), (p2, n2), (p3, n3)):
        good &= ((np.nan_to_num(centre, posinf=0.0, neginf=0.0) - p) * n).sum(axis=1) > 0
    chosen = np.flatnonzero(good)
    if not len(chosen):
        return None
    centre = centre[chosen]
    rows = np.stack([p[chosen] - centre for p in (p1, p2, p3)], axis=1)
    system = np.stack([rows[..., 0] ** 2, 2 * rows[..., 0] * rows[..., 1], rows[..., 1] ** 2], axis=2)
    solvable = np.abs(np.linalg.det(system)) > 1e-3
    system, centre = system[solvable], centre[solvable]
    if not len(system):
        return None
    conic = np.linalg.solve(system, np.ones((len(system), 3, 1)))[..., 0]
    matrices = np.stack([conic[:, :2], conic[:, 1:]], axis=1)
    values, vectors = np.linalg.eigh(matrices)
    sane = values[:, 0] > 0
    matrices, values, vectors, centre = matrices[sane], values[sane], vectors[sane], centre[sane]
    longer, shorter = 1 / np.sqrt(values[:, 0]), 1 / np.sqrt(values[:, 1])
    fit = (longer < largest * 1.05) & (shorter > smallest * 0.8) & (shorter > 0.5 * longer)
    matrices, vectors, centre, longer, shorter = matrices[fit], vectors[fit], centre[fit], longer[fit], shorter[fit]
    if not len(matrices):
        return None
    some = lots.permutation(len(points))[:WITNESSES]
    offsets = points[some][None] - centre[:, None]
    slopes = offsets @ matrices
    rho = np.sqrt((slopes * offsets).sum(axis=2))
    aligned = -(slopes * normals[some][None]).sum(axis=2) > 0.85 * np.hypot(slopes[..., 0], slopes[..., 1])
    on = (np.abs(rho - 1) * shorter[:, None] < 2.0) & aligned
    around = np.floor((np.arctan2(offsets[..., 1], offsets[..., 0]) + np.pi) * (36 / (2 * np.pi))).astype(int) % 36
    seen = np.zeros((len(matrices), 36), bool)
    index = np.nonzero(on)
    seen[index[0], around[index]] = True
    # Print puts edges all around a small ellipse by chance, so the longer arc counts for more.
    sectors = seen.sum(axis=1)
    best = int((longer * sectors * (sectors >= SECTORS)).argmax())
    if sectors[best] < SECTORS:
        return None
    vx, vy = vectors[best, :, 0]
    turn = float((np.degrees(np.arctan2(vy, vx)) + 90) % 180 - 90)
    return float(centre[best, 0]), float(centre[best, 1]), float(longer[best]), float(shorter[best]), turn


def _centres(points: tuple[Floats, Floats, Floats], normals: tuple[Floats, Floats, Floats]) -> Floats:
    """An ellipse's centre lies on the line from where two tangents meet through the middle of their points."""
    with np.errstate(all="ignore"):  # tangents that never meet
        ways = []
        for (p, n), (q, m) in (((points[0], normals[0]), (points[1], normals[1])),
                               ((points[1], normals[1]), (points[2], normals[2]))):  # fmt: skip
            determinant = n[:, 0] * m[:, 1] - n[:, 1] * m[:, 0]
            c, d = (n * p).sum(axis=1), (m * q).sum(axis=1)
            x = (c * m[:, 1] - d * n[:, 1]) / determinant
            y = (d * n[:, 0] - c * m[:, 0]) / determinant
            middle = (p + q) / 2
            ways.append((middle, middle - np.column_stack([x, y])))
        (m1, w1), (m2, w2) = ways
        determinant = w1[:, 0] * w2[:, 1] - w1[:, 1] * w2[:, 0]
        between = m2 - m1
        t = (between[:, 0] * w2[:, 1] - between[:, 1] * w2[:, 0]) / determinant
        return np.asarray(m1 + w1 * t[:, None])
