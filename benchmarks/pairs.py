"""Word forms and the stamped scans of the same forms, for benchmarks.compare.

A form of the simulator is printed by LibreOffice, stamped, signed and dated by hand, and put through a scanner or a
phone; so the scan's line breaks, fonts and tables are not those of the hand that wrote the form.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time
from pathlib import Path
from random import Random

import cv2
import numpy as np
import pdfplumber
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from clients.simulator import degrade, fonts, form, pdf, seal, soffice, word
from clients.simulator.chance import stream
from clients.simulator.plan import FormFacts, Plan
from clients.simulator.simulation import plans

_MEDIA = ("photo", "scan", "scan", "poor scan", "scan")
_INK = (38, 46, 120)  # of a ballpoint


@dataclass(frozen=True, slots=True)
class Printed:
    """A form as Word and its stamped scan. scan: a PDF of one picture a page. pages: how many."""

    number: int
    facts: FormFacts
    layout: str
    word: bytes
    scan: bytes
    pages: int
    medium: str


def written(chance: str, facts: FormFacts, layout: str) -> bytes:
    """The form as .docx. Equal chance, facts and layout give equal files; other facts change their own words only."""
    flow, _ = form.write_form(stream(chance), facts, layout)
    return word.save(flow, facts.contact.name, datetime.combine(facts.filled_on, time(9, 30)))


def chance_of(seed: int, number: int) -> str:
    return f"{seed}/{number}/pair"


def printed(seed: int, count: int) -> Iterator[Printed]:
    """Pairs of sound forms. Raises soffice.SofficeMissing."""
    chosen = [plan for plan in map(_agreeing, plans(count, seed)) if plan.form is not None]
    layouts = tuple(form.LAYOUTS)
    with tempfile.TemporaryDirectory(prefix="heyan-pairs-") as name:
        folder = Path(name)
        documents = {}
        for plan in chosen:
            assert plan.form is not None
            layout = layouts[plan.number % len(layouts)]
            documents[plan.number] = written(chance_of(seed, plan.number), plan.form, layout)
            (folder / f"{plan.number}.docx").write_bytes(documents[plan.number])
        _print_all(folder)
        for plan in chosen:
            assert plan.form is not None
            rng = stream(seed, plan.number, "scan")
            medium = _MEDIA[plan.number % len(_MEDIA)]
            scan, pages = _scanned(rng, folder / f"{plan.number}.pdf", plan.form, medium)
            layout = layouts[plan.number % len(layouts)]
            yield Printed(plan.number, plan.form, layout, documents[plan.number], scan, pages, medium)


def _agreeing(plan: Plan) -> Plan:
    """The same, the amount in words and in digits one amount."""
    return plan if plan.form is None else replace(plan, form=replace(plan.form, words=plan.form.requested))


def _print_all(folder: Path) -> None:
    program = soffice.find()
    with tempfile.TemporaryDirectory(prefix="heyan-soffice-") as profile:
        subprocess.run(
            [
                *(program, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore"),
                *("--convert-to", "pdf", "--outdir", str(folder), *map(str, sorted(folder.glob("*.docx")))),
            ],
            check=True,
            capture_output=True,
            timeout=600,
        )


def _scanned(rng: Random, path: Path, facts: FormFacts, medium: str) -> tuple[bytes, int]:
    dpi = rng.choice((150, 200, 200, 240))
    sheets: list[pdf.ScannedPage] = []
    with pdfplumber.open(path) as text, pypdfium2.PdfDocument(path) as document:
        for number, page in enumerate(document):
            raster = np.array(page.render(scale=dpi / 72).to_pil().convert("RGB"))
            raster = _signed(rng, raster, text.pages[number], facts, dpi)
            picture = (degrade.photograph if medium == "photo" else degrade.scan)(rng, raster, ())[0]
            picture, quality = _worn(rng, picture) if medium == "poor scan" else (picture, rng.randint(60, 90))
            height, width = picture.shape[:2]
            sheets.append(pdf.ScannedPage(degrade.as_jpeg(picture, quality, dpi), width, height, dpi))
    return pdf.write(sheets, "Canon iR-ADV C5535"), len(sheets)


def _worn(rng: Random, picture: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int]:
    """A copy of a copy: coarse, grey, strongly compressed. Gives the picture and the quality of its JPEG."""
    height, width = picture.shape[:2]
    share = rng.uniform(0.55, 0.8)
    small = cv2.resize(picture, (round(width * share), round(height * share)), interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.5:
        large = cv2.cvtColor(cv2.cvtColor(large, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    return np.asarray(large, dtype=np.uint8), rng.randint(30, 50)


def _signed(
    rng: Random, raster: NDArray[np.uint8], page: pdfplumber.page.Page, facts: FormFacts, dpi: int
) -> NDArray[np.uint8]:
    """Dates and names written into the slots, then the society's seal over them."""
    scale = dpi / 72
    picture = Image.fromarray(raster)
    pen = ImageDraw.Draw(picture)
    for slot in page.search(r"年\s+月\s+日"):
        day = (f"{facts.filled_on.year}", f"{facts.filled_on.month}", f"{facts.filled_on.day}")
        gaps = [char for char in slot["chars"] if char["text"] in "年月日"]
        for char, digits in zip(gaps, day, strict=False):
            _hand(pen, digits, char["x0"] * scale, char["top"] * scale, dpi)
    for slot in page.search(r"签字.[:：]"):
        _hand(pen, facts.leader.name, slot["x1"] * scale + dpi * 0.9, slot["top"] * scale, dpi)
    stamped = np.array(picture)
    for slot in page.search(r"（(?:公章|盖章)）")[:1]:
        mark = seal.stamp(rng, seal.SealFacts(facts.applicant.name, 42.0), dpi)
        _press(stamped, mark, slot["x0"] * scale, slot["top"] * scale)
    return stamped


def _hand(pen: ImageDraw.ImageDraw, text: str, right: float, top: float, dpi: int) -> None:
    """Writing that ends at `right`, in pixels."""
    font = fonts.load(fonts.SONG, round(dpi * 0.18))
    pen.text((right - pen.textlength(text, font=font) - 2, top), text, fill=_INK, font=font)


def _press(raster: NDArray[np.uint8], mark: seal.Impression, x: float, y: float) -> None:
    """Ink on the page with its centre at (x, y) in pixels, as far as it is on the page."""
    side = mark.ink.shape[0]
    left, top = round(x - side / 2), round(y - side / 2)
    height, width = raster.shape[:2]
    x0, y0, x1, y1 = max(0, left), max(0, top), min(width, left + side), min(height, top + side)
    cover = mark.ink[y0 - top : y1 - top, x0 - left : x1 - left, None].astype(np.float32) / 255
    tint = 1 - cover * (1 - np.array(mark.colour, dtype=np.float32) / 255)
    raster[y0:y1, x0:x1] = (raster[y0:y1, x0:x1] * tint).astype(np.uint8)
