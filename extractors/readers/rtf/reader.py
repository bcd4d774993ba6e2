"""The stack of states that an RTF file goes through, and what it leaves: stories, pictures, properties."""

from __future__ import annotations

import binascii
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from extractors.document import Block, Defect, Document, Story
from extractors.errors import Damaged
from extractors.limits import Limits
from extractors.ocr.engine import Look
from extractors.readers import symbols
from extractors.readers.grid import Shape
from extractors.readers.looking import Image, Viewer
from extractors.readers.rtf.charsets import CHARSETS, codec
from extractors.readers.rtf.sheet import Sheet
from extractors.readers.rtf.tokens import Kind, Token
from extractors.readers.rtf.words import BLIPS, PROPERTIES, SHOWN, SIGNS, SKIPPED, STORIES, SYMBOLS

_MOST_GROUPS = 2000  # open at once; Word itself stops far below
_MOST_FONTS = 10_000


@dataclass(frozen=True, slots=True)
class _State:
    """What holds within a group. destination: "" for text. owns: the group began the destination or the story."""

    destination: str = ""
    owns: bool = False
    font: int = 0
    skip: int = 1  # characters that replace a \\uN
    hidden: bool = False
    deleted: bool = False
    in_table: bool = False
    depth: int = 1
    level: int = 0


@dataclass(slots=True)
class _Font:
    name: str = ""
    codec: str = ""


@dataclass(slots=True)
class _Text:
    """A story under way, with the paragraph at its end."""

    sheet: Sheet
    shown: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    number: str = ""


@dataclass(slots=True)
class _Pict:
    media_type: str = "image/x-wmf"
    hexadecimal: bytearray = field(default_factory=bytearray)
    binary: bytearray = field(default_factory=bytearray)
    width: int = 0
    height: int = 0


