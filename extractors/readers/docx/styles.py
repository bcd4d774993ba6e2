"""Styles: what a paragraph or a run takes from its style: automatic numbers, heading level, whether it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from extractors.readers.docx.package import Element
from extractors.readers.docx.words import child, is_on, number, value, w

_DEEPEST: Final = 32  # styles based on each other; a circle ends here


@dataclass(frozen=True, slots=True)
class _Style:
    based_on: str | None
    list: str | None
    level: int | None
    vanish: bool | None  # None: says nothing, the style it is based on does
    name: str = ""
    outline: int | None = None


class Styles:
    """The styles of a document by id."""

    def __init__(self, root: Element | None) -> None:
        self.default: str | None = None  # the paragraph style of paragraphs that name none
        self._styles: dict[str, _Style] = {}
        for element in () if root is None else root.findall(w("style")):
            id = value(element, "styleId") or ""
            self._styles[id] = _style(element)
            if value(element, "type") == "paragraph" and value(element, "default") in ("1", "true", "on"):
                self.default = id

    def numbering(self, style: str | None) -> tuple[str | None, int | None]:
        """The list's id and the level that a style gives its paragraphs; None for each that is not told."""
        list: str | None = None
        level: int | None = None
        for each in self._chain(style):
            list = list or each.list
            level = level if level is not None else each.level
        return list, level

    def name(self, style: str | None) -> str:
        """The name of a paragraph's style as the file has it, that of the default style where it names none."""
        found = self._styles.get(style or self.default or "")
        return "" if found is None else found.name

    def heading(self, paragraph: Element) -> int:
        """1 to 9 for a heading, by its own outline level or else its style's; 0 for other text."""
        own = child(paragraph, "pPr", "outlineLvl")
        if own is not None:
            return _heading_level(own)
        style = value(child(paragraph, "pPr", "pStyle")) or self.default
        return next((each.outline for each in self._chain(style) if each.outline is not None), 0)

    def vanishes(self, style: str | None) -> bool:
        """Whether text of the style is hidden."""
        return next((each.vanish for each in self._chain(style) if each.vanish is not None), False)

    def _chain(self, style: str | None) -> list[_Style]:
        chain: list[_Style] = []
        while style in self._styles and len(chain) < _DEEPEST:
            chain.append(self._styles[style])
            style = chain[-1].based_on
        return chain


def _style(element: Element) -> _Style:
    numbered = child(element, "pPr", "numPr")
    level = child(element, "pPr", "numPr", "ilvl")
    vanish = child(element, "rPr", "vanish")
    outline = child(element, "pPr", "outlineLvl")
    return _Style(
        based_on=value(child(element, "basedOn")),
        list=None if numbered is None else value(child(numbered, "numId")),
        level=None if level is None else number(level, 0),
        vanish=None if vanish is None else is_on(vanish),
        name=value(child(element, "name")) or "",
        outline=None if outline is None else _heading_level(outline),
    )


def _heading_level(outline: Element) -> int:
    """w:outlineLvl counts headings from 0 and says 9 for body text."""
    level = number(outline, 9)
    return level + 1 if 0 <= level < 9 else 0
