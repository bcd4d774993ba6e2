"""heyan beside the stack that one would put together in an afternoon: the same submissions, time and fields right.

    python -m benchmarks.obvious [--count 8]

The obvious stack: soffice converts the form to .docx, python-docx reads its tables and paragraphs, a label is followed
by its value; pdf2image and pytesseract, as installed, read the letter, regular expressions take its fields. It needs
LibreOffice, poppler and Tesseract; without them this benchmark says so and measures nothing.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import docx
import pytesseract
from pdf2image import convert_from_path
from PIL import Image

from benchmarks.truth import Tally, as_stated, cases, stated, values
from clients.private_server import PrivateServer
from clients.sdk import Client

# What a programmer would take from the blank form: the first label of each field.
LABELS = {
    "项目名称": "project_name", "申报单位": "applicant", "单位名称": "applicant", "学会名称": "applicant",
    "项目负责人": "leader_name", "联系人": "contact_name", "联系电话": "contact_phone", "电子邮箱": "contact_email",
    "结对单位": "partner", "申请经费": "requested_amount", "项目总经费": "total_budget", "填报日期": "filled_on",
}  # fmt: skip
LETTER = {
    "document_number": r"(\S+函〔\d{4}〕\d+号)",
    "addressee": r"^(\S+科学技术协会)[:：]",
    "contact_name": r"联系人[:：]\s*(\S+?)[,，;；\s]",
    "contact_phone": r"电话[:：]\s*([\d-]+)",
    "activity_name": r"“(.+?)”",
}


def tidied(text: str) -> str:
    """Dates and amounts as one would tidy them in an afternoon."""
    if date := re.fullmatch(r"(\d{4})[年.-](\d{1,2})[月.-](\d{1,2})日?", text):
        return f"{int(date[1]):04}-{int(date[2]):02}-{int(date[3]):02}"
    if amount := re.fullmatch(r"([\d,]+(?:\.\d+)?)(万?)元?", text):
        number = float(amount[1].replace(",", "")) * (10_000 if amount[2] else 1)
        return f"{number:g}" if number < 1e6 else str(int(number))
    return text


def form_fields(path: Path, folder: Path) -> dict[str, str]:
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "docx", "--outdir", str(folder), str(path)],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    document = docx.Document(str(folder / (path.stem + ".docx")))
    found: dict[str, str] = {}
    for table in document.tables:
        for row in table.rows:
            texts = [cell.text.strip() for cell in row.cells]
            for label, value in itertools.pairwise(texts):
                if label in LABELS and value != label:
                    found.setdefault(LABELS[label], value)
    for paragraph in document.paragraphs:
        label, colon, value = paragraph.text.partition("：")
        if colon and label.strip() in LABELS:
            found.setdefault(LABELS[label.strip()], value.strip())
    return found


def letter_fields(path: Path) -> dict[str, str]:
    pages = convert_from_path(str(path)) if path.suffix == ".pdf" else [Image.open(path)]
    text = "\n".join(pytesseract.image_to_string(page, lang="chi_sim") for page in pages).replace(" ", "")
    return {id: match[1] for id, pattern in LETTER.items() if (match := re.search(pattern, text, re.MULTILINE))}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=8)
    count = parser.parse_args().count
    missing = [name for name in ("soffice", "pdftoppm", "tesseract") if shutil.which(name) is None]
    if missing:
        print(json.dumps({"benchmark": "obvious", "skipped": f"not installed: {', '.join(missing)}"}))
        return 0
    chosen = [case for case in cases(1, 40) if not case.planted and case.truth["delivery"] == "word"][:count]
    ours, theirs = Tally(), Tally()
    seconds: dict[str, list[float]] = {"heyan": [], "obvious": []}
    with PrivateServer() as server, Client(server.address) as heyan, tempfile.TemporaryDirectory() as scratch:
        server.wait()
        heyan.ready(60)
        heyan.check(chosen[0].uploads, "zhihui-2021")
        for case in chosen:
            began = time.perf_counter()
            report = heyan.check(case.uploads, "zhihui-2021", received=case.received).report
            seconds["heyan"].append(time.perf_counter() - began)
            readings = {reading.file_name: values(reading) for reading in report.documents}
            began = time.perf_counter()
            plain = {
                file["name"]: form_fields(case.folder / file["name"], Path(scratch))
                if file["medium"] == "docx"
                else letter_fields(case.folder / file["name"])
                for file in case.truth["files"]
            }
            seconds["obvious"].append(time.perf_counter() - began)
            for file in case.truth["files"]:
                for id, value in stated(file):
                    ours.add(id, value, as_stated(readings[file["name"]].get(id), value), file["name"])
                    theirs.add(id, value, tidied(plain[file["name"]].get(id, "")), file["name"])
    print(
        json.dumps(
            {
                "benchmark": "obvious",
                "submissions": len(chosen),
                "heyan_seconds": round(median(seconds["heyan"]), 3),
                "obvious_seconds": round(median(seconds["obvious"]), 3),
                "times_faster": round(
                    median(o / h for o, h in zip(seconds["obvious"], seconds["heyan"], strict=True)), 2
                ),
                "heyan_fields_right": round(ours.rate(), 4),
                "obvious_fields_right": round(theirs.rate(), 4),
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
