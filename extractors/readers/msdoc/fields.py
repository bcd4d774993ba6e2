"""Fields (2.8.25): an instruction and its result, both in the text.

    0x13 instruction 0x14 result 0x15

What people see is the result. A few fields have none and show a part of their instruction instead: MACROBUTTON its
prompt, EQ its arguments, SYMBOL a character. Fields nest, and run over paragraphs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.readers import symbols

BEGIN, SEPARATOR, END = "\x13", "\x14", "\x15"
_MARK = re.compile("[\x13\x14\x15]")


@dataclass(frozen=True, slots=True)
class Field:
    """Positions of the three marks; separator is None where there is no result."""

    begin: int
    separator: int | None
    end: int


def find(characters: str, start: int, end: int) -> list[Field]:
    """The complete fields of a range in order of their beginning. Marks without their partner are left out."""
    found: list[Field] = []
    open_: list[tuple[int, int | None]] = []
    for mark in _MARK.finditer(characters, start, end):
        at, kind = mark.start(), mark.group()
        if kind == BEGIN:
            open_.append((at, None))
        elif open_ and kind == SEPARATOR:
            if open_[-1][1] is None:
                open_[-1] = (open_[-1][0], at)
        elif open_:
            begin, separator = open_.pop()
            found.append(Field(begin, separator, at))
    found.sort(key=lambda field: field.begin)
    return found


def instruction(characters: str, field: Field) -> str:
    """The instruction with what fields within it show in their place, without control characters."""
    stop = field.end if field.separator is None else field.separator
    return _shown(characters[field.begin + 1 : stop])


def _shown(text: str) -> str:
    """Text with the results of inner fields in place of the fields; one pass, whatever the depth."""
    out: list[str] = []
    levels: list[int] = []  # for each open inner field, how long `out` was when it began
    for part in re.split("([\x13\x14\x15])", text):
        if part == BEGIN:
            levels.append(len(out))
        elif part == SEPARATOR:
            if levels:
                del out[levels[-1] :]
        elif part == END:
            if levels:
                levels.pop()
        else:
            out.append(_CONTROL.sub("", part))
    return "".join(out)


_CONTROL = re.compile("[\x00-\x08\x0b-\x0d\x0e-\x1f]")
_WORD = re.compile(r"\s*(\w+)\s?")


def display(instruction: str) -> str:
    """What a field without a result shows; "" for the many that show nothing."""
    word = _WORD.match(instruction)
    if word is None:
        return ""
    name, rest = word.group(1).upper(), instruction[word.end() :]
    if name in ("MACROBUTTON", "GOTOBUTTON"):
        return rest.strip().partition(" ")[2].strip()
    if name == "EQ":
        return equation(rest)
    if name == "SYMBOL":
        return _symbol(rest)
    if name == "QUOTE":
        return rest.strip().strip('"')
    return ""


def _symbol(rest: str) -> str:
    r"""SYMBOL 252 \f "Wingdings": a character by number, in a font."""
    number = re.match(r"\s*(0[xX][0-9a-fA-F]{1,6}|\d{1,7})", rest)
    if number is None:
        return ""
    font = re.search(r'\\f\s*"?([^"\\]+)', rest)
    code = int(number.group(1), 0) if number.group(1)[:2] in ("0x", "0X") else int(number.group(1))
    return symbols.glyph(font.group(1).strip() if font else "", code) if code < 0x10000 else ""


_RING = {"○": 0x2460, "〇": 0x2460, "О": 0x2460, "O": 0x2460}
_SWITCH = re.compile(r'\\\*\s*(?:"[^"]*"|\w+)')


def equation(text: str) -> str:
    r"""The argument texts of an EQ field.

    \o(○,1) draws its arguments over each other: a number in a ring becomes ①. \o\ad(\s\up 9(pīn),拼) is phonetic text:
    the base and then the phonetic in brackets. \f(1,2) is a fraction: 1/2. Of other functions the arguments stand
    side by side, separated by a comma in a list.
    """
    return _Equation(_SWITCH.sub("", text)).read().strip()


class _Equation:
    """Reads nested calls of EQ functions in one pass. Depth is bounded: deeper text is kept as written."""

    _DEPTH = 16

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def read(self, depth: int = 0) -> str:
        out: list[str] = []
        while self._at < len(self._text):
            character = self._text[self._at]
            if depth and character in ",;)":
                break
            if character == "\\" and self._text[self._at + 1 : self._at + 2].isalpha():
                out.append(self._call(depth))
            else:
                if character == "\\":  # \, \( \) \\ stand for the character itself
                    self._at += 1
                out.append(self._text[self._at : self._at + 1])
                self._at += 1
        return "".join(out)

    def _call(self, depth: int) -> str:
        r"""\name, options such as \ac or \up 9, then (arguments)."""
        head = re.compile(r"(?:\\[a-zA-Z]+\s*\d*\s*)+").match(self._text, self._at)
        if head is None:  # pragma: no cover - the caller has seen a backslash and a letter
            self._at += 1
            return ""
        self._at = head.end()
        if self._text[self._at : self._at + 1] != "(" or depth >= self._DEPTH:
            return ""
        arguments: list[str] = []
        while self._text[self._at : self._at + 1] in ("(", ",", ";"):
            self._at += 1
            arguments.append(self.read(depth + 1))
        self._at += 1
        name = head.group()[1:2].lower()
        return _combined(name, head.group().lower(), [argument.strip() for argument in arguments])


def _combined(name: str, head: str, arguments: list[str]) -> str:
    """What a function's arguments come to, as plain text."""
    if name == "o" and len(arguments) == 2:
        base, top = arguments
        if base in _RING and top.isdigit() and 1 <= int(top) <= 20:
            return chr(_RING[base] + int(top) - 1)
        if "\\ad" in head or "\\al" in head or "\\ac" in head:
            return f"{top}({base})" if base and top else base + top
    if name == "f" and len(arguments) == 2:
        return "/".join(arguments)
    if name == "r":
        return "√" + arguments[-1]
    if name == "x" or name == "b":
        return "".join(arguments)
    return ",".join(argument for argument in arguments if argument)
