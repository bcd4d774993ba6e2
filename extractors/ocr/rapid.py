"""The default engine: PP-OCRv6 small, the models that the rapidocr wheel carries, on OpenVINO or ONNX Runtime.

PP-OCRv6 tiny reads values a second time; it knows 6,904 characters, too few for names of places (隰县), and is in our
package (scripts/second_reader.py).

Only the models of the wheel are used, and rapidocr itself is not imported: its pipeline downloads models, logs to the
root and turns a failure into an empty page. Detection, cropping, recognition and decoding stand in detection.py,
ctc.py and here, made for seal-free grey pages.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import Box, Line, Place, Source, Word
from extractors.errors import EngineError
from extractors.ocr import detection
from extractors.ocr.column import characters_of
from extractors.ocr.ctc import PAGE_NUMBER, Decoder, Glyph
from extractors.ocr.detection import Quad
from extractors.ocr.engine import Odds, Raster, Strip
from extractors.ocr.networks import Network, Outputs

_SEAL_TEXT = Path(__file__).with_name("seal_text.npz")
_SECOND = Path(__file__).with_name("PP-OCRv6_rec_tiny.onnx")
_HEIGHT = 48  # of a strip, the recogniser's only height
_COLUMN = 8  # pixels of a strip that one column of the recogniser covers
_BUCKET = 64  # widths are padded to multiples, for each new shape costs the runtime a compilation
_WIDEST = 3200  # pixels of a strip at 48 high: about 90 characters; a longer one is squeezed
_PADDING = 127  # what follows a short strip: the recogniser was trained with zeros, mid-grey
_UPRIGHT = 1.35  # of its height: no box is wider that holds two characters or more, one below the other
_NARROW = 1.5  # a box this much taller than wide holds a column of characters
_UNSURE = 0.5  # mean confidence below which a line is taken for texture, as rapidocr does
_SAYS = 0.9  # and of letters and digits, where the detector saw no line
_STROKES = "1lI一丨丶ノ"  # what a mark of any kind may read as

T = TypeVar("T")
R = TypeVar("R")


class Reader:
    """Implements Recogniser with one network; several threads may use it."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.characters = (*network.characters, " ")
        self._decoder = Decoder(self.characters)

    def recognise(self, strips: Sequence[Raster]) -> tuple[Strip, ...]:
        """One Strip for each input, in order; Traditional characters folded into Simplified."""
        return _by_aspect(lambda strip: _strip(*self.glyphs(strip)), strips, _aspect)

    def weigh(self, strips: Sequence[Raster]) -> tuple[Odds, ...]:
        """What may stand in each strip, in order; folded as `recognise` does."""

        def odds(strip: Raster) -> Odds:
            plane, columns = prepared(strip)
            return self._odds(self._network(plane), columns)

        return _by_aspect(odds, strips, _aspect)

    def glyphs(self, strip: Raster) -> tuple[tuple[Glyph, ...], float]:
        """The characters of a strip, and how many columns its width is."""
        plane, columns = prepared(strip)
        return self._decoder.decode(*self._likelihood(self._network(plane))), columns

    def _odds(self, outputs: Outputs, columns: float) -> Odds:
        return self._decoder.odds(*self._likelihood(outputs), math.ceil(columns))

    def _likelihood(self, outputs: Outputs) -> tuple[NDArray[np.float32], NDArray[np.int64] | None]:
        """Columns × classes; and which columns those are, None for all."""
        likelihood, *spared = outputs
        # Either every column, or those that may hold a character and where they are.
        likelihood, places = (likelihood, spared[0]) if spared else (likelihood[0], None)
        if likelihood.ndim != 2 or likelihood.shape[1] != self._decoder.classes:
            raise EngineError(
                f"the recogniser answered {likelihood.shape}, {self._decoder.classes} classes were expected"
            )
        return likelihood, places


class SealReader(Reader):
    """Implements SealRecogniser: the recogniser of lines as training made it (scripts/seal_text), and as it is."""

    def __init__(self, trained: Network, own: Network) -> None:
        super().__init__(trained)
        self._own = own

    def weigh_twice(self, strips: Sequence[Raster]) -> tuple[tuple[Odds, Odds], ...]:
        """What may stand in each strip by the trained recogniser, and by the one for lines."""

        def odds(strip: Raster) -> tuple[Odds, Odds]:
            plane, columns = prepared(strip)
            return self._odds(self._network(plane), columns), self._odds(self._own(plane), columns)

        return _by_aspect(odds, strips, _aspect)


