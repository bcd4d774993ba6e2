"""Sheets of paper become files: through a scanner, a copier, a fax or a phone."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from random import Random

import numpy as np

from clients.simulator import degrade, page, pdf
from clients.simulator.degrade import Raster
from clients.simulator.truth import StampedSeal

_PRODUCERS = ("Canon iR-ADV C5535", "KONICA MINOLTA bizhub C308", "HP Scan", "EPSON Scan", "Lenovo M7675DXF")
SUFFIXES = {"scan-pdf": ".pdf", "photo-pdf": ".pdf", "photo-jpg": ".jpg", "scan-png": ".png"}


@dataclass(frozen=True, slots=True)
class Device:
    """How pages are taken. medium: one of SUFFIXES. tone: colour, grey, bilevel or low (scan-pdf only)."""

    medium: str
    dpi: int
    tone: str = "colour"


def choose_device(rng: Random, *, pages: int, odd: bool = True) -> Device:
    """Mostly a colour scanner; only a PDF has more than one page. odd: grey, 1-bit and poor pictures too."""
    if pages > 1:
        medium = rng.choices(("scan-pdf", "photo-pdf"), (85, 15))[0]
    else:
        medium = rng.choices(("scan-pdf", "photo-jpg", "scan-png"), (55, 27, 18))[0]
    if medium == "scan-png":
        return Device(medium, 200)
    if medium != "scan-pdf":
        return Device(medium, rng.choice((200, 220, 250)))
    tone = rng.choices(("colour", "low", "grey", "bilevel"), (84, 6, 6, 4))[0] if odd else "colour"
    return Device(medium, rng.choice((200, 200, 240, 300)) if pages == 1 else 200, tone)


def take(rng: Random, sheets: list[page.Sheet], device: Device) -> tuple[bytes, tuple[StampedSeal, ...]]:
    """The pages as a file, and their seals where they stand now."""
    if device.medium.endswith("pdf"):
        return _as_pdf(rng, sheets, device)
    raster, seals = page.draw(rng, sheets[0], device.dpi)
    if device.medium == "photo-jpg":
        picture, moved = degrade.photograph(rng, raster, seals)
        return degrade.as_phone_jpeg(picture, rng.randint(78, 92), rng.choice((1, 1, 6, 8, 3))), moved
    picture, moved = degrade.scan(rng, raster, seals)
    return degrade.as_png(picture, device.dpi), moved


def _as_pdf(rng: Random, sheets: list[page.Sheet], device: Device) -> tuple[bytes, tuple[StampedSeal, ...]]:
    quality = rng.randint(22, 32) if device.tone == "low" else rng.randint(60, 90)
    pages: list[pdf.ScannedPage] = []
    found: list[StampedSeal] = []
    for number, sheet in enumerate(sheets, start=1):
        raster, seals = page.draw(rng, sheet, device.dpi, number)
        spoil = degrade.photograph if device.medium == "photo-pdf" else degrade.scan
        picture, moved = spoil(rng, raster, seals)
        pages.append(_page(rng, picture, device, quality))
        found += moved
    return pdf.write(pages, rng.choice(_PRODUCERS)), tuple(found)


def _page(rng: Random, picture: Raster, device: Device, quality: int) -> pdf.ScannedPage:
    height, width = picture.shape[:2]
    if device.tone == "bilevel":
        bits = np.packbits(degrade.bilevel(rng, picture) > 0, axis=1)
        return pdf.ScannedPage(zlib.compress(bits.tobytes(), 6), width, height, device.dpi, "bilevel")
    if device.tone == "grey":
        jpeg = degrade.as_jpeg(degrade.greyed(picture), quality, device.dpi)
        return pdf.ScannedPage(jpeg, width, height, device.dpi, "grey")
    return pdf.ScannedPage(degrade.as_jpeg(picture, quality, device.dpi), width, height, device.dpi)
