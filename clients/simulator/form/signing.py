"""Signs, dates and seals a printed form: a pen's strokes and stamps on the sheets, where the flow was marked."""

from __future__ import annotations

from random import Random

from clients.simulator import pen
from clients.simulator.page import HEIGHT_MM, WIDTH_MM, Sheet, Stamp
from clients.simulator.plan import FormFacts, SealName, Slot
from clients.simulator.seal import engraved
from clients.simulator.typeset import Printed, Spot


def sign(rng: Random, printed: Printed, facts: FormFacts) -> None:
    """Fill every slot that the form has, as planned."""
    for slot in facts.slots:
        spots = {
            what: spot
            for mark, spot in printed.spots.items()
            for what in mark.partition("/")[2].split("+")
            if mark.partition("/")[0] == slot.id
        }
        _sign_slot(rng, printed.sheets, spots, slot)


def _sign_slot(rng: Random, sheets: list[Sheet], spots: dict[str, Spot], slot: Slot) -> None:
    ink = rng.choice(pen.INKS)
    if "sign" in spots and slot.signer:
        spot = spots["sign"]
        x = spot.after("：") + 1
        sheets[spot.page].strokes += pen.sign(rng, x, spot.y, len(slot.signer), ink)
    if "date" in spots and slot.dated is not None and spots["date"].text.startswith("　"):
        spot = spots["date"]
        numbers = (slot.dated.year, slot.dated.month, slot.dated.day)
        for value, unit in zip(numbers, "年月日", strict=True):
            middle = spot.after(unit) - spot.size * (2.1 if unit == "年" else 2)
            height = spot.size * rng.uniform(0.95, 1.15)
            sheets[spot.page].strokes += pen.number(rng, value, middle, spot.y, height, ink)
    if "seal" in spots and slot.seal is not None:
        _seal(rng, sheets, spots["seal"], slot.seal)


def _seal(rng: Random, sheets: list[Sheet], spot: Spot, seal: SealName) -> None:
    """Over the words that ask for it, mostly a little low, so that the date is covered too."""
    facts = engraved(seal)
    radius = facts.diameter_mm / 2
    hint = next((hint for hint in ("（公章）", "（盖章）", "（单位公章）") if hint in spot.text), "")
    middle = spot.after(hint) - spot.size * 2 if hint else (spot.x + spot.after("")) / 2
    x = min(max(middle + rng.uniform(-6, 4), radius + 2), WIDTH_MM - radius - 2)
    y = min(max(spot.y + rng.uniform(-5, 4), radius + 2), HEIGHT_MM - radius - 2)
    sheets[spot.page].stamps.append(Stamp(facts, x, y, seal.impression))
