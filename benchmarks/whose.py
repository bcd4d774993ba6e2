"""Whose seal is it: right decisions, false accepts and doubts over a list of names that are much alike.

    python -m benchmarks.whose [--names 3000] [--seed 2]

The list: county associations of the gazetteer, national and provincial societies, and near names made of them (one
character else, 学会 for 协会). Each name is read once with slips: look-alikes by a model of its own (glyphs of Noto
Serif under a wide blur; the product's list is of Noto Sans), any other character, one too many, one lost, an end of the
arc lost. Every reading is held against every name as the expected one, with the whole list known:

    right         of the decisions that were made on the name's own reading and on a neighbour's, how many are right
    unsure        of the readings against their own name, how many a reviewer gets
    false accepts of all pairs of a reading and another organisation's name, how many match

Two profiles: "drawn" reads about as many names exactly as issue 5 asks of drawn seals, "paper" as it asks of real ones.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass
from itertools import product

import click
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from clients.simulator.fonts import SONG, load
from extractors.values.places import counties_in_use, provinces
from extractors.values.societies import national_societies
from services.validation.whose import Known, Whose, fits, whose

PROVINCES = [name for name in provinces() if not name.startswith(("香港", "澳门", "台湾"))]
SIZE = 40


@dataclass(frozen=True, slots=True)
class Profile:
    """How readings err. wrong: the share of characters. ends: the share of readings whose arc lost an end."""

    name: str
    wrong: float
    ends: float


PROFILES = (Profile("drawn", 0.004, 0.01), Profile("paper", 0.013, 0.03))
KINDS = (("look-alike", 0.7), ("other", 0.1), ("lost", 0.12), ("inserted", 0.08))


def names(count: int, chance: random.Random) -> list[str]:
    """So many different names: six tenths county associations, the societies, and near names of them."""
    counties = sorted({f"{name}科学技术协会" for name in counties_in_use()})
    chance.shuffle(counties)
    national = [society.name for society in national_societies()]
    subjects = [name.removeprefix("中国") for name in national if name.startswith("中国")]
    provincial = sorted({province + subject for province, subject in product(PROVINCES, subjects)})
    chance.shuffle(provincial)
    found = dict.fromkeys([*counties[: count * 6 // 10], *national])
    for name in provincial:
        if len(found) >= count * 9 // 10:
            break
        found[name] = None
    common = sorted(set("".join(counties)) | set("".join(subjects)))
    base = list(found)
    while len(found) < count:
        found[_near(chance.choice(base), common, chance)] = None
    return list(found)


def _near(name: str, common: list[str], chance: random.Random) -> str:
    """A sister's name: 协会 for 学会, or one character of its subject or place another."""
    if name.endswith("学会") and chance.random() < 0.5:
        return name.removesuffix("学会") + "协会"
    at = chance.randrange(2, max(3, len(name) - 2)) if name[:2] in ("中国", "中华") else chance.randrange(0, 2)
    return name[:at] + chance.choice(common) + name[at + 1 :]


class Slips:
    """Which characters a blurred print of Noto Serif makes look alike: each character's four nearest."""

    def __init__(self, characters: list[str]) -> None:
        self._characters = characters
        pictures = np.stack([_picture(character) for character in characters])
        likeness = pictures @ pictures.T
        np.fill_diagonal(likeness, -1.0)
        self._nearest = np.argsort(-likeness, axis=1)[:, :4]
        self._index = {character: index for index, character in enumerate(characters)}

    def read(self, name: str, profile: Profile, chance: random.Random) -> str:
        """The name as a reader might give it."""
        read = ""
        for character in name:
            kind = _drawn(chance) if chance.random() < profile.wrong else ""
            if kind == "look-alike":
                near = self._nearest[self._index[character]]
                read += self._characters[chance.choices(near, weights=(8, 4, 2, 1))[0]]
            elif kind == "other":
                read += chance.choice(self._characters)
            elif kind == "inserted":
                read += character + chance.choice(self._characters)
            elif kind != "lost":
                read += character
        if chance.random() < profile.ends:
            lost = chance.choice((1, 1, 1, 2, 3))
            read = read[lost:] if chance.random() < 0.5 else read[:-lost]
        return read


