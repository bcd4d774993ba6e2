"""Whether a progressive JPEG is whole: each of its scans refines the picture, and decoders take what there is.

ITU-T T.81, B.2 and G.1: a frame (SOF2) names its components; each scan (SOS) tells which of them, which coefficients
(Ss to Se) and down to which bit (Al) it brings. The picture is whole when every coefficient of every component has come
down to bit 0. What is missing at the end of the last scan itself is one bit of depth, which no reader notices.
"""

from __future__ import annotations

import re

_SOF2, _SOS, _EOI = 0xC2, 0xDA, 0xD9
_OTHER_FRAMES = {0xC0, 0xC1, 0xC3, *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)}
_MARKER = re.compile(rb"\xff([\x02-\xcf\xd9-\xfe])")  # not those within entropy-coded data, nor those without a length
_MOST = 2000  # markers; no encoder writes so many
_COEFFICIENTS = 64


def lacks_scans(data: bytes) -> bool:
    """Whether scans of a progressive JPEG are missing; False for any other picture."""
    wanting: dict[int, set[int]] = {}  # of each component, the coefficients that are not there down to bit 0
    at = 2
    for _ in range(_MOST):
        found = _MARKER.search(data, at)
        if found is None:
            break
        kind, at = found[1][0], found.end()
        if kind == _EOI:
            break
        if kind in _OTHER_FRAMES:
            return False
        length = int.from_bytes(data[at : at + 2], "big")
        segment = data[at + 2 : at + length]
        if kind == _SOF2 and len(segment) >= 6:
            wanting = {component: set(range(_COEFFICIENTS)) for component in segment[6 : 6 + 3 * segment[5] : 3]}
        elif kind == _SOS and len(segment) >= 4:
            first, last, bits = segment[-3:]
            for component in segment[1 : 1 + 2 * segment[0] : 2] if bits & 15 == 0 else b"":
                wanting.get(component, set()).difference_update(range(first, last + 1))
        at += max(2, length)
    return any(wanting.values())
