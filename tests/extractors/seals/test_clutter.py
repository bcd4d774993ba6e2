"""What is certainly no seal: characters of a row that touch each other are print, a ring's arc is not."""

from __future__ import annotations

import cv2
import numpy as np

from extractors.seals.clutter import without_print

SMALLEST = 43.0  # pixels of the smallest seal at 100 dpi


def test_characters_that_touch_are_print_and_an_arc_is_not() -> None:
    ink = np.zeros((160, 400), np.uint8)
    cv2.ellipse(ink, (200, 150), (120, 140), 0, 240, 300, 1, 4)
    arc = ink.copy()
    for x in range(20, 140, 20):  # 目 in a row
        cv2.rectangle(ink, (x, 120), (x + 20, 138), 1, 2)
        cv2.line(ink, (x, 129), (x + 20, 129), 1, 2)
    assert (without_print(ink, SMALLEST) == arc).all()
