"""docker/compose.yaml as processes: a server that accepts, two workers, PostgreSQL, S3 (moto). make cluster-test."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from pathlib import Path

import boto3
import pytest
from docx import Document
from moto.server import ThreadedMotoServer

from clients.sdk import Client, Upload
from heyan.v1.intake_service_pb2 import SUBMISSION_STATE_DONE, SUBMISSION_STATE_RUNNING
from tests.postgres import postgres

ROOT = Path(__file__).parents[2]
COUNT = 12


class Cluster:
    def __init__(self, folder: Path, database: str, options: Path) -> None:
        self.folder, self.address = folder, f"unix:{folder}/s"
        self._shared = {
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'proto'}",
            "HEYAN_DATABASE": database,
            "HEYAN_STORE": "s3://heyan/attachments",
            "HEYAN_STORE_OPTIONS": str(options),
            "HEYAN_WORKERS": "1",
            "HEYAN_THREADS": "1",
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, role: str) -> None:
        module = ["services.server", "--listen", self.address] if role == "server" else ["services.worker"]
        extra = {"HEYAN_DATA": str(self.folder / role), **({"HEYAN_WORK": "false"} if role == "server" else {})}
        with (self.folder / f"{role}.log").open("ab") as log:
            self.processes[role] = subprocess.Popen(
                [sys.executable, "-P", "-m", *module], env=self._shared | extra, stderr=log, stdout=log
            )
        if role == "server":
            with Client(self.address) as client:
                assert client.ready(120), (self.folder / "server.log").read_text()

    def renew(self, role: str) -> None:
        self.processes[role].send_signal(signal.SIGTERM)
        assert self.processes[role].wait(60) == 0, role
        self.start(role)

    def stop(self) -> None:
        for process in self.processes.values():
            process.kill()
            process.wait()


def form(number: int) -> bytes:
    from io import BytesIO

    made, file = Document(), BytesIO()
    for line in ("“智惠行动”项目申报书", f"项目名称：科普进乡村{number}", "申请经费：20万元"):
        made.add_paragraph(line)
    for _ in range(3000):
        made.add_paragraph(f"第{number}份申报的正文。")
    made.save(file)
    return file.getvalue()


def test_a_worker_dies_everything_is_renewed_and_every_answer_is_complete(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(postgres())
        if database is None:
            pytest.skip("PostgreSQL is not installed")
        moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        moto.start()
        stack.callback(moto.stop)
        endpoint = "http://{}:{}".format(*moto.get_host_and_port())
        keys = {"aws_access_key_id": "k", "aws_secret_access_key": "s", "region_name": "us-east-1"}
        s3 = boto3.client("s3", endpoint_url=endpoint, **keys)
        s3.create_bucket(Bucket="heyan")
        s3.close()
        options = tmp_path / "options"
        options.write_text(
            f"endpoint={endpoint}\naccess_key_id=k\nsecret_access_key=s\nregion=us-east-1\nallow_http=true\n"
        )
        cluster = Cluster(tmp_path, database.fresh(), options)
        stack.callback(cluster.stop)
        for role in ("server", "one", "two"):
            cluster.start(role)
        with Client(cluster.address) as client:
            names = [
                client.intake.submit([Upload(f"{n}.docx", form(n))], "zhihui-2021", label=str(n)).name
                for n in range(COUNT)
            ]
            held = wait_for_running(client, names)
            cluster.processes["one"].kill()
            cluster.processes["one"].wait()
            killed = time.monotonic()
            for name in held:
                client.intake.wait(name)
            assert time.monotonic() - killed < 30, "its work was resumed by the other"
            cluster.start("one")
            more = [
                client.intake.submit([Upload(f"{n}.docx", form(n))], "zhihui-2021", label=str(n)).name
                for n in range(COUNT, 2 * COUNT)
            ]
            for role in ("two", "one", "server"):
                cluster.renew(role)
        with Client(cluster.address) as client:
            for number, name in enumerate([*names, *more]):
                done = client.intake.wait(name)
                assert done.state == SUBMISSION_STATE_DONE
                (reading,) = done.report.documents
                assert reading.file_name == f"{number}.docx"
                assert not reading.HasField("unreadable")
                assert done.report.findings


def wait_for_running(client: Client, names: list[str]) -> list[str]:
    """The submissions that are being worked on; both workers have begun."""
    for _ in range(600):
        running = [name for name in names if client.intake.get(name).state == SUBMISSION_STATE_RUNNING]
        if running:
            return running
        time.sleep(0.1)
    raise TimeoutError
