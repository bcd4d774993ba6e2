"""A real server and its logs, metrics, health and traces: what an operator sees, and what he must never see."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
from docx import Document
from grpc_health.v1 import health_pb2, health_pb2_grpc

from clients.sdk import Client, ClientError, Upload

ROOT = Path(__file__).parents[3]
PERSONAL = ("欧阳小满", "13812345678", "ouyang.xm@example.org", "绝密文件名", "标签甲乙", "司马氏学会", "龙潭虎穴项目")


@dataclass
class Server:
    address: str
    metrics: str
    health: str
    log: Path
    process: subprocess.Popen[bytes]

    def scrape(self) -> dict[str, float]:
        with urllib.request.urlopen(f"http://{self.metrics}/metrics", timeout=20) as answer:
            lines = [line for line in answer.read().decode().splitlines() if not line.startswith("#")]
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("operation")
    made = Server(
        f"unix:{folder}/s",
        f"127.0.0.1:{free_port()}",
        f"127.0.0.1:{free_port()}",
        folder / "log",
        None,  # type: ignore[arg-type]
    )
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'proto'}",
        "HEYAN_WORKERS": "1",
        "HEYAN_LOG_FORMAT": "json",
        "HEYAN_LOG_LEVEL": "DEBUG",
        "HEYAN_METRICS_LISTEN": made.metrics,
        "HEYAN_HEALTH_LISTEN": made.health,
        "HEYAN_TRACES": "http://127.0.0.1:9",  # nobody listens: that must hurt nobody
    }
    command = [sys.executable, "-P", "-m", "services.server", "--listen", made.address, "--data", str(folder / "data")]
    with made.log.open("wb") as log:
        made.process = subprocess.Popen(command, stderr=log, stdout=log, env=environment)
    with Client(made.address) as client:
        assert client.ready(90), made.log.read_text()
    yield made
    made.process.send_signal(signal.SIGTERM)
    assert made.process.wait(60) == 0, made.log.read_text()


def paper(folder: Path) -> bytes:
    form = Document()
    for line in (
        "“智惠行动”项目申报书",
        f"申报单位：{PERSONAL[5]}",
        f"项目名称：{PERSONAL[6]}",
        f"联系人：{PERSONAL[0]}",
        f"联系电话：{PERSONAL[1]}",
        f"电子邮箱：{PERSONAL[2]}",
    ):
        form.add_paragraph(line)
    form.save(str(folder / "form.docx"))
    return (folder / "form.docx").read_bytes()


def test_logs_are_json_and_hold_nothing_personal(server: Server, tmp_path: Path) -> None:
    data = paper(tmp_path)
    files = [
        Upload(f"{PERSONAL[3]}.docx", data),
        Upload(f"{PERSONAL[3]}.pdf", b"%PDF-1.4\n" + PERSONAL[0].encode() + b"\n%%EOF"),
        Upload(f"{PERSONAL[3]}.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + PERSONAL[0].encode("utf-16-le") * 200),
        Upload(f"{PERSONAL[3]}.zip", b"PK\x03\x04" + PERSONAL[0].encode() * 50),
    ]
    with Client(server.address) as client:
        client.check(files, "zhihui-2021", label=PERSONAL[4], evidence=True, pictures=True)
        client.extract(files[0], "zhihui-2021")
        submission = client.intake.submit(files, "zhihui-2021", label=PERSONAL[4])
        client.intake.wait(submission.name)
        client.roster("zhihui-2021")
        client.evidence(submission.name)
        with pytest.raises(ClientError):
            client.intake.submit(files, "zhihui-2021", label=PERSONAL[4] + "\x00")
        with pytest.raises(ClientError):
            client.check(files, PERSONAL[6])
        list(client.intake.rejudge("zhihui-2021"))
        client.intake.erase(submission.name)
    lines = server.log.read_text(encoding="utf-8").splitlines()
    parsed = [json.loads(line) for line in lines]
    assert all({"time", "level", "logger", "message"} <= set(line) for line in parsed)
    assert any(line["message"].startswith("read sha256=") for line in parsed)
    text = "\n".join(str(line) for line in parsed)
    assert [words for words in PERSONAL if words in text] == []


def test_metrics_count_what_was_done(server: Server, tmp_path: Path) -> None:
    before = server.scrape()
    with Client(server.address) as client:
        client.check([Upload("a.docx", paper(tmp_path) + b"\x00")], "zhihui-2021")
        with pytest.raises(ClientError):
            client.check([Upload("a.docx", b"x")], "none-such")
        client.intake.upload(Upload("b", b"12345"))
    after = server.scrape()

    def grown(name: str) -> float:
        return after.get(name, 0.0) - before.get(name, 0.0)

    check = "heyan.v1.ValidationService/Check"
    assert grown(f'heyan_rpc_seconds_count{{code="OK",method="{check}"}}') == 1
    assert grown(f'heyan_rpc_seconds_count{{code="NOT_FOUND",method="{check}"}}') == 1
    assert sum(grown(name) for name in after if name.startswith("heyan_reading_seconds_count")) == 1
    assert sum(grown(name) for name in after if name.startswith("heyan_verdicts_total{")) == 1
    assert grown("heyan_store_bytes") == 5
    assert (after["heyan_readers_alive"], after["heyan_ledger_up"], after["heyan_queue_length"]) == (1, 1, 0)


def test_health_is_told_for_each_service_also_on_the_port_for_probes(server: Server) -> None:
    for address in (server.address, server.health):
        with grpc.insecure_channel(address) as channel:
            stub = health_pb2_grpc.HealthStub(channel)
            for service in ("", *(f"heyan.v1.{name}Service" for name in ("Validation", "Extraction", "Intake"))):
                answer = stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=10)
                assert answer.status == health_pb2.HealthCheckResponse.SERVING
    command = [sys.executable, "-P", "-m", "clients.cli.main", "health"]
    assert subprocess.run([*command, server.health], check=False, capture_output=True).returncode == 0
    assert subprocess.run([*command, f"127.0.0.1:{free_port()}"], check=False, capture_output=True).returncode == 4


def test_the_port_for_probes_answers_nothing_else(server: Server) -> None:
    with Client(server.health) as client, pytest.raises(ClientError):
        client.list_calls()
