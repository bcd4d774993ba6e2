"""What happens to a strip each time anew, so that no strip is learnt by heart."""

from __future__ import annotations

from random import Random

import numpy as np
from numpy.typing import NDArray

_SHIFT = 3  # rows up or down


def wear(strip: NDArray[np.float32], lot: Random) -> None:
    """Change a strip in place, 48 × width, -1 is ink: paler, darker, noisy or worn at a spot, or not; up or down."""
    way = lot.random()
    if way < 0.25:
        strip[:] = np.clip(strip * lot.uniform(0.6, 1.2) + lot.uniform(-0.15, 0.15), -1, 1)
    elif way < 0.4:
        dice = np.random.default_rng(lot.getrandbits(50))
        strip[:] = np.clip(strip + dice.normal(0, lot.uniform(0.02, 0.12), strip.shape), -1, 1)
    elif way < 0.5:
        wide, high = lot.randint(6, 26), lot.randint(8, 30)
        left, top = lot.randrange(max(1, strip.shape[1] - wide)), lot.randrange(strip.shape[0] - high)
        spot = strip[top : top + high, left : left + wide]
        spot[:] = 0.3 * spot + 0.7 * lot.uniform(0.7, 1) * strip.max()
    if lot.random() < 0.3:
        rows = np.clip(np.arange(strip.shape[0]) - lot.randint(-_SHIFT, _SHIFT), 0, strip.shape[0] - 1)
        strip[:] = strip[rows]
