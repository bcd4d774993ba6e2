"""The files that an applicant sends: named, written, scanned or photographed, some of them broken on purpose."""

from __future__ import annotations

from datetime import datetime, time
from random import Random
from typing import Any

from clients.simulator import degrade, form, letter, page, pdf, word
from clients.simulator.chance import stream
from clients.simulator.plan import FormFacts, LetterFacts, Plan
from clients.simulator.truth import StampedSeal, Statement, WrittenFile

_PRODUCERS = ("Canon iR-ADV C5535", "KONICA MINOLTA bizhub C308", "HP Scan", "EPSON Scan", "Lenovo M7675DXF")


def write_papers(name: str, plan: Plan) -> list[WrittenFile]:
    """Every file of a submission with its truth, in the order in which they were attached. name: of the chance."""
    files = []
    if plan.form is not None:
        files.append(_form_file(stream(name, "form"), plan.form))
    if plan.letter is not None:
        files.append(_letter_file(f"{name}/letter", plan.letter, truncated=plan.damage == "truncated-letter"))
    if plan.attachment:
        files.append(_third_file(stream(name, "third"), plan))
    return files


def _form_file(rng: Random, facts: FormFacts) -> WrittenFile:
    layout = rng.choice(tuple(form.LAYOUTS))
    document, statement = form.write_form(rng, facts, layout)
    society = facts.applicant.name
    stem = rng.choice(("项目申报书", f"{society}项目申报书", f"附件2 项目申报书-{society}", "申报书（终稿）"))
    return WrittenFile(f"{stem}.docx", _saved(document, facts), "application_form", "docx", layout, statement=statement)


def _saved(document: Any, facts: FormFacts) -> bytes:
    return word.to_bytes(document, facts.contact.name, datetime.combine(facts.filled_on, time(9, 30)))


def _letter_file(chance: str, facts: LetterFacts, *, truncated: bool) -> WrittenFile:
    rng = stream(chance)
    layout = rng.choice(letter.LAYOUTS)
    medium = "scan-pdf" if truncated else rng.choice(("scan-pdf", "scan-pdf", "photo-jpg", "scan-png"))
    dpi = 200 if medium == "scan-png" else rng.choice((200, 200, 240, 300) if medium == "scan-pdf" else (200, 220, 250))
    apart = medium == "scan-pdf" and rng.random() < 0.2
    sheets, statement = letter.compose(chance, facts, layout, apart=apart)
    data, seals = _captured(rng, sheets, medium, dpi)
    suffix = {"scan-pdf": ".pdf", "photo-jpg": ".jpg", "scan-png": ".png"}[medium]
    name = _letter_name(rng, facts, medium) + suffix
    lines = tuple(line for sheet in sheets for line in sheet.lines)
    if truncated:
        cut = data[: int(len(data) * rng.uniform(0.2, 0.7))]
        return WrittenFile(name, cut, "pairing_letter", medium, layout, dpi, damage="truncated")
    return WrittenFile(name, data, "pairing_letter", medium, layout, dpi, statement, seals, lines)


def _captured(rng: Random, sheets: list[page.Sheet], medium: str, dpi: int) -> tuple[bytes, tuple[StampedSeal, ...]]:
    """The pages through a scanner or a phone, as a file; only a PDF has more than one."""
    if medium == "scan-pdf":
        return _scanned_pdf(rng, sheets, dpi)
    raster, seals = page.draw(rng, sheets[0], dpi)
    if medium == "photo-jpg":
        picture, moved = degrade.photograph(rng, raster, seals)
        return degrade.as_phone_jpeg(picture, rng.randint(78, 92), rng.choice((1, 1, 6, 8, 3))), moved
    picture, moved = degrade.scan(rng, raster, seals)
    return degrade.as_png(picture, dpi), moved


