"""How strong an impression is, on rings pressed harder on one side."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from extractors.document import SealColour, SealShape
from extractors.seals.outline import Outline
from extractors.seals.strength import strength

SIDE, HIGH = 400, 300
ORIGIN = (30, 50)


def oval(turn: float) -> Outline:
    centre = (ORIGIN[0] + SIDE / 2, ORIGIN[1] + SIDE / 2)
    return Outline(SealShape.OVAL, SealColour.RED, centre, SIDE / 2 - 40, HIGH / 2 - 20, turn, 1.0)


def pressed(turn: float, off: float = 0.0) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The line of an oval, and how strong it is everywhere: a quarter on the left. off: pixels beside the outline."""
    line = np.zeros((SIDE, SIDE), np.uint8)
    axes = (round(SIDE / 2 - 48 + off), round(HIGH / 2 - 28 + off))
    cv2.ellipse(line, (SIDE // 2, SIDE // 2), axes, turn, 0, 360, 255, 14, cv2.LINE_AA)
    wet = np.repeat(np.linspace(-1.4, 0, SIDE, dtype=np.float32)[None], SIDE, axis=0)
    return line / np.float32(255) * np.exp(wet), np.exp(wet)


def off(signal: NDArray[np.float32], wet: NDArray[np.float32], turn: float) -> float:
    """By what part the strength is wrong at most, where characters may stand."""
    told = strength(signal, oval(turn), ORIGIN)
    assert told is not None
    inside = np.zeros(signal.shape, np.uint8)
    axes = (round(0.85 * (SIDE / 2 - 40)), round(0.85 * (HIGH / 2 - 20)))
    cv2.ellipse(inside, (SIDE // 2, SIDE // 2), axes, turn, 0, 360, 1, -1)
    return float(np.abs(told / wet - 1)[inside > 0].max())


@pytest.mark.parametrize("turn", [0.0, 35.0, -80.0])
@pytest.mark.parametrize("beside", [0.0, 5.0])
def test_the_line_tells_how_strong_what_is_within_it_is(turn: float, beside: float) -> None:
    assert off(*pressed(turn, beside), turn) < 0.15


def test_print_across_the_line_is_not_its_strength() -> None:
    signal, wet = pressed(0.0)
    for row in range(20, SIDE, 90):
        for character in range(10, SIDE, 24):
            signal[row : row + 14, character : character + 14] = 1.0
    assert off(signal, wet, 0.0) < 0.3


def test_where_a_part_of_the_line_is_missing_it_is_as_strong_as_elsewhere() -> None:
    signal, wet = pressed(0.0)
    signal[:130, 150:250] = 0
    assert off(signal, wet, 0.0) < 0.3


@pytest.mark.parametrize("kept", [0.0, 0.3])
def test_without_a_line_nothing_is_told(kept: float) -> None:
    signal, _ = pressed(0.0)
    signal[:, round(kept * SIDE) :] = 0
    assert strength(signal, oval(0.0), ORIGIN) is None
