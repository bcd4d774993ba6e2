"""The template's own instructions (填写说明), left in the form: numbered sentences that name labels, not values."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.document import Block, Line
from extractors.values.characters import squeeze

_TITLE = re.compile(r"^(?:填写|填报|填表|编写|申报)(?:说明|须知|要求|注意事项)[:：]?$")
_STYLES = (
    re.compile(r"^\s*\d{1,2}\s*[.、．]"),
    re.compile(r"^\s*[(（]\d{1,2}[)）]"),
    re.compile(r"^\s*[一二三四五六七八九十]{1,3}\s*[、.．]"),
    re.compile(r"^\s*[(（][一二三四五六七八九十]{1,3}[)）]"),
)
_MOST = 60
_LONGEST_TITLE = 40  # characters, blanks between them included


def is_instructive(line: str) -> bool:
    """Whether a line is the title of instructions."""
    return len(line) <= _LONGEST_TITLE and _TITLE.match(squeeze(line)) is not None


def without_instructions(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks but for numbered instructions below their title.

    They end with the first table, the first line that is numbered in another way, or an unnumbered line with a colon.
    """
    kept: list[Block] = []
    style: re.Pattern[str] | None = None
    since = -1  # lines since the title; -1 outside instructions
    for block in blocks:
        if not isinstance(block, Line):
            since = -1
        elif is_instructive(block.text):
            since, style = 0, None
        elif since >= 0:
            since += 1
            own = next((known for known in _STYLES if known.match(block.text)), None)
            style = style or own
            if since > _MOST or ((own is not style) and (own is not None or re.search("[:：\t]", block.text))):
                since = -1
            elif style is not None:
                continue
        kept.append(block)
    return tuple(kept)
