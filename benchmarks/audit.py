"""How AuditCall grows with the submissions: time, memory, and whether n log n holds.

    python -m benchmarks.audit [--sizes 250,500,1000,2000] [--plot docs/audit.svg] [--seed 7]

Readings are made up here: a Word form of about 2,500 characters and a scanned letter with two seals each, with a few
planted copies. They go over gRPC into a server of their own, after a small audit that loads what is loaded once.
seconds are from the first message to the last finding, cpu_seconds the server's processor time meanwhile (what counts
where the machine is shared), memory its highest. growth is the exponent e of cpu_seconds ~ (n log n)**e between the
smallest and the largest size.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from clients.private_server import PrivateServer
from clients.sdk import Client
from heyan.v1 import document_pb2 as document
from heyan.v1.validation_service_pb2 import AuditSubmission

CALL = "zhihui-2021"
PROVINCES = ("湖南省", "浙江省", "四川省", "云南省", "广东省", "安徽省", "贵州省", "河北省", "江西省", "福建省")
SUBJECTS = (
    "林学水利药学护理气象地质化工园艺畜牧兽医昆虫植保土壤遥感测绘营养心理康复检验眼科口腔针灸农机茶叶蚕桑水产环境材料"
)
HANZI = "".join(chr(code) for code in range(0x4E00, 0x5E00))
LABELS = ("项目名称", "申报单位", "项目负责人", "负责人电话", "联系人", "联系电话", "结对单位", "申请经费", "填报日期")


def submissions(seed: int, count: int) -> Iterator[AuditSubmission]:
    """Different applications, every fortieth with another's text, county, contact, number and seal."""
    rng = Random(seed)
    common = [_sentence(rng, 60) for _ in range(12)]
    before: AuditSubmission | None = None
    for number in range(count):
        made = AuditSubmission(name=f"申报{number:05d}", sender=f"s{number}@example.org")
        made.receive_time.FromJsonString(f"2021-09-0{1 + number % 2}T{number % 24:02d}:00:00+08:00")
        _form(made.documents.add(), rng, number, common)
        names = {field.id: field.value for field in made.documents[0].fields}
        _letter(made.documents.add(), rng, number, names["applicant"], names["partner"])
        if before is not None and number % 40 == 0:
            _copy(before, made)
        before = made
        yield made


def _form(reading: document.Reading, rng: Random, number: int, common: list[str]) -> None:
    province = PROVINCES[number % len(PROVINCES)]
    subject = rng.choice(SUBJECTS) + rng.choice(SUBJECTS) + rng.choice(HANZI)
    values = {
        "project_name": f"{subject}科技服务乡村{_sentence(rng, 6)}",
        "applicant": f"{province}{subject}学会" if number % 3 else f"中国{subject}学会",
        "leader_name": rng.choice("王李张刘陈杨黄赵周吴") + rng.choice(HANZI) + rng.choice(HANZI),
        "leader_phone": f"1{rng.randrange(3 * 10**9, 9 * 10**9)}",
        "contact_phone": f"1{rng.randrange(3 * 10**9, 9 * 10**9)}",
        "partner": f"{province}{rng.choice(HANZI)}{rng.choice(HANZI)}县科学技术协会",
        "requested_amount": str(rng.randrange(50, 200) * 1000),
    }
    _begin(reading, "application_form", "docx", rng, values)
    for label, value in zip(LABELS, values.values(), strict=False):
        _line(reading, f"{label}：{value}")
    for sentence in common:
        _line(reading, sentence)
    for _ in range(24):
        _line(reading, _sentence(rng, 100))


def _letter(reading: document.Reading, rng: Random, number: int, sender: str, addressee: str) -> None:
    _begin(reading, "pairing_letter", "jpeg", rng, {
        "document_number": f"{rng.choice(HANZI)}学函〔2021〕{number}号",
        "sender": sender,
        "addressee": addressee,
        "issued_on": "2021-08-26",
    })  # fmt: skip
    reading.document.pages.add(number=1, source=document.SOURCE_OCR, dpi=200)
    for _ in range(20):
        _line(reading, _sentence(rng, 28), page=1)
    for name in (sender, addressee):
        seal = reading.seals.add(text=name, confidence=0.9, shape=document.SEAL_SHAPE_ROUND)
        # noise is what different impressions are to one another
        seal.impression = b"\x01" + bytes(rng.randrange(1, 16) << 4 | rng.randrange(1, 16) for _ in range(768))