class RapidEngine:
    """Implements Engine and Recognisers. One instance a worker; `recognise` may run beside `read` in another thread.

    threads: lines of a page that are read at once, at least 1; each inference uses one core.
    side: longest side in pixels at which lines are searched for.
    Raises EngineError where the models or a runtime are missing.
    """

    def __init__(self, threads: int = 1, side: int = 960) -> None:
        self._side = side
        folder = models()
        self._detector = Network(folder / "PP-OCRv6_det_small.onnx", threads)
        recogniser = folder / "PP-OCRv6_rec_small.onnx"
        of_lines = Network(recogniser, threads)
        self._reader = Reader(of_lines)
        self._of_seals = SealReader(Network(recogniser, threads, _SEAL_TEXT), of_lines)
        self._second = Reader(Network(_SECOND, threads))
        self._lanes = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="lines") if threads > 1 else None

    @property
    def name(self) -> str:
        return "rapidocr"

    @property
    def of_seals(self) -> SealReader:
        """The same recogniser trained on strips unrolled from rings (scripts/seal_text), and as it is."""
        return self._of_seals

    @property
    def second(self) -> Reader:
        """PP-OCRv6 tiny."""
        return self._second

    def warm(self) -> None:
        """Read a small page, so that the first real one need not wait for the runtime's compilations."""
        page = np.full((960, 672), 255, np.uint8)
        for row, width in enumerate(range(64, 640, 64)):
            cv2.putText(page, "0" * (width // 20), (10, 60 + row * 80), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 3)
        self.read(page)

    def read(self, grey: Raster) -> tuple[Line, ...]:
        """Lines in reading order with words; boxes are fractions of `grey` and places have no page yet."""
        height, width = grey.shape[:2]
        boxes = detection.in_reading_order(self._boxes(grey))
        lines = _by_aspect(
            lambda box: self._line(grey, box, height, width),
            boxes,
            lambda box: box.aspect,
            map if self._lanes is None else self._lanes.map,
        )
        return _once([line for line in lines if line is not None])

    def recognise(self, strips: Sequence[Raster]) -> tuple[Strip, ...]:
        """One Strip for each input, in order; Traditional characters folded into Simplified."""
        return self._reader.recognise(strips)

    def weigh(self, strips: Sequence[Raster]) -> tuple[Odds, ...]:
        """What may stand in each strip, in order; folded as `recognise` does."""
        return self._reader.weigh(strips)

    def _boxes(self, grey: Raster) -> tuple[Quad, ...]:
        height, width = grey.shape[:2]
        window = detection.prepare(grey, self._side)
        if window is None:
            return ()
        (likelihood,) = self._detector(window.plane)
        if likelihood.shape != (1, 1, *window.plane.shape[2:]):
            raise EngineError(f"the detector answered {likelihood.shape} for a picture of {window.plane.shape}")
        return detection.quads(likelihood[0, 0], window, height, width)

    def _line(self, grey: Raster, box: Quad, height: int, width: int) -> Line | None:
        strip = _crop(grey, box)
        if strip.size == 0:
            return None
        upright = box.height < _NARROW * box.width
        if not upright:
            strip = np.ascontiguousarray(np.rot90(strip))
        glyphs, columns = self._reader.glyphs(strip)
        text = "".join(glyph.text for glyph in glyphs)
        if _UPRIGHT * box.height > box.width and (column := self._column(grey, box, _mean(glyphs))) is not None:
            return column
        if not text.strip() or (not _says(glyphs) if box.offered else _mean(glyphs) < _UNSURE):
            return None
        words = _words(glyphs, columns, strip.shape[1] / strip.shape[0])
        spans = [(left, right) if upright else (0.0, 1.0) for _, left, right, _ in words]
        whole, *boxes = _boxes(box, [(0.0, 1.0), *spans], height, width)
        return Line(
            text=text.strip(),
            place=Place(box=whole),
            confidence=_mean(glyphs),
            words=tuple(Word(text, own, sure) for (text, _, _, sure), own in zip(words, boxes, strict=True)),
            source=Source.OCR,
        )

    def _column(self, grey: Raster, box: Quad, least: float) -> Line | None:
        """The line of a box whose characters stand below each other, each read by itself; None where they do not.

        least: how sure the box's other reading is.
        """
        box = replace(box, angle=0.0)  # a column's short sides tell nothing of a slant
        strip = _crop(grey, box)
        places = characters_of(strip) if strip.size else ()
        read = [self._character(strip, place) for place in places]
        sure = sum(glyph.confidence for glyph in read if glyph is not None) / max(1, len(read))
        if not read or None in read or sure < max(_UNSURE, least):
            return None
        height, width = grey.shape[:2]
        left, top = box.centre_x - strip.shape[1] / 2, box.centre_y - strip.shape[0] / 2
        words = tuple(
            Word(
                glyph.text,
                Box((left + a) / width, (top + b) / height, (left + c) / width, (top + d) / height),
                glyph.confidence,
            )
            for glyph, (a, b, c, d) in zip(read, places, strict=True)
            if glyph is not None
        )
        text, whole = "".join(word.text for word in words), Box.around(word.box for word in words)
        return Line(text=text, place=Place(box=whole), confidence=sure, words=words, source=Source.OCR)

    def _character(self, strip: Raster, place: tuple[int, int, int, int]) -> Glyph | None:
        """The character that stands at a place of a strip; None where there is not one."""
        left, top, right, bottom = place
        em = right - left
        middle, margin = (top + bottom) / 2, round(0.6 * em)
        rows = slice(max(0, round(middle - em / 2)), max(0, round(middle + em / 2)))
        alone = cv2.copyMakeBorder(
            strip[max(rows.start, top - 1) : min(rows.stop, bottom + 1), left:right],
            *(round(0.2 * em),) * 2, *(margin,) * 2, cv2.BORDER_CONSTANT, value=255,
        )  # fmt: skip
        glyphs, _ = self._reader.glyphs(cast(Raster, alone))
        letters = [glyph for glyph in glyphs if glyph.text.strip()]
        return letters[0] if len(letters) == 1 else None


def _once(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Without what a longer line says at the same place: a box over a rule (| 24) beside that of 24人，5次活动, or over
    the beginning of a line that slants. Nor is the last character of one box the first of the next. lines: in order."""
    kept = [
        line
        for line in lines
        if not any(len(other.text) > len(line.text) and _says_again(other, line) for other in lines)
    ]
    return (*kept[:1], *(_behind(before, line) for before, line in pairwise(kept)))


def _behind(before: Line, line: Line) -> Line:
    """The line without its first word where the one before it ends with that at the same place."""
    one, other = before.place.box, line.place.box
    if len(line.words) < 2 or not before.words or one is None or other is None or not one.level_with(other):
        return line
    first, *rest = line.words
    if not before.words[-1].text.endswith(first.text) or not _is_again(first, before.words[-1]):
        return line
    place = replace(line.place, box=replace(other, left=rest[0].box.left))
    return replace(line, text=line.text[line.spans()[1][0] :], words=tuple(rest), place=place)


def _says_again(longer: Line, line: Line) -> bool:
    one, other = longer.place.box, line.place.box
    assert one is not None
    assert other is not None
    if one.left > other.right or other.left > one.right or not one.level_with(other):
        return False
    return all(any(_is_again(word, same) for same in longer.words) for word in line.words)


def _is_again(word: Word, other: Word) -> bool:
    """The same characters, or the first or last of them, over half of the narrower's width at the same place."""
    shared = min(word.box.right, other.box.right) - max(word.box.left, other.box.left)
    same = other.text.startswith(word.text) or other.text.endswith(word.text)
    return same and shared > min(word.box.width, other.box.width) / 2


def _by_aspect(
    action: Callable[[T], R],
    items: Sequence[T],
    aspect: Callable[[T], float],
    lanes: Callable[[Callable[[T], R], Iterable[T]], Iterable[R]] = map,
) -> tuple[R, ...]:
    """What `action` makes of each item, in order; the longest first, for turning to another shape takes 1 ms."""
    turns = sorted(range(len(items)), key=lambda turn: -aspect(items[turn]))
    done = dict(zip(turns, lanes(action, [items[turn] for turn in turns]), strict=True))
    return tuple(done[turn] for turn in range(len(items)))


def _aspect(strip: Raster) -> float:
    """Width over height."""
    height, width = strip.shape[:2]
    return float(width / max(1, height))


def _strip(glyphs: Sequence[Glyph], columns: float) -> Strip:
    return Strip.of([(glyph.text, min(1.0, glyph.column / columns), glyph.confidence) for glyph in glyphs])


def _says(glyphs: Sequence[Glyph]) -> bool:
    """Whether ink that the detector did not take for text is text all the same."""
    if PAGE_NUMBER.fullmatch("".join(glyph.text for glyph in glyphs)):
        return True
    letters = [glyph for glyph in glyphs if glyph.text.isalnum()]
    return _mean(letters) >= _SAYS and any(glyph.text not in _STROKES for glyph in letters)


def _mean(glyphs: Sequence[Glyph]) -> float:
    return sum(glyph.confidence for glyph in glyphs) / len(glyphs) if glyphs else 0.0


def prepared(strip: Raster) -> tuple[NDArray[np.float32], float]:
    """The recogniser's input, 1 × 3 × 48 × width, -1 to 1; and the strip's own width in columns."""
    picture, columns = padded(strip)
    return detection.plane_of(picture), columns


def padded(strip: Raster) -> tuple[Raster, float]:
    """The strip as a recogniser takes it, 48 × width, grey; and its own width in columns."""
    grey = strip if strip.ndim == 2 else cast(Raster, cv2.cvtColor(strip, cv2.COLOR_RGB2GRAY))
    height, width = grey.shape
    wide = min(_WIDEST, max(8, round(width * _HEIGHT / height)))
    method = cv2.INTER_AREA if height > _HEIGHT else cv2.INTER_CUBIC
    picture = np.full((_HEIGHT, -(-wide // _BUCKET) * _BUCKET), _PADDING, np.uint8)
    picture[:, :wide] = cv2.resize(grey, (wide, _HEIGHT), interpolation=method)
    return picture, wide / _COLUMN


def _crop(grey: Raster, box: Quad) -> Raster:
    """The box's content, upright. Empty where the box has no pixel on the picture."""
    height, width = grey.shape
    # Less than a pixel of slant over the line's height across: a slice is as good and much cheaper.
    if abs(box.angle) * box.width < 120:
        top, bottom = max(0, round(box.top)), min(height, round(box.bottom))
        left, right = max(0, round(box.left)), min(width, round(box.right))
        return grey[top:bottom, left:right]
    turn = cv2.getRotationMatrix2D((box.centre_x, box.centre_y), box.angle, 1.0)
    wide, tall = max(1, round(box.width)), max(1, round(box.height))
    turn[:, 2] += (wide / 2 - box.centre_x, tall / 2 - box.centre_y)
    return cast(
        Raster, cv2.warpAffine(grey, turn, (wide, tall), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    )


def _boxes(quad: Quad, spans: Sequence[tuple[float, float]], height: int, width: int) -> list[Box]:
    """The upright boxes, in fractions of the page, of the parts of the quad from left to right (0 to 1)."""
    angle = math.radians(quad.angle)
    sine, cosine = math.sin(angle), math.cos(angle)
    left, right = np.array(spans).T
    middle, reach = ((left + right) / 2 - 0.5) * quad.width, (right - left) / 2 * quad.width
    x, y = quad.centre_x + middle * cosine, quad.centre_y + middle * sine
    across = np.abs(reach * cosine) + abs(quad.height / 2 * sine)
    down = np.abs(reach * sine) + abs(quad.height / 2 * cosine)
    edges = np.array([(x - across) / width, (y - down) / height, (x + across) / width, (y + down) / height])
    return [Box(*edge) for edge in np.minimum(np.maximum(edges, 0.0), 1.0).T.tolist()]


def _words(glyphs: Sequence[Glyph], columns: float, aspect: float) -> list[tuple[str, float, float, float]]:
    """(text, left, right, confidence): each Hanzi or mark by itself, runs of Latin letters and digits together.

    left, right: fractions of the strip's width. Half an em each side of a character's centre, or half way to its
    neighbour where that is nearer. aspect: width over height of the strip; a line's em is about 0.8 of its box.
    """
    em = 0.8 / aspect
    centres = [glyph.column / columns for glyph in glyphs]
    words: list[tuple[str, float, float, float]] = []
    joined = False
    for index, glyph in enumerate(glyphs):
        if glyph.text.isspace():
            joined = False
            continue
        latin = _latin(glyph.text)
        half = em / 4 if latin else em / 2
        before = centres[index] - centres[index - 1] if index else 2 * half
        after = centres[index + 1] - centres[index] if index + 1 < len(glyphs) else 2 * half
        left = max(0.0, centres[index] - min(half, before / 2))
        right = min(1.0, centres[index] + min(half, after / 2))
        if joined and latin:
            text, start, _, sure = words[-1]
            words[-1] = (text + glyph.text, start, right, min(sure, glyph.confidence))
        else:
            words.append((glyph.text, left, right, glyph.confidence))
        joined = latin
    return words


def _latin(character: str) -> bool:
    """Belongs to a word or number together with its neighbours: 2021, 3,500.00, a.b@c.cn."""
    return character.isascii() and (character.isalnum() or character in ".,@-_/:%+&#")


def models() -> Path:
    """Where the wheel keeps its models. Found without importing rapidocr, which takes a second and sets up logging."""
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise EngineError("the package rapidocr is not installed; it carries the OCR models")
    return Path(spec.origin).parent / "models"
