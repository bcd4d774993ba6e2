"""Which box is ticked: ☑全国学会 □省级学会, 全国学会☑ 省级学会□, (√)全国学会 ( )省级学会, or the option written out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.forms.spec import Option
from extractors.ocr.marks import UNSURE
from extractors.values.characters import squeeze

_TICKED = "☑☒√✓✔✗✘■█●◉◆▣🗹🗸\uf0fe\uf052\uf0fc\uf0fd\uf06e\uf0a2"
_OPEN = "□☐○◯〇◻▢\uf0a8\uf06f\uf0a1\uf071"
_OCR_TICKED = "区図図团因凶囚圆V"  # what OCR reads for a ticked box
_OCR_OPEN = "口囗ロ回日"  # and for an empty one

BOX = re.compile(f"[{_TICKED}{_OPEN}{UNSURE}]|[(（]\\s*[√✓✔]?\\s*[)）]")
"""A box as text, ticked or not."""
_BRACKETED_TICK = re.compile(r"[(\[]([√✓✔xX×☑■●vV])[)\]]")
_BRACKETED_OPEN = re.compile(r"[(\[][)\]]")


def ticked(raw: str, options: Sequence[Option], *, recognised: bool = False) -> str | None:
    """The value of the one option that is chosen; "" where boxes are there and none is ticked; None where unclear.

    recognised: the text comes from OCR, which reads boxes as 口 and ticked ones as 区 or not at all; so nothing is
    ticked only where every option has its empty box.
    """
    if UNSURE in raw:
        return None
    text = _BRACKETED_OPEN.sub("□", _BRACKETED_TICK.sub("☑", squeeze(raw)))
    tokens = _tokens(text, options, recognised=recognised)
    named = [token for token in tokens if token not in (True, False)]
    marks = [token for token in tokens if token in (True, False)]
    if not marks:
        meant = {str(token) for token in named} or _begun(text, options)
        return meant.pop() if len(meant) == 1 else None
    chosen = _pair(tokens, recognised=recognised)
    if len(chosen) == 1:
        return chosen.pop()
    if chosen or True in marks or (recognised and len(marks) < max(len(named), len(options))):
        return None
    return ""


def _begun(text: str, options: Sequence[Option]) -> set[str]:
    """The options whose labels begin with the text: 省级, of 省级学会."""
    named = (option.value for option in options if any(squeeze(label).startswith(text) for label in option.labels))
    return set(named) if len(text) > 1 else set()


def _tokens(text: str, options: Sequence[Option], *, recognised: bool) -> list[str | bool]:
    """Marks (True ticked, False open) and options in the order they stand."""
    names = sorted(((label, option.value) for option in options for label in option.labels), key=lambda n: -len(n[0]))
    on, off = (_TICKED + _OCR_TICKED, _OPEN + _OCR_OPEN) if recognised else (_TICKED, _OPEN)
    tokens: list[str | bool] = []
    position = 0
    while position < len(text):
        name = next(((label, value) for label, value in names if text.startswith(label, position)), None)
        if name is not None:
            tokens.append(name[1])
            position += len(name[0])
            continue
        if text[position] in on:
            if not (tokens and tokens[-1] is False and text[position] in "√✓✔Vv"):
                tokens.append(True)
            else:
                tokens[-1] = True  # □√: a tick written into or behind the box
        elif text[position] in off:
            if tokens and tokens[-1] is True and text[position - 1] in "√✓✔":
                pass  # √□
            else:
                tokens.append(False)
        position += 1
    return tokens


def _pair(tokens: Sequence[str | bool], *, recognised: bool) -> set[str]:
    """The options with a ticked box. Boxes stand before their options if the first token is a box, else behind."""
    # 全国学会 ●省级学会: the first box was lost, for behind its option each would have one
    before = tokens[0] in (True, False) or (recognised and tokens[-1] not in (True, False))
    chosen = set()
    for index, token in enumerate(tokens):
        if token is not True:
            continue
        neighbour = index + 1 if before else index - 1
        if 0 <= neighbour < len(tokens) and isinstance(tokens[neighbour], str):
            chosen.add(str(tokens[neighbour]))
    return chosen
