from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clients.errors import Busy, DeadlineExceeded, Failed, NotFound, Refused, Unavailable, Unimplemented, Violation
from clients.sdk import CHUNK_BYTES, Client, Upload, audited
from heyan.v1.report_pb2 import VERDICT_ACCEPTABLE, VERDICT_RETURN, Report
from tests.clients.fake_server import CALL, Fake, running

CALL_ID = "zhihui-2021"


def test_a_submission_is_sent_whole_and_its_report_comes_back(fake: Fake, tmp_path: Path) -> None:
    letter = tmp_path / "x"
    letter.write_bytes(bytes(CHUNK_BYTES + 7))
    received = datetime(2021, 9, 1, 2, 30, tzinfo=UTC)
    with Client(fake.address) as client:
        answer = client.check(
            [Upload("申报表.docx", b"abc"), Upload("对接函.pdf", letter), Upload("空.txt", b"")],
            CALL_ID,
            received=received,
            label="return 1",
            evidence=True,
        )
    assert answer.report.verdict == VERDICT_RETURN
    assert [(d.file_name, d.size_bytes) for d in answer.report.documents] == [
        ("申报表.docx", 3),
        ("对接函.pdf", CHUNK_BYTES + 7),
        ("空.txt", 0),
    ]
    assert fake.validation.chunks == [3, CHUNK_BYTES, 7]
    assert answer.report.receive_time.ToDatetime(UTC) == received
    assert "return 1" in answer.evidence_html
    assert fake.validation.headers[0].call == CALL.name


def test_what_is_not_asked_for_is_not_sent(fake: Fake) -> None:
    with Client(fake.address) as client:
        answer = client.check([Upload("a", b"a")], CALL.name)
    assert answer.report.verdict == VERDICT_ACCEPTABLE
    assert not fake.validation.headers[0].HasField("receive_time")
    assert answer.evidence_html == ""


def test_a_file_is_extracted_with_and_without_a_call(fake: Fake) -> None:
    with Client(fake.address) as client:
        assert client.extract(Upload("a.pdf", b"a")).kind == ""
        assert client.extract(Upload("a.pdf", b"a"), CALL_ID).kind == "application_form"
        assert client.extract(Upload("unreadable.pdf", b"a")).unreadable.code == "damaged"


def test_calls_are_listed_and_got(fake: Fake) -> None:
    with Client(fake.address) as client:
        assert client.list_calls() == (CALL,)
        assert client.get_call(CALL_ID) == CALL
        assert client.ready()


def test_a_time_without_zone_is_refused_before_anything_is_sent(fake: Fake) -> None:
    with Client(fake.address) as client, pytest.raises(ValueError, match="time zone"):
        client.check([Upload("a", b"a")], CALL_ID, received=datetime(2021, 9, 1))
    assert fake.validation.headers == []


def test_a_local_file_that_is_gone_raises_its_own_error_and_the_server_never_sees_a_whole_submission(
    fake: Fake, tmp_path: Path
) -> None:
    with Client(fake.address) as client:
        with pytest.raises(FileNotFoundError):
            client.check([Upload("a", b"a"), Upload("b", tmp_path / "gone")], CALL_ID, label="torn")
        client.check([Upload("a", b"a")], CALL_ID, label="next")
        time.sleep(0.7)
    assert fake.validation.whole == ["next"]


@pytest.mark.parametrize(
    ("label", "kind", "status"),
    [
        ("explode", Failed, "UNKNOWN"),
        ("toomany", Refused, "RESOURCE_EXHAUSTED"),
        ("busy", Busy, "RESOURCE_EXHAUSTED"),
        ("slow", DeadlineExceeded, "DEADLINE_EXCEEDED"),
    ],
)
def test_a_failed_call_is_an_error_of_its_kind(fake: Fake, label: str, kind: type[Exception], status: str) -> None:
    with Client(fake.address) as client, pytest.raises(kind) as caught:
        client.check([Upload("a", b"a")], CALL_ID, label=label, timeout=0.5)
    assert type(caught.value) is kind
    assert caught.value.status == status  # type: ignore[attr-defined]


def test_the_servers_details_are_told_in_both_languages(fake: Fake) -> None:
    with Client(fake.address) as client:
        with pytest.raises(NotFound) as unknown:
            client.get_call("nowhere")
        assert (unknown.value.zh, unknown.value.en) == ("没有通知 calls/nowhere。", "There is no call calls/nowhere.")
        with pytest.raises(Refused) as refused:
            client.check([Upload("a", b"a")], CALL_ID, label="toomany")
        assert refused.value.violations == (Violation("HEYAN_MAX_FILES", "at most 64", "at most 64"),)
        with pytest.raises(Busy) as busy:
            client.check([Upload("a", b"a")], CALL_ID, label="busy")
        assert busy.value.retry_seconds == 5


def test_a_method_that_the_server_lacks_is_unimplemented(fake: Fake) -> None:
    with Client(fake.address) as client, pytest.raises(Unimplemented):
        client.validate([], CALL_ID)


def test_reports_are_audited_without_the_words_of_their_lines(fake: Fake) -> None:
    report = Report(label="甲", verdict=VERDICT_RETURN)
    report.receive_time.FromJsonString("2021-09-01T00:00:00Z")
    document = report.documents.add().document
    document.blocks.add().line.words.add(text="字")
    document.blocks[0].line.text = "字"
    document.tables.add().cells.add().lines.add().words.add(text="字")
    made = audited(report, sender="a@example.org")
    assert report.documents[0].document.blocks[0].line.words  # the report stays as it is
    with Client(fake.address) as client:
        (answer,) = client.audit([made], CALL_ID)
    assert list(answer.submissions) == ["甲"]
    (received,) = fake.validation.audited
    assert received == made
    assert (received.sender, received.verdict, received.receive_time) == ("a@example.org", 1, report.receive_time)
    line = received.documents[0].document.blocks[0].line
    assert (line.text, len(line.words)) == ("字", 0)


def test_an_audit_that_is_refused_raises(fake: Fake) -> None:
    with Client(fake.address) as client, pytest.raises(NotFound):
        client.audit([], "nowhere")


def test_nobody_there_is_unavailable_and_not_ready(tmp_path: Path) -> None:
    with Client(f"unix:{tmp_path}/none") as client:
        assert not client.ready()
        assert not client.loading()
        with pytest.raises(Unavailable):
            client.list_calls()


def test_a_server_that_still_loads_its_models_is_not_ready(fake: Fake) -> None:
    fake.health.status = 2  # NOT_SERVING
    with Client(fake.address) as client:
        assert not client.ready(0.2)
        assert client.loading()


def test_a_unix_socket_is_an_address(tmp_path: Path) -> None:
    with running(f"unix:{tmp_path}/s") as fake, Client(fake.address) as client:
        assert client.ready()