def _begin(reading: document.Reading, kind: str, format: str, rng: Random, values: dict[str, str]) -> None:
    reading.file_name, reading.kind, reading.sha256 = f"{kind}.{format}", kind, rng.randbytes(32).hex()
    reading.document.format = format
    for id, value in values.items():
        field = reading.fields.add(id=id, value=value, raw=value, state=document.FIELD_STATE_FOUND, confidence=0.97)
        field.engine = "text" if format == "docx" else "rapidocr"
        field.place.path = f"table 1 / row {len(reading.fields)} / cell 2"


def _line(reading: document.Reading, text: str, page: int = 0) -> None:
    line = reading.document.blocks.add().line
    line.text, line.place.page = text, page
    line.place.path = "" if page else f"paragraph {len(reading.document.blocks)}"


def _copy(source: AuditSubmission, target: AuditSubmission) -> None:
    """What is told across submissions: body, phone, county, number, seal."""
    del target.documents[0].document.blocks[22:]
    target.documents[0].document.blocks.extend(source.documents[0].document.blocks[22:])
    for paper, wanted in ((0, ("leader_phone", "partner")), (1, ("document_number",))):
        for mine, theirs in zip(target.documents[paper].fields, source.documents[paper].fields, strict=True):
            if mine.id in wanted:
                mine.CopyFrom(theirs)
    target.documents[1].seals[0].CopyFrom(source.documents[1].seals[0])


def _sentence(rng: Random, length: int) -> str:
    return "".join(rng.choices(HANZI, k=length))


def _memory(pid: int) -> tuple[int, int]:
    """Memory of a process in MB: now, and at its highest."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    found = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.startswith(("VmHWM", "VmRSS"))}
    return found["VmRSS"] // 1024, found["VmHWM"] // 1024


def _cpu(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(sizes: list[int], seed: int) -> list[dict[str, float]]:
    """One row a size, each from a server of its own."""
    rows = []
    for size in sizes:
        made = list(submissions(seed, size))
        with PrivateServer() as server, Client(server.address) as heyan:
            server.wait()
            heyan.ready(60)
            heyan.audit(made[:8], CALL)
            before, used = _memory(server.pid)[0], _cpu(server.pid)
            began = time.perf_counter()
            findings = heyan.audit(made, CALL)
            seconds, used = time.perf_counter() - began, _cpu(server.pid) - used
            _, highest = _memory(server.pid)
        rules = len({answer.finding.rule for answer in findings})
        row = {"submissions": size, "seconds": round(seconds, 2), "cpu_seconds": round(used, 2),
               "memory_mb": highest, "before_mb": before,
               "findings": len(findings), "rules": rules}  # fmt: skip
        rows.append(row)
        line = "{submissions:>6} submissions {seconds:>7.2f} s {cpu_seconds:>7.2f} CPU s {memory_mb:>5} MB"
        print(line.format(**row), flush=True)
    return rows


def growth(rows: list[dict[str, float]]) -> float | None:
    """The exponent e of (n log n)**e between the smallest and the largest size; None where nothing grew."""
    ordered = sorted(rows, key=lambda row: row["submissions"])
    work = [row["submissions"] * math.log(row["submissions"]) for row in (ordered[0], ordered[-1])]
    seconds = [row["cpu_seconds"] for row in (ordered[0], ordered[-1])]
    if min(*work, *seconds) <= 0 or work[0] == work[1]:
        return None
    return round(math.log(seconds[1] / seconds[0]) / math.log(work[1] / work[0]), 2)


def plot(rows: list[dict[str, float]], file: Path) -> None:
    """Processor seconds over submissions, beside n log n through the last point."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    sizes = [row["submissions"] for row in rows]
    last = rows[-1]["cpu_seconds"] / (sizes[-1] * math.log(sizes[-1]))
    figure, axes = pyplot.subplots(figsize=(6, 3.6))
    axes.plot(sizes, [row["cpu_seconds"] for row in rows], marker="o", label="AuditCall")
    axes.plot(sizes, [last * size * math.log(size) for size in sizes], linestyle="--", label="n log n")
    axes.set_xlabel("submissions")
    axes.set_ylabel("processor seconds")
    axes.set_ylim(bottom=0)
    axes.legend()
    figure.tight_layout()
    figure.savefig(file)


def main() -> None:
    """Prints the table, then a line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="250,500,1000,2000")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--plot", type=Path, help="write the growth as a picture (.svg, .png); needs matplotlib")
    arguments = parser.parse_args()
    rows = measure([int(size) for size in arguments.sizes.split(",")], arguments.seed)
    if arguments.plot:
        plot(rows, arguments.plot)
    print(json.dumps({"benchmark": "audit", "seed": arguments.seed, "growth": growth(rows), "rows": rows}))


if __name__ == "__main__":
    main()
