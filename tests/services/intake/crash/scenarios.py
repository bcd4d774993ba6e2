"""Single things that go wrong, each looked at from outside the service."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from clients.errors import ClientError
from clients.sdk import Client, Upload
from heyan.v1 import intake_service_pb2 as pb
from heyan.v1.report_pb2 import Report
from tests.postgres import Postgres, postgres, programs
from tests.services.intake.crash.papers import Papers
from tests.services.intake.crash.plant import Plant

_CALL = "zhihui-2021"
_READY_SECONDS = 120.0


@contextlib.contextmanager
def server(data: Path, *options: str, under: tuple[str, ...] = (), listen: Path | None = None) -> Iterator[Client]:
    """A real server that keeps its data in a folder; a client of it."""
    socket = listen or data / "s"
    command = [*under, sys.executable, "-m", "services.server", "--data", str(data), "--listen", f"unix:{socket}"]
    environment = {**os.environ, "HEYAN_WORKERS": "1", "HEYAN_THREADS": "1", "HEYAN_RESERVE_MB": "6"}
    log = Path(f"{socket}.log")
    with log.open("ab") as output:
        process = subprocess.Popen([*command, *options], stderr=output, env=environment, start_new_session=True)
    try:
        with Client(f"unix:{socket}") as client:
            end = time.monotonic() + _READY_SECONDS
            while not client.ready():
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(log.read_text()[-2000:])
                time.sleep(0.1)
            yield client
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def undisturbed(papers: Papers, count: int) -> dict[int, Report]:
    """What a server says that nobody kills, which reads every file anew."""
    expected: dict[int, Report] = {}
    with tempfile.TemporaryDirectory() as folder, server(Path(folder), "--private") as client:
        for number in range(count):
            files = [Upload(name, data) for name, data in papers.files(number)]
            expected[number] = client.check(files, _CALL, label=str(number), timeout=120).report
    return expected


# ------------------------------------------------------------------------------------------ takeover


def takeover() -> list[str]:
    """A worker is killed in the middle of a long scan."""
    problems: list[str] = []
    with tempfile.TemporaryDirectory(prefix="heyan-crash-") as folder, postgres() as cluster:
        if cluster is None:
            print("  PostgreSQL is not installed: not tried")
            return []
        plant = Plant(Path(folder), cluster, 1, real=True)
        try:
            with Client(f"unix:{folder}/s") as client, psycopg.connect(plant.database, autocommit=True) as ledger:
                while not client.ready():
                    time.sleep(0.1)
                submission = client.intake.submit([Upload("扫描.pdf", long_scan(40))], _CALL)
                holder, kept = _wait_for_pages(ledger, 8)
                killed = next(role for role, process in plant.processes.items() if f"-{process.pid}-" in holder)
                plant.processes[killed].kill()
                began = time.monotonic()
                while _holder(ledger) in (holder, None):
                    time.sleep(0.05)
                seconds = time.monotonic() - began
                print(f"  {killed} was killed after {kept} pages were kept; another took over after {seconds:.1f} s")
                if seconds > 30:
                    problems.append("nobody took over within 30 s")
                done: list[int] = []
                for event in client.intake.watch(submission.name):
                    done.append(event.pages_done)
                restart = max(index for index, pages in enumerate(done) if pages == 0)
                after = next(pages for pages in done[restart:] if pages)
                print(f"  pages told: {max(done[:restart], default=0)} before, then from {after} on")
                if after < kept:
                    problems.append(f"{kept} pages were kept, and the next worker told {after} first")
                report = client.intake.get(submission.name).report
                if [page.number for page in report.documents[0].document.pages] != list(range(1, 41)):
                    problems.append("the pages of the report are not those of the scan")
        finally:
            plant.stop()
    return problems


def long_scan(pages: int) -> bytes:
    """Pages that differ, each a picture with some lines of text."""
    from PIL import Image, ImageDraw

    pictures = []
    for number in range(pages):
        picture = Image.new("RGB", (1240, 1754), "white")
        pen = ImageDraw.Draw(picture)
        for line in range(24):
            pen.text(
                (120, 120 + 60 * line),
                f"page {number + 1} line {line} of the paper 2021-09-{line + 1:02d}",
                "black",
                font_size=36,
            )
        pictures.append(picture)
    path = Path(tempfile.mkdtemp()) / "scan.pdf"
    pictures[0].save(path, save_all=True, append_images=pictures[1:], resolution=150)
    data = path.read_bytes()
    shutil.rmtree(path.parent)
    return data


def _holder(ledger: psycopg.Connection[Any]) -> str | None:
    row = ledger.execute("SELECT worker FROM jobs").fetchone()
    return row[0] if row else "nobody: it is done"


def _wait_for_pages(ledger: psycopg.Connection[Any], least: int) -> tuple[str, int]:
    while True:
        row = ledger.execute("SELECT count(*) FROM pages").fetchone()
        if row is not None and row[0] >= least:
            return str(_holder(ledger)), row[0]
        time.sleep(0.05)


# ------------------------------------------------------------------------------------------ fsync


def fsync() -> list[str]:
    """What has been forced to disk between a request and its acknowledgement, as strace sees it."""
    if shutil.which("strace") is None:
        print("  strace is not installed: not observed")
        return []
    problems = _fsync_sqlite()
    if programs() is not None:
        problems += _fsync_postgresql()
    return problems


def _traced(log: Path) -> tuple[str, ...]:
    calls = "fsync,fdatasync,rename,renameat,renameat2"
    return ("strace", "-f", "-qq", "-ttt", "-y", "-e", f"trace={calls}", "-e", "signal=none", "-o", str(log))


def _seen(log: Path, began: float, ended: float) -> list[str]:
    """Calls that ended in success within the time, in their order: "fsync /data/…"."""
    found: list[str] = []
    pending: dict[str, str] = {}
    for line in log.read_text(errors="replace").splitlines():
        process, moment, call = line.split(None, 2)
        if call.endswith("<unfinished ...>"):
            pending[process] = call
            continue
        if call.startswith("<..."):
            call = pending.pop(process, "") + call
        path = re.search(r"<(/[^>]*)>", call) or re.search(r'"(/[^"]*)"', call)
        if began <= float(moment) <= ended + 0.05 and call.rstrip().endswith("= 0") and path:
            found.append(f"{call.split('(')[0]} {path[1]}")
    return found


def _fsync_sqlite() -> list[str]:
    problems: list[str] = []
    with tempfile.TemporaryDirectory(prefix="heyan-crash-") as folder:
        data, log = Path(folder) / "data", Path(folder) / "strace"
        data.mkdir()
        with server(data, under=_traced(log), listen=Path(folder) / "s") as client:
            content = os.urandom(300_000)
            sha256 = hashlib.sha256(content).hexdigest()
            time.sleep(1)
            began = time.time()
            client.intake.upload(Upload("a.txt", content))
            uploaded = time.time()
            request = pb.CreateSubmissionRequest(
                request_id="r", call=f"calls/{_CALL}", attachments=[f"attachments/{sha256}"], priority=pb.PRIORITY_BATCH
            )
            client.intake.create(request)
            created = time.time()
            time.sleep(0.5)
        seen = _seen(log, began, uploaded)
        wanted = [
            "fsync .*/incoming/incoming-",
            "rename .*",
            f"fsync .*/attachments/{sha256[:2]}$",
            "fdatasync .*heyan.sqlite-wal|fsync .*heyan.sqlite-wal",
        ]
        problems += _in_order(seen, wanted, "upload")
        problems += _in_order(_seen(log, uploaded, created), wanted[-1:], "submission")
    return problems


def _fsync_postgresql() -> list[str]:
    problems: list[str] = []
    bin = programs()
    assert bin is not None
    folder = Path(tempfile.mkdtemp(prefix="heyan-crash-", dir="/tmp"))
    folder.chmod(0o755)  # PostgreSQL runs as another user
    try:
        database, data = folder / "pg", folder / "data"
        database.mkdir()
        data.mkdir()
        log = folder / "pg" / "strace"
        cluster = Postgres(database, bin, fsync=True, under=_traced(log))
        try:
            os.environ["HEYAN_DATABASE"] = cluster.fresh()
            with server(data, listen=folder / "s") as client:
                for what in ("upload", "submission"):
                    time.sleep(1)
                    began = time.time()
                    if what == "upload":
                        attachment = client.intake.upload(Upload("a.txt", b"some text"))
                    else:
                        client.intake.create(
                            pb.CreateSubmissionRequest(request_id="r", call=f"calls/{_CALL}", attachments=[attachment])
                        )
                    ended = time.time()
                    time.sleep(0.3)
                    problems += _in_order(
                        _seen(log, began, ended), ["f(data)?sync .*/pg_wal/"], f"{what} on PostgreSQL"
                    )
        finally:
            del os.environ["HEYAN_DATABASE"]
            cluster.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return problems


def _in_order(seen: list[str], wanted: list[str], what: str) -> list[str]:
    position, shown = 0, []
    for call in seen:
        if position < len(wanted) and re.search(wanted[position], call):
            position += 1
            shown.append(" ".join([call.split()[0], "…" + "/".join(call.split("/")[-2:])[-32:]]))
    print(f"  {what}: before its acknowledgement {', '.join(shown) or 'nothing'}")
    return [] if position == len(wanted) else [f"{what}: {wanted[position]} was not seen in time, but {seen}"]


# ------------------------------------------------------------------------------------------ a full disk


def full_disk() -> list[str]:
    """The data folder is on a disk of 24 MB."""
    problems: list[str] = []
    mounting = 'mount -t tmpfs -o size=24m tmpfs "$0" && exec "$@"'
    with tempfile.TemporaryDirectory(prefix="heyan-crash-") as folder:
        data, listen = Path(folder) / "data", Path(folder) / "s"
        data.mkdir()
        under = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mounting, str(data))
        if subprocess.run([*under, "true"], capture_output=True, check=False).returncode:
            print("  no file system of one's own can be mounted here: not tried")
            return []
        with server(data, under=under, listen=listen) as client:
            names, attachments = [], []
            refused = 0
            for number in range(400):
                try:
                    submission = client.intake.submit(
                        [Upload("a.txt", f"{number}\n".encode() + os.urandom(150_000))], _CALL, request_id=f"r-{number}"
                    )
                    names.append(submission.name)
                    attachments.extend(submission.attachments)
                except ClientError as error:
                    refused += 1
                    if error.status != "RESOURCE_EXHAUSTED":
                        problems.append(f"a full disk is told as {error.status}: {error}")
                    if refused == 20:
                        break
            print(f"  {len(names)} submissions of 150 kB were accepted on 24 MB, then {refused} got RESOURCE_EXHAUSTED")
            if not names or refused < 20:
                problems.append("the disk was never full")
            kept = {each.name for each in client.intake.list()}
            if kept != set(names):
                problems.append(f"{len(names)} were acknowledged, {len(kept)} are kept")
            if missing := client.intake.missing(attachments):
                problems.append(f"{len(missing)} acknowledged attachments are missing")
            erased = names[: len(names) // 2]
            for name in erased:
                client.intake.erase(name)
            print(f"  {len(erased)} were erased on the full disk")
            client.intake.submit([Upload("b.txt", os.urandom(150_000))], _CALL)
            for name in names[len(erased) :]:
                ended = client.intake.wait(name)
                if ended.state != pb.SUBMISSION_STATE_DONE:
                    problems.append(f"{name} ended as {ended.state} {ended.failure}")
            print(f"  then the next was accepted, and the other {len(names) - len(erased)} came to their end")
    return problems
