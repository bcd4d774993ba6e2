"""Strips: text as the recogniser wants it, dark on white, blanks between widely set characters shortened."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.ocr.engine import Raster
from extractors.seals.bands import Arc, Band
from extractors.seals.unroll import COLUMNS, FAINT, INSIDE, OUTSIDE, ROWS, Floats

STRIP = 48  # pixels: height of a strip as the recogniser wants it
_RIM = 10  # pixels of paper before and behind a strip's text


def as_strips(
    rings: Sequence[Floats],
    band: Band,
    arc: Arc,
    mean_radius: float,
    *,
    stretch: float = 1.0,
    squeeze: bool = True,
) -> tuple[Raster, ...]:
    """The arc of each signal's ring as a horizontal strip: dark text on white, STRIP high, all cut alike.

    mean_radius: distance of the band's middle from the centre in units of the shorter semi-axis; it gives the natural
    width. squeeze: shorten blanks between widely set characters, which the recogniser would read as ends.
    """
    flats = [_flat(ring, band, arc, mean_radius, stretch) for ring in rings]
    stay = kept(np.maximum.reduce(flats)) if squeeze else np.ones(flats[0].shape[1], bool)
    padded = (np.pad(flat[:, stay], ((0, 0), (_RIM, _RIM))) for flat in flats)
    return tuple(np.asarray(255 * (1 - np.clip(flat, 0, 1)), np.uint8) for flat in padded)


def column_at(
    rings: Sequence[Floats], band: Band, arc: Arc, mean_radius: float, place: float, *, stretch: float = 1.0
) -> float:
    """The ring's column at a place of the `strips`, 0 to 1 of their width; it may be beyond COLUMNS."""
    flats = [_flat(ring, band, arc, mean_radius, stretch) for ring in rings]
    stay = np.flatnonzero(kept(np.maximum.reduce(flats)))
    at = int(np.clip(place * (len(stay) + 2 * _RIM) - _RIM, 0, len(stay) - 1))
    return float(arc.start + stay[at] * arc.length / flats[0].shape[1])


def _flat(ring: Floats, band: Band, arc: Arc, mean_radius: float, stretch: float) -> Floats:
    """The arc STRIP high, at its natural width times `stretch`."""
    columns = np.arange(arc.start, arc.start + arc.length) % COLUMNS
    picture = ring[band.top : band.bottom, columns]
    pad = max(1, picture.shape[0] // 12)
    picture = np.pad(picture, ((pad, pad), (0, 0)))
    row_length = (INSIDE + OUTSIDE) / (ROWS - 1)
    width = arc.length * (2 * np.pi * mean_radius / COLUMNS) / row_length * stretch
    width = max(STRIP, round(width * STRIP / picture.shape[0]))
    return np.asarray(
        cv2.resize(
            picture, (min(width, 2000), STRIP), interpolation=cv2.INTER_AREA if width < arc.length else cv2.INTER_CUBIC
        ),
        np.float32,
    )


def squeezed(flat: Floats) -> Floats:
    """With every blank run shortened to a third of the height."""
    return flat[:, kept(flat)]


def kept(flat: Floats) -> NDArray[np.bool_]:
    """Which columns stay when blank runs are shortened."""
    inked = np.asarray((flat > FAINT).any(axis=0))
    keep = np.ones(flat.shape[1], bool)
    longest = STRIP // 3
    run = 0
    for column, ink in enumerate(inked.tolist()):
        run = 0 if ink else run + 1
        keep[column] = run <= longest
    return keep
