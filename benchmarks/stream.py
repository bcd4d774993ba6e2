"""A scan of many pages: does memory grow with pages, how often is progress told, and how soon does cancelling stop it?

    python -m benchmarks.stream [--pages 300] [--dpi 120]

The pages are three scanned pages of letters of seed 1, over and over. Resident memory is that of the one reading
process after each page, and of this one, which receives the pages and the answer. Cancelling is timed in the middle of
a page, until the process is gone.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import time
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from PIL import Image

from benchmarks.truth import cases
from extractors.limits import Limits
from heyan.v1.document_pb2 import Reading
from services.extraction import worker
from services.extraction.sandbox import Bounds, Sandbox
from services.extraction.worker import Job, WorkerSettings
from services.settings import Settings
from services.validation.registry import Registry

_CASES = 12


def scan(pages: int, dpi: int) -> bytes:
    """A PDF of so many scanned pages."""
    pictures: list[Image.Image] = []
    for case in cases(1, _CASES):
        letter = Path(case.folder) / case.truth["files"][-1]["name"]
        if letter.suffix == ".pdf" and len(pictures) < 3:
            for page in pdfium.PdfDocument(letter.read_bytes()):
                pictures.append(page.render(scale=dpi / 72).to_pil().convert("RGB"))
    wanted = [pictures[number % 3] for number in range(pages)]
    file = io.BytesIO()
    wanted[0].save(file, "PDF", resolution=dpi, save_all=True, append_images=wanted[1:], quality=80)
    return file.getvalue()


def resident(pid: int) -> float:
    """MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise LookupError("no VmRSS")


async def measure(data: bytes, pages: int) -> None:
    settings = Settings()
    forms = Registry.from_folder(settings.calls).get("calls/zhihui-2021").forms
    box = Sandbox(
        worker.start,
        worker.run,
        argument=WorkerSettings("rapidocr", 1, Limits(), "WARNING"),
        workers=1,
        bounds=Bounds(600, 4096, 100, 60, 500),
    )
    try:
        await box.ready()
        (pid,) = box.processes()
        reading, own, told = [], [], []
        began = time.perf_counter()

        def hear(number: int, total: int, leaf: bytes) -> None:
            reading.append(resident(pid))
            own.append(resident(os.getpid()))
            told.append((time.perf_counter() - began, len(leaf)))

        answer = await box.run(Job(data, forms, pictures=True, keep=True), hear=hear)
        seconds = time.perf_counter() - began
        gaps = np.diff([0.0, *(moment for moment, _ in told)])
        print(f"file of {len(data) / 2**20:.0f} MiB, {len(told)} pages told, {seconds / pages:.2f} s a page")
        print(f"a page was told every {np.median(gaps):.2f} s, at the most after {gaps.max():.2f} s")
        for name, series in (("reading process", reading), ("receiving process", own)):
            at = [series[min(len(series), mark) - 1] for mark in (10, pages // 3, 2 * pages // 3, pages)]
            growth = (at[-1] - at[1]) / (pages - pages // 3)
            shown = ", ".join(f"{value:.0f}" for value in at)
            print(f"{name}: {shown} MiB after 10, a third, two thirds, all pages; {growth:.3f} MiB a page")
        print(f"reading process at its end {resident(pid):.0f} MiB")
        parsed = Reading.FromString(answer)
        previews = sum(len(page.preview) for page in parsed.document.pages)
        print(
            f"the answer has {len(answer) / 2**20:.1f} MiB, {previews / 2**20:.1f} MiB of them previews; "
            f"a page as it is kept {np.mean([size for _, size in told]) / 1024:.0f} KiB"
        )
        for _ in range(3):
            task = asyncio.create_task(box.run(Job(data, forms)))
            await asyncio.sleep(6.0)
            running = box.processes()
            task.cancel()
            cancelled = time.perf_counter()
            while any(Path(f"/proc/{pid}").exists() for pid in running):
                await asyncio.sleep(0.01)
            print(f"cancelled: its process was gone after {time.perf_counter() - cancelled:.2f} s")
            await box.ready()
    finally:
        box.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--dpi", type=int, default=120)
    arguments = parser.parse_args()
    asyncio.run(measure(scan(arguments.pages, arguments.dpi), arguments.pages))


if __name__ == "__main__":
    main()
