"""The inside of a paragraph: runs of text, fields, content controls, tracked changes, as a reader of the page sees it.

Shown is what Word shows once all changes are accepted: deleted text is gone, inserted text is there, a field shows its
result, a content control what was filled in; the grey hint of one that was not filled in is nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from extractors.readers.docx.package import Element, W
from extractors.readers.docx.styles import Styles
from extractors.readers.docx.words import ALTERNATIVE, W14, M, alternatives, child, is_on, number, value, w
from extractors.readers.glyphs import CHECKED, UNCHECKED, symbol, unmask

_GONE: Final = frozenset(
    w(name) for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "delText", "delInstrText", "rt")
)
_DRAWINGS: Final = frozenset(w(name) for name in ("drawing", "pict", "object"))
_MATH: Final = (f"{{{M}}}oMath", f"{{{M}}}oMathPara")
# Characters for elements of a run. A soft hyphen is a place where a word may be broken, not a character.
_CHARACTERS: Final = {
    w("tab"): "\t",
    w("ptab"): "\t",
    w("br"): "\n",
    w("cr"): "\n",
    w("noBreakHyphen"): "-",
}
_ENCLOSED: Final = re.compile(r"\\o\s*(?:\\a[clr])?\s*\(\s*(\S)\s*[,;，]\s*(.{0,8}?)\s*\)", re.I)
_BUTTON: Final = re.compile(r"\s*(?:MACROBUTTON|GOTOBUTTON)\s+\S+ ?(.*)", re.I | re.S)


@dataclass(slots=True)
class Field:
    """A field that has begun (w:fldChar). Between begin and separate stands its instruction, then its result."""

    instruction: str = ""
    in_instruction: bool = True
    shown: bool = False  # something of its result was shown
    choice: str = ""  # the entry chosen in a drop-down form field, which is nowhere in the text


@dataclass(slots=True)
class Inline:
    """What a paragraph's inside comes to: shown and hidden text, line breaks as "\\n", and drawings in order."""

    text: str = ""
    hidden: str = ""
    drawings: list[Element] = field(default_factory=list)


class Inlines:
    """Reads paragraphs of one story one after another: fields may reach across paragraphs."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._fields: list[Field] = []
        self._paragraph_hidden = False

    @property
    def unclosed(self) -> bool:
        """Whether a field's instruction has begun and not ended: text after it is not shown."""
        return any(field.in_instruction for field in self._fields)

    def read(self, paragraph: Element) -> Inline:
        into = Inline()
        self._paragraph_hidden = self._styles.vanishes(value(child(paragraph, "pPr", "pStyle")))
        self._children(paragraph, into)
        return into

    def _children(self, parent: Element, into: Inline) -> None:
        for element in parent:
            self._element(element, into)

    def _element(self, element: Element, into: Inline) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _GONE:
            return
        if tag == w("r"):
            self._run(element, into)
        elif tag == w("sdt"):
            self._control(element, into)
        elif tag == ALTERNATIVE:
            for each in alternatives(element):
                self._element(each, into)
        elif tag in _MATH:
            self._emit("".join(t.text or "" for t in element.iter(f"{{{M}}}t")), False, into)
        elif tag in _DRAWINGS:
            into.drawings.append(element)
        elif tag.startswith(f"{{{W}}}"):
            # Wrappers: w:ins, w:moveTo, w:hyperlink, w:smartTag, w:customXml, w:fldSimple, w:bdo, w:dir, ...
            self._children(element, into)

    def _control(self, control: Element, into: Inline) -> None:
        mark = checkbox(control)
        if mark:
            self._emit(mark, False, into)
        elif not is_placeholder(control):
            content = child(control, "sdtContent")
            if content is not None:
                self._children(content, into)

    def _run(self, run: Element, into: Inline) -> None:
        properties = child(run, "rPr")
        hidden = self._is_hidden(properties)
        fonts = None if properties is None else child(properties, "rFonts")
        font = value(fonts, "ascii") or value(fonts, "hAnsi") or ""
        for element in run:
            self._in_run(element, font, hidden, into)

    def _in_run(self, element: Element, font: str, hidden: bool, into: Inline) -> None:
        tag = element.tag
        if tag == w("t"):
            self._emit(unmask(font, element.text or ""), hidden, into)
        elif tag in _CHARACTERS:
            self._emit(_CHARACTERS[tag], hidden, into)
        elif tag == w("sym"):
            self._emit(_symbol(element), hidden, into)
        elif tag == w("fldChar"):
            self._field_mark(element, hidden, into)
        elif tag == w("instrText"):
            if self._fields and self._fields[-1].in_instruction:
                self._fields[-1].instruction += element.text or ""
        elif tag == w("ruby"):
            base = child(element, "rubyBase")
            if base is not None:
                self._children(base, into)
        elif tag in _DRAWINGS:
            if not hidden:
                into.drawings.append(element)
        elif tag == ALTERNATIVE:
            for each in alternatives(element):
                self._in_run(each, font, hidden, into)

    def _is_hidden(self, properties: Element | None) -> bool:
        own = None if properties is None else child(properties, "vanish")
        if own is not None:
            return is_on(own)
        style = None if properties is None else value(child(properties, "rStyle"))
        return self._styles.vanishes(style) if style else self._paragraph_hidden

    def _field_mark(self, mark: Element, hidden: bool, into: Inline) -> None:
        match value(mark, "fldCharType"):
            case "begin":
                tick, choice = _form_field(mark)
                if tick:
                    self._emit(tick, hidden, into)
                self._fields.append(Field(choice=choice))
            case "separate" if self._fields:
                self._fields[-1].in_instruction = False
            case "end" if self._fields:
                ended = self._fields.pop()
                text = "" if ended.shown else ended.choice or _shown_instruction(ended.instruction)
                self._emit(text, hidden, into)

    def _emit(self, text: str, hidden: bool, into: Inline) -> None:
        if not text or self.unclosed:
            return
        if text.strip():
            for open_field in self._fields:
                open_field.shown = True
        if hidden:
            into.hidden += text
        else:
            into.text += text