def _scanned_pdf(rng: Random, sheets: list[page.Sheet], dpi: int) -> tuple[bytes, tuple[StampedSeal, ...]]:
    quality = rng.randint(60, 90)
    pages: list[pdf.ScannedPage] = []
    found: list[StampedSeal] = []
    for number, sheet in enumerate(sheets, start=1):
        raster, seals = page.draw(rng, sheet, dpi, number)
        picture, moved = degrade.scan(rng, raster, seals)
        height, width = picture.shape[:2]
        pages.append(pdf.ScannedPage(degrade.as_jpeg(picture, quality, dpi), width, height, dpi))
        found += moved
    return pdf.write(pages, rng.choice(_PRODUCERS)), tuple(found)


def _letter_name(rng: Random, facts: LetterFacts, medium: str) -> str:
    if medium == "photo-jpg" and rng.random() < 0.5:
        return f"IMG_2021{facts.issued_on:%m%d}_{rng.randint(80000, 175959):06d}"
    return rng.choice(
        (
            "关于商请共同开展科技志愿服务活动的函",
            f"{facts.sender.name}关于商请共同开展科技志愿服务活动的函",
            "附件3 商请函（盖章）",
            f"与{facts.county.name}科协结对证明",
            f"扫描件2021{facts.issued_on:%m%d}",
        )
    )


# ------------------------------------------------------------------------------------ third files


def _third_file(rng: Random, plan: Plan) -> WrittenFile:
    if plan.form is None and plan.letter is None:
        raise ValueError("a submission without any paper")
    if plan.attachment == "broken":
        return _broken(rng, plan.damage)
    names, lines = (
        (("活动实施方案.docx", "附件：实施方案.docx"), _plan_text(rng))
        if plan.attachment == "plan"
        else (("科技志愿服务队名单.docx", "专家名单.docx"), _roster_text(rng))
    )
    document = word.new_document("宋体", 12)
    for line in lines:
        word.write(document.add_paragraph(), line)
    data = word.to_bytes(document, "admin", datetime(2021, 8, 26, 15, 10))
    return WrittenFile(rng.choice(names), data, "other", "docx", statement=Statement())


def _plan_text(rng: Random) -> list[str]:
    return [
        "科技志愿服务活动实施方案",
        "一、总体安排",
        f"组织专家{rng.randint(5, 20)}名，分{rng.randint(2, 5)}批深入乡镇开展服务。",
        "二、工作要求",
        "遵守疫情防控规定，注意安全，厉行节约，及时报送信息和图片。",
    ]


def _roster_text(rng: Random) -> list[str]:
    fields = rng.sample(("栽培", "植保", "土肥", "医疗", "护理", "信息", "水利", "教育", "养殖"), 5)
    return ["科技志愿服务队专家名单", *(f"{number}. {field}专家" for number, field in enumerate(fields, start=1))]


def _broken(rng: Random, damage: str) -> WrittenFile:
    """A file that nobody can read."""
    match damage:
        case "empty":
            name = rng.choice(("补充材料.pdf", "补充材料.docx", "IMG_0021.jpg"))
            return WrittenFile(name, b"", "other", "none", damage="empty")
        case "truncated-docx":
            document = word.new_document("宋体", 12)
            for line in _plan_text(rng):
                word.write(document.add_paragraph(), line)
            data = word.to_bytes(document, "admin", datetime(2021, 8, 26, 15, 10))
            return WrittenFile("活动实施方案.docx", data[: len(data) // 3], "other", "docx", damage="truncated")
        case "encrypted-pdf":
            return WrittenFile("法人登记证书.pdf", _encrypted_pdf(rng), "other", "scan-pdf", damage="encrypted")
        case "noise":
            return WrittenFile("专家简介.docx", rng.randbytes(9_000), "other", "none", damage="noise")
        case _:
            raise ValueError(f"unknown damage: {damage}")


def _encrypted_pdf(rng: Random) -> bytes:
    """A PDF that asks for a password which nobody has (standard security handler, 128 bits)."""
    blank = pdf.ScannedPage(rng.randbytes(4_000), 800, 1100, 100)
    keys = f"/O <{rng.randbytes(32).hex()}> /U <{rng.randbytes(32).hex()}>"
    return pdf.write([blank], "WPS PDF", encryption=f"/Filter /Standard /V 2 /R 3 /Length 128 /P -1852 {keys}".encode())
