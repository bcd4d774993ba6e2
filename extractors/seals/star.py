"""The five-pointed star in the middle of a seal: whether there is one, and how it is turned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from extractors.seals.unroll import Impression, sampled


@dataclass(frozen=True, slots=True)
class Star:
    """A five-pointed star in the middle. phase: how it is turned, degrees clockwise modulo 72. sure: 0 to 1."""

    phase: float
    sure: float


def star_of(impression: Impression) -> Star:
    """The star in the middle, by the first signal.

    The fifth harmonic of the ink around the centre: a star has one, text has not.
    """
    outline = impression.outline
    t = np.linspace(0, 2 * np.pi, 360, endpoint=False).astype(np.float32)
    rho = np.linspace(0.12, 0.38, 24, dtype=np.float32)[:, None]
    turn = np.radians(outline.turn)
    u = rho * outline.half_width * np.cos(t - turn)[None].astype(np.float32)
    v = rho * outline.half_height * np.sin(t - turn)[None].astype(np.float32)
    profile = sampled(impression, impression.signals[0], u, v).mean(axis=0)
    spectrum = np.abs(np.fft.rfft(profile - profile.mean()))
    power = float((spectrum[1:16] ** 2).sum())
    if power <= 0:
        return Star(0.0, 0.0)
    fifth = np.fft.rfft(profile)[5]
    # Maxima of cos(5t + phase) lie at t = -phase / 5; a star that stands upright has one at -90°.
    at = float(np.degrees(-np.angle(fifth) / 5))
    return Star((at + 90) % 72, float((spectrum[5] ** 2 + spectrum[10] ** 2) / power))