def _drawn(chance: random.Random) -> str:
    return chance.choices([kind for kind, _ in KINDS], weights=[weight for _, weight in KINDS])[0]


def _picture(character: str) -> NDArray[np.float32]:
    image = Image.new("L", (SIZE + 8, SIZE + 8), 0)
    ImageDraw.Draw(image).text((4, 0), character, 255, font=load(SONG, SIZE))
    fine, wide = (np.asarray(image.filter(ImageFilter.GaussianBlur(blur)), np.float32) for blur in (2.2, 6.0))
    picture = (fine - wide).ravel()
    picture -= picture.mean()
    return np.asarray(picture / max(float(np.linalg.norm(picture)), 1e-6), np.float32)


@click.command()
@click.option("--names", "count", default=3000, show_default=True)
@click.option("--seed", default=2, show_default=True)
@click.option("--show", default=0, help="How many doubts and wrong decisions to print.")
def main(count: int, seed: int, show: int) -> None:
    chance = random.Random(seed)
    every = names(count, chance)
    known = Known(every)
    slips = Slips(sorted(set("".join(every))))
    print(f"{len(every)} names, seed {seed}")
    print(f"{'profile':8} {'exact':>6} {'right':>7} {'unsure':>7} {'false accepts of all wrong pairs':>34} {'s':>5}")
    figures: dict[str, object] = {"names": len(every), "seed": seed}
    for profile in PROFILES:
        began = time.process_time()
        readings = [slips.read(name, profile, chance) for name in every]
        counted = _measure(every, readings, known, show)
        exact, unsure = counted["exact"] / len(every), counted["unsure"] / len(every)
        right = counted["right"] / (counted["right"] + counted["wrong"])
        pairs = len(every) * (len(every) - 1)
        print(
            f"{profile.name:8} {exact:6.3f} {right:7.4f} {unsure:7.4f} "
            f"{counted['accepted']:10} of {pairs} ({counted['accepted'] / pairs:.6%}) "
            f"{time.process_time() - began:5.0f}"
        )
        figures[profile.name] = {
            "exact": round(exact, 4),
            "right": round(right, 4),
            "unsure": round(unsure, 4),
            "false_accepts": counted["accepted"],
            "wrong_pairs": pairs,
        }
    print(json.dumps(figures))


def _measure(every: list[str], readings: list[str], known: Known, show: int) -> Counter[str]:
    counted: Counter[str] = Counter()
    for index, (name, read) in enumerate(zip(every, readings, strict=True)):
        own = whose(read, (name,), known)
        counted["exact"] += read == name
        counted["unsure"] += own.whose is Whose.UNSURE
        counted["right"] += own.whose is Whose.MATCHES
        counted["wrong"] += own.whose is Whose.OTHER
        if own.whose is not Whose.MATCHES and counted["unsure"] + counted["wrong"] <= show:
            print(f"  {name} read {read}: {own}", file=sys.stderr)
        neighbour = every[(index + 1) % len(every)]
        away = whose(read, (neighbour,), known)
        counted["right"] += away.whose is Whose.OTHER and away.name in ("", name)
        counted["wrong"] += away.whose is Whose.MATCHES or (away.whose is Whose.OTHER and away.name not in ("", name))
        # `whose` matches nothing that does not fit, so only what fits is asked in full
        for other in every:
            if other != name and fits(read, other) and whose(read, (other,), known).whose is Whose.MATCHES:
                counted["accepted"] += 1
                if counted["accepted"] <= show:
                    print(f"  accepted: {name} read {read} as {other}", file=sys.stderr)
    return counted


if __name__ == "__main__":
    main()