def checkbox(control: Element) -> str:
    """☑ or ☐ for a checkbox content control, "" for any other."""
    properties = child(control, "sdtPr")
    box = None if properties is None else properties.find(f"{{{W14}}}checkbox")
    if box is None:
        return ""
    state = box.find(f"{{{W14}}}checked")
    told = "0" if state is None else state.get(f"{{{W14}}}val", "1")
    return CHECKED if told.lower() in ("1", "true", "on") else UNCHECKED


def is_placeholder(control: Element) -> bool:
    """Whether a content control shows its hint because nothing was filled in."""
    return is_on(child(control, "sdtPr", "showingPlcHdr"))


def _symbol(element: Element) -> str:
    try:
        code = int(value(element, "char") or "", 16)
    except ValueError:
        return ""
    return symbol(value(element, "font") or "", code)


def _form_field(mark: Element) -> tuple[str, str]:
    """A legacy form field's tick (☑ or ☐) or chosen entry; "" for each that it is not."""
    box = child(mark, "ffData", "checkBox")
    if box is not None:
        state = child(box, "checked")
        return (CHECKED if is_on(state if state is not None else child(box, "default")) else UNCHECKED), ""
    entries = child(mark, "ffData", "ddList")
    if entries is None:
        return "", ""
    names = [value(entry) or "" for entry in entries.findall(w("listEntry"))]
    chosen = child(entries, "result")
    index = number(chosen if chosen is not None else child(entries, "default"), 0)
    return "", names[index] if 0 <= index < len(names) else ""


def _shown_instruction(instruction: str) -> str:
    """What a field without result shows: a button's label, or a character in a circle or box (带圈字符)."""
    if match := _BUTTON.match(instruction):
        return match[1].strip()
    if not instruction.strip().lower().startswith("eq"):
        return ""
    match = _ENCLOSED.search(instruction)
    return _enclosed(match[1], match[2]) if match else ""


def _enclosed(around: str, inner: str) -> str:
    if around in "□☐▢◻":
        return "☑" if inner in ("√", "✓", "✔") else "☒" if inner in ("×", "✗", "x", "X") else inner or "☐"
    if around in "○〇◯" and inner.isascii() and inner.isdigit() and 1 <= int(inner) <= 20:
        return chr(ord("①") + int(inner) - 1)
    return inner
