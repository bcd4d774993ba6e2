"""The national societies (全国学会) that are known by name: data/national-societies.yaml, which a person edits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import yaml

from extractors.values.alike import distance
from extractors.values.organisations import normal_form


@dataclass(frozen=True, slots=True)
class Society:
    """A national society. name: the present one. also: other names in use. formerly: names that it had."""

    name: str
    also: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()


@cache
def national_societies() -> tuple[Society, ...]:
    """Those of the file, in its order."""
    text = files("extractors.values").joinpath("data/national-societies.yaml").read_text("utf-8")
    entries = yaml.safe_load(text)["societies"]
    return tuple(
        Society(entry) if isinstance(entry, str) else Society(entry["name"], *(tuple(entry.get(k, ())) for k in _OTHER))
        for entry in entries
    )


_OTHER = ("also", "formerly")


@cache
def _by_name() -> dict[str, Society]:
    return {
        normal_form(name): society
        for society in national_societies()
        for name in (society.name, *society.also, *society.formerly)
    }


@lru_cache(maxsize=2048)
def national_society(name: str) -> Society | None:
    """The society that bears or bore this name; None where none of the file does."""
    return _by_name().get(normal_form(name))


def nearest_society(name: str) -> str:
    """The one society's name that is a single slip away; "" where none is, or several are."""
    text = normal_form(name)
    near = {
        society.name
        for known, society in _by_name().items()
        if abs(len(known) - len(text)) < 2 and distance(text, known) <= 1
    }
    return near.pop() if len(near) == 1 else ""
