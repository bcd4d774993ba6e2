"""Repeatable chance: each part of a make-believe call draws from a stream of its own, named by seed and purpose."""

from __future__ import annotations

from random import Random


def stream(*name: object) -> Random:
    """The stream with this name. The same name gives the same numbers on every machine."""
    return Random("/".join(str(part) for part in name))  # noqa: S311 - nothing here is secret
