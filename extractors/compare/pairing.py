"""Which scan belongs to which Word file.

A scan belongs to the Word file that holds most of its words; a paper that was photographed page by page is several
files, which are taken together. A second copy of the same pages is a pair of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from extractors.compare.stream import stream
from extractors.document import Reading, Source
from extractors.forms.classify import OTHER, is_certificate
from extractors.values.characters import squeeze

_SAME_KIND = 0.25  # of a scan's runs of three characters, how many stand in the Word file of the same paper
_OTHER_KIND = 0.5  # where the scan shows no title: one page of several
_COPY = 0.5  # of a scan's runs that another scan has, above which it is a second copy
_HEAD = 3  # lines among which a paper's title stands
_LEAST = 30  # characters with which a file can be told from others

Runs = frozenset[str]


@dataclass(frozen=True, slots=True)
class Pair:
    """A Word file and its scan or scans, by their indexes among the readings. scans: () where none belongs to it.

    strangers: scans of its kind that hold too little of its words to be taken for the same paper.
    """

    written: int
    scans: tuple[int, ...]
    strangers: tuple[int, ...] = ()


def is_scan(reading: Reading) -> bool:
    """At least one page was read from a picture."""
    return any(page.source is Source.OCR for page in reading.document.pages)


def pair(readings: Sequence[Reading | None], kind: str) -> list[Pair]:
    """The Word files of a kind with their scans. None among the readings (a file that was not read) is passed over.

    A PDF with a text layer may be the stamped one where there is a file without pages; where there is none, it takes
    the Word file's place.
    """
    own = [index for index, reading in enumerate(readings) if reading is not None and reading.kind == kind]
    written = _written(readings, own)
    if not written:
        return []
    runs = _Runs(readings)
    belongs: dict[int, list[int]] = {index: [] for index in written}
    strange: dict[int, list[int]] = {index: [] for index in written}
    for index, reading in enumerate(readings):
        if reading is None or index in belongs:
            continue
        if reading.kind == kind or (is_scan(reading) and _is_page(reading)):
            best = max(written, key=lambda each: _held(runs[index], runs[each]))
            held = _held(runs[index], runs[best])
            if held >= (_SAME_KIND if reading.kind == kind else _OTHER_KIND):
                belongs[best].append(index)
            elif reading.kind == kind:
                strange[best].append(index)
    return [found for index in written for found in _pairs(index, belongs[index], strange[index], runs)]


def _written(readings: Sequence[Reading | None], own: Sequence[int]) -> list[int]:
    """Files without pages (Word); where there are none, those whose pages are text."""
    flowing = [index for index in own if (reading := readings[index]) is not None and not reading.document.pages]
    if flowing:
        return flowing
    return [index for index in own if (reading := readings[index]) is not None and not is_scan(reading)]


def _is_page(reading: Reading) -> bool:
    """What may be a further page. A certificate has the society's name and code, which are words of the form."""
    head = (line for line in islice(reading.document.iter_lines(), _HEAD))
    return reading.kind == OTHER and not any(is_certificate(squeeze(line.text)) for line in head)


class _Runs(dict[int, Runs]):
    """The runs of three characters of each reading, made when they are asked for."""

    def __init__(self, readings: Sequence[Reading | None]) -> None:
        super().__init__()
        self._readings = readings

    def __missing__(self, index: int) -> Runs:
        reading = self._readings[index]
        text = stream([reading.document]).text if reading is not None else ""
        few = len(text) < _LEAST
        self[index] = frozenset() if few else frozenset(text[at : at + 3] for at in range(len(text) - 2))
        return self[index]


def _held(scan: Runs, written: Runs) -> float:
    """How many of the scan's runs stand in the Word file, 0 to 1."""
    return len(scan & written) / len(scan) if scan else 0.0


def _pairs(written: int, scans: list[int], strangers: list[int], runs: _Runs) -> list[Pair]:
    """One pair a copy."""
    copies: list[list[int]] = []
    for index in scans:
        fitting = next((copy for copy in copies if not _is_copy(runs[index], copy, runs)), None)
        if fitting is None:
            copies.append([index])
        else:
            fitting.append(index)
    if not copies:
        return [Pair(written, (), tuple(strangers))]
    rest = [Pair(written, tuple(copy)) for copy in copies]
    return [*rest, *([Pair(written, (), tuple(strangers))] if strangers else [])]


def _is_copy(own: Runs, copy: list[int], runs: _Runs) -> bool:
    there = frozenset().union(*(runs[index] for index in copy))
    return _held(own, there) > _COPY
