"""The prose of an application: drawn sentence by sentence from prose.yaml, so that no two read alike."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import yaml

from clients.simulator.plan import Prose

_CHOICE = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Subject:
    """What the prose is about. ally, backer: "" where no provincial, no national society is named."""

    society: str
    county: str
    items: tuple[str, ...]
    ally: str = ""
    backer: str = ""


@cache
def _sentences() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(
        files("clients.simulator").joinpath("prose.yaml").read_text(encoding="utf-8")
    )
    return loaded


def invent_prose(rng: Random, subject: Subject) -> Prose:
    """All sections of one application."""
    pools = _sentences()
    content = _several(rng, pools["content"], rng.randint(3, 4), subject)
    if subject.ally:
        content.append(_filled(rng, rng.choice(pools["ally"]), subject))
    if subject.backer:
        content.append(_filled(rng, rng.choice(pools["backer"]), subject))
    return Prose(
        rationale=("".join(_several(rng, pools["rationale"], rng.randint(3, 4), subject)),),
        content=_paragraphs(rng, content),
        team=("".join(_several(rng, pools["team"], rng.randint(2, 3), subject)),),
        schedule=tuple(_filled(rng, sentence, subject) for sentence in pools["schedule"]),
        outcome=("".join(_several(rng, pools["outcome"], 2, subject)),),
    )


def laboratory(rng: Random, subject: Subject) -> Prose:
    """Prose of a research project: no volunteers, no villages."""
    sections = {
        name: tuple(_several(rng, pool, max(1, len(pool) - 1), subject))
        for name, pool in _sentences()["laboratory"].items()
    }
    return Prose(**sections)


def renamed(prose: Prose, names: dict[str, str]) -> Prose:
    """The same text about others: each name replaced by another."""

    def changed(text: str) -> str:
        for old, new in names.items():
            text = text.replace(old, new)
        return text

    sections = {each.name: tuple(map(changed, getattr(prose, each.name))) for each in fields(prose)}
    return Prose(**sections)


def leftover(rng: Random) -> str:
    """A sentence that should have been replaced or deleted."""
    sentence: str = rng.choice(_sentences()["leftovers"])
    return sentence


def _several(rng: Random, pool: list[str], count: int, subject: Subject) -> list[str]:
    return [_filled(rng, sentence, subject) for sentence in rng.sample(pool, count)]


def _paragraphs(rng: Random, sentences: list[str]) -> tuple[str, ...]:
    """As one paragraph, or as numbered ones."""
    if rng.random() < 0.4:
        return ("".join(sentences),)
    style = rng.choice(("（{}）{}", "{}．{}", "{}、{}"))
    numbers = "123456" if "．" in style else "一二三四五六"
    return tuple(style.format(number, sentence) for number, sentence in zip(numbers, sentences, strict=False))


def _filled(rng: Random, sentence: str, subject: Subject) -> str:
    chosen = _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), sentence)
    return chosen.format(
        society=subject.society,
        county=subject.county,
        items="、".join(subject.items),
        ally=subject.ally,
        backer=subject.backer,
        n=rng.randint(8, 60),
        m=rng.randint(3, 16),
        k=rng.randint(4, 60),
        v=rng.randint(3, 25),
    )