class Reader:
    """Takes the tokens of a file one by one; `document` then gives what it states."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._state = _State()
        self._stack: list[_State] = []
        self._too_deep = 0
        self._ended = False
        self._codec = "cp1252"
        self._fonts: dict[int, _Font] = {}
        self._pending = bytearray()
        self._to_skip = 0
        self._starred = False
        self._texts = [_Text(Sheet(Story.BODY, "", limits))]
        self._done: list[tuple[Story, list[Block]]] = []
        self._counts: dict[str, int] = {}
        self._shapes: dict[int, list[Shape]] = {}
        self._flags: dict[str, bool] = {}
        self._instruction = ""
        self._form: dict[str, int] = {}
        self._entries: list[str] = []
        self._capture = ""
        self._pict = _Pict()
        self._images: list[Image] = []
        self._properties: dict[str, str] = {}
        self._revised = False

    # ---------------------------------------------------------------- tokens

    def take(self, token: Token) -> None:
        """The next token; what follows the end of the outermost group is not part of the document."""
        if self._ended:
            return
        if token.kind in (Kind.BYTE, Kind.TEXT):
            self._bytes(token)
            return
        if token.kind is Kind.WORD and token.word == "u":
            self._unicode(token.number or 0)
            return
        self._flush()
        if token.kind is Kind.OPEN:
            self._open()
        elif token.kind is Kind.CLOSE:
            self._close()
        elif token.kind is Kind.BINARY:
            if self._state.destination == "pict":
                self._pict.binary += token.data
        elif token.kind is Kind.SYMBOL:
            if token.word == "*":
                self._starred = True
            else:
                self._show(SYMBOLS.get(token.word, ""))
        else:
            self._word(token.word, token.number)

    def _bytes(self, token: Token) -> None:
        data = token.data
        if self._to_skip:
            skipped = min(self._to_skip, len(data))
            self._to_skip -= skipped
            data = data[skipped:]
        self._starred = False
        if self._state.destination == "pict":
            self._pict.hexadecimal += data
        elif self._state.destination != "skip":
            self._pending += data

    def _unicode(self, number: int) -> None:
        self._flush()
        self._to_skip = self._state.skip
        code = number & 0xFFFF
        font = self._font()
        if 0xF000 <= code <= 0xF0FF or symbols.is_symbol_font(font.name):
            self._show(symbols.glyph(font.name, code))
        else:
            self._show(chr(code))

    def _flush(self) -> None:
        """Bytes that have come together become text: a character may be more than one of them."""
        if not self._pending:
            return
        data = bytes(self._pending)
        self._pending.clear()
        font = self._font()
        if self._state.destination == "" and symbols.is_symbol_font(font.name):
            self._show("".join(symbols.glyph(font.name, byte) if byte > 0x20 else chr(byte) for byte in data))
        else:
            self._show(data.decode(font.codec or self._codec, "replace"))

    def _font(self) -> _Font:
        return self._fonts.get(self._state.font) or _Font()

    # ---------------------------------------------------------------- groups

    def _open(self) -> None:
        self._to_skip = 0
        if len(self._stack) >= _MOST_GROUPS:
            self._too_deep += 1
            return
        self._stack.append(self._state)
        if self._state.owns:
            self._state = replace(self._state, owns=False)
        self._starred = False

    def _close(self) -> None:
        self._to_skip = 0
        if self._too_deep:
            self._too_deep -= 1
            return
        if not self._stack:
            return
        ended = self._state
        self._state = self._stack.pop()
        if ended.owns:
            self._end(ended.destination)
        self._ended = not self._stack

    def _begin(self, destination: str) -> None:
        """This group is a destination from here on."""
        self._state = replace(self._state, destination=destination, owns=True)
        self._capture = ""

    def _end(self, destination: str) -> None:
        if destination in STORIES:
            self._end_story(destination)
        elif destination == "pict":
            self._end_pict()
        elif destination == "fldinst":
            self._show(self._field())
        elif destination == "ffl":
            self._entries.append(self._capture)
        elif destination in ("listtext", "pntext"):
            self._texts[-1].number = _number(self._capture)
        elif destination in PROPERTIES and self._capture.strip(" ;"):
            self._properties[PROPERTIES[destination]] = self._capture.strip(" ;")

    # ---------------------------------------------------------------- control words

    def _word(self, word: str, number: int | None) -> None:
        starred, self._starred = self._starred, False
        if self._to_skip and word not in ("par", "cell", "row"):
            self._to_skip -= 1
            return
        if self._state.destination == "skip":
            return
        if word in SKIPPED or (starred and word not in SHOWN and word not in STORIES and not _is_known(word)):
            self._begin("skip")
        elif word in STORIES:
            self._begin_story(word)
        elif word in SIGNS:
            self._show(SIGNS[word])
        elif word in _ACTIONS:
            _ACTIONS[word](self, number)
        elif self._state.destination == "fonttbl":
            self._font_table(word, number)
        elif word in PROPERTIES and self._state.destination == "info":
            self._begin(word)
        elif self._state.destination == "pict":
            self._pict_word(word, number or 0)
        elif word in ("ffres", "ffdefres", "fftype"):
            self._form[word] = number or 0

    def _font_table(self, word: str, number: int | None) -> None:
        if word == "f" and len(self._fonts) < _MOST_FONTS:
            self._state = replace(self._state, font=number or 0)
            self._fonts.setdefault(number or 0, _Font())
        elif word == "fcharset":
            self._fonts.setdefault(self._state.font, _Font()).codec = CHARSETS.get(number or 0, "")

    def _code_page(self, number: int | None) -> None:
        self._codec = codec(number or 1252)

    def _unicode_skip(self, number: int | None) -> None:
        self._state = replace(self._state, skip=max(0, min(number if number is not None else 1, 8)))

    def _set_font(self, number: int | None) -> None:
        if self._state.destination == "fonttbl":
            self._font_table("f", number)
        else:
            self._state = replace(self._state, font=number or 0)

    def _hide(self, number: int | None) -> None:
        self._state = replace(self._state, hidden=number != 0)

    def _delete(self, number: int | None) -> None:
        self._revised = True
        self._state = replace(self._state, deleted=number != 0)

    def _revise(self, _number: int | None) -> None:
        self._revised = True

    def _plain(self, _number: int | None) -> None:
        self._state = replace(self._state, hidden=False, deleted=False)

    def _pard(self, _number: int | None) -> None:
        self._state = replace(self._state, in_table=False, depth=1, level=0)

    def _intbl(self, _number: int | None) -> None:
        self._state = replace(self._state, in_table=True)

    def _itap(self, number: int | None) -> None:
        self._state = replace(self._state, depth=max(1, number or 0), in_table=bool(number) or self._state.in_table)

    def _outline(self, number: int | None) -> None:
        level = number if number is not None else 9
        self._state = replace(self._state, level=level + 1 if 0 <= level < 9 else 0)

    def _begin_fonts(self, _number: int | None) -> None:
        self._begin("fonttbl")

    def _begin_info(self, _number: int | None) -> None:
        self._begin("info")

    def _begin_pict(self, _number: int | None) -> None:
        self._begin("pict")
        self._pict = _Pict()

    def _begin_instruction(self, _number: int | None) -> None:
        self._begin("fldinst")
        self._instruction, self._form, self._entries = "", {}, []

    def _begin_entry(self, _number: int | None) -> None:
        self._begin("ffl")

    def _begin_result(self, _number: int | None) -> None:
        self._state = replace(self._state, destination="")

    def _begin_number(self, _number: int | None) -> None:
        self._begin("listtext")

    # ---------------------------------------------------------------- text

    def _show(self, text: str) -> None:
        """Text goes where the group's destination says."""
        state = self._state
        if not text or state.destination == "skip" or (state.deleted and state.destination == ""):
            return
        current = self._texts[-1]
        if state.destination == "fldinst":
            self._instruction = (self._instruction + text)[:4096]
        elif state.destination == "fonttbl":
            font = self._fonts.setdefault(state.font, _Font())
            font.name = (font.name + text)[:64].partition(";")[0].strip()
        elif state.destination != "" and state.destination not in STORIES:
            self._capture = (self._capture + text)[:4096]
        elif state.hidden:
            current.hidden.append(text)
        else:
            current.shown.append(text)

    def _paragraph(self, _number: int | None = None) -> None:
        if self._state.deleted:  # its mark is deleted: the next paragraph goes on with it
            return
        current = self._texts[-1]
        depth = self._state.depth if self._state.in_table else 0
        number, current.number = current.number, ""
        shown, hidden = _whole("".join(current.shown)), _whole("".join(current.hidden))
        current.shown.clear()
        current.hidden.clear()
        current.sheet.paragraph(shown, hidden, depth, number=number, level=self._state.level)

    def _cell(self, _number: int | None) -> None:
        self._state = replace(self._state, in_table=True, deleted=False)
        self._paragraph()
        self._texts[-1].sheet.cell()

    def _row(self, _number: int | None) -> None:
        self._texts[-1].sheet.row(1, tuple(self._shapes.get(1, ())))

    def _nested_row(self, _number: int | None) -> None:
        depth = self._state.depth
        self._texts[-1].sheet.row(depth, tuple(self._shapes.get(depth, ())))

    def _row_definition(self, _number: int | None) -> None:
        self._shapes[self._defined()] = []
        self._flags = {}

    def _cell_edge(self, number: int | None) -> None:
        shapes = self._shapes.setdefault(self._defined(), [])
        if len(shapes) < 64:
            left = shapes[-1].right if shapes else min(0, number or 0)
            shapes.append(Shape(left, max(left, number or 0), **self._flags))
        self._flags = {}

    def _defined(self) -> int:
        """Of which depth the row is whose definition comes: the innermost one's only in its own destination."""
        return self._state.depth if self._state.destination == "nesttableprops" else 1

    def _begin_nested(self, _number: int | None) -> None:
        self._begin("nesttableprops")

    def _first_merged(self, _number: int | None) -> None:
        self._flags["first"] = True

    def _merged(self, _number: int | None) -> None:
        self._flags["merged"] = True

    def _first_down(self, _number: int | None) -> None:
        self._flags["restarts"] = True

    def _down(self, _number: int | None) -> None:
        self._flags["continues"] = True

    # ---------------------------------------------------------------- stories, fields, pictures

    def _begin_story(self, word: str) -> None:
        story, name = STORIES[word]
        self._counts[name] = self._counts.get(name, 0) + 1
        prefix = f"{name} {self._counts[name]} / "
        self._texts.append(_Text(Sheet(story, prefix, self._limits)))
        self._state = replace(self._state, destination=word, owns=True, in_table=False, depth=1)

    def _end_story(self, destination: str) -> None:
        story, _ = STORIES[destination]
        self._state, after = replace(self._state, in_table=False), self._state
        if self._texts[-1].shown or self._texts[-1].hidden:
            self._paragraph()
        self._state = after
        text = self._texts.pop()
        blocks = text.sheet.finish()
        if story is Story.TEXT_BOX:
            for block in blocks:
                self._texts[-1].sheet.blocks.append(block)
        else:
            self._done.append((story, blocks))

    def _field(self) -> str:
        """What a field shows that has no result of its own."""
        words = self._instruction.split(None, 2)
        name = words[0].upper() if words else ""
        if name == "FORMCHECKBOX":
            result = self._form.get("ffres", 25)
            return "☑" if (self._form.get("ffdefres", 0) if result == 25 else result) else "☐"
        if name == "FORMDROPDOWN" and self._entries:
            result = self._form.get("ffres", 25)
            chosen = self._form.get("ffdefres", 0) if result == 25 else result
            return self._entries[chosen] if 0 <= chosen < len(self._entries) else ""
        if name == "MACROBUTTON" and len(words) == 3:
            return words[2]
        return ""

    def _pict_word(self, word: str, number: int) -> None:
        if word in BLIPS:
            self._pict.media_type = BLIPS[word]
        elif word == "dibitmap":
            self._pict.media_type = "image/x-dib"
        elif word == "picwgoal":
            self._pict.width = number
        elif word == "pichgoal":
            self._pict.height = number

    def _end_pict(self) -> None:
        pict = self._pict
        digits = pict.hexadecimal.translate(None, b" \t\r\n")
        try:
            data = bytes(pict.binary) or binascii.unhexlify(digits[: len(digits) // 2 * 2])
        except binascii.Error:
            data = b""
        if data:
            place = self._texts[-1].sheet.place
            self._images.append(Image(data, pict.media_type, place, pict.width / 1440, pict.height / 1440))

    # ---------------------------------------------------------------- the end

    def document(self, look: Look) -> Document:
        """What was read. Raises Damaged where there was nothing but braces."""
        self._flush()
        while len(self._texts) > 1:  # a story whose group never ended
            word = next(w for w, (story, _) in STORIES.items() if story is self._texts[-1].sheet.story)
            self._end_story(word)
        if self._texts[0].shown or self._texts[0].hidden:
            self._paragraph()
        body = self._texts[0].sheet.finish()
        seen = Viewer(look, self._limits)
        on_pictures = [block for image in self._images for block in seen.look_at(image)]
        by_story = {story: [b for s, blocks in self._done if s is story for b in blocks] for story in Story}
        blocks = (
            *by_story[Story.HEADER],
            *body,
            *on_pictures,
            *by_story[Story.FOOTER],
            *by_story[Story.NOTE],
            *by_story[Story.COMMENT],
        )
        if not blocks and not seen.pictures:
            raise Damaged("rtf: no text and no picture")
        return Document(
            format="rtf",
            blocks=blocks,
            pictures=tuple(seen.pictures),
            seals=tuple(seen.seals),
            handwriting=tuple(seen.handwriting),
            properties=tuple(self._properties.items()),
            defects=(*self._defects(), *seen.defects),
        )

    def _defects(self) -> list[Defect]:
        defects: list[Defect] = []
        if self._revised:
            defects.append(
                Defect(
                    "tracked_changes",
                    "文件含有未接受的修订；按接受全部修订后的内容读取。",
                    "The file has tracked changes; it was read as if all of them were accepted.",
                )
            )
        if self._stack or self._too_deep:
            defects.append(
                Defect("truncated", "文件不完整，末尾缺失。", "The file is incomplete: its end is missing.", blind=True)
            )
        return defects


def _whole(text: str) -> str:
    """Surrogates that came one by one are joined; lone ones become U+FFFD."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _number(text: str) -> str:
    """The automatic number as shown: with a space after it where it ends in a letter or point; bullets say nothing."""
    shown = text.strip()
    if len(shown) == 1 and not shown.isalnum() and shown not in symbols.BOXES and not "①" <= shown <= "⓿":
        return ""
    return shown + " " if shown and (shown in symbols.BOXES or (shown[-1].isascii() and shown[-1] != ")")) else shown


def _is_known(word: str) -> bool:
    return word in _ACTIONS or word in ("formfield",)


_ACTIONS: dict[str, Callable[[Reader, int | None], None]] = {
    "ansicpg": Reader._code_page,
    "uc": Reader._unicode_skip,
    "f": Reader._set_font,
    "v": Reader._hide,
    "deleted": Reader._delete,
    "revised": Reader._revise,
    "plain": Reader._plain,
    "pard": Reader._pard,
    "intbl": Reader._intbl,
    "itap": Reader._itap,
    "outlinelevel": Reader._outline,
    "par": Reader._paragraph,
    "sect": Reader._paragraph,
    "page": Reader._paragraph,
    "cell": Reader._cell,
    "nestcell": Reader._cell,
    "row": Reader._row,
    "nestrow": Reader._nested_row,
    "trowd": Reader._row_definition,
    "cellx": Reader._cell_edge,
    "clmgf": Reader._first_merged,
    "clmrg": Reader._merged,
    "clvmgf": Reader._first_down,
    "clvmrg": Reader._down,
    "nesttableprops": Reader._begin_nested,
    "fonttbl": Reader._begin_fonts,
    "info": Reader._begin_info,
    "pict": Reader._begin_pict,
    "fldinst": Reader._begin_instruction,
    "fldrslt": Reader._begin_result,
    "ffl": Reader._begin_entry,
    "listtext": Reader._begin_number,
    "pntext": Reader._begin_number,
}
