import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from heyan.v1 import validation_service_pb2  # noqa: F401
from services.operation.metrics import MetricsPort, is_loopback
from services.operation.traces import PageSpans, parent_of, span
from services.settings import SettingError, Settings


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", lambda name, version=None: provider.get_tracer(name, version))
    return exporter


def test_a_file_has_a_span_for_each_page_below_its_own(spans: InMemorySpanExporter) -> None:
    parent = parent_of({"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"})
    with span("rpc", parent), span("read", sha256="abc", bytes=3):
        pages = PageSpans()
        pages.done(1)
        pages.done(2)
    made = {(each.name, (each.attributes or {}).get("page")): each for each in spans.get_finished_spans()}
    assert set(made) == {("rpc", None), ("read", None), ("page", 1), ("page", 2)}
    read = made["read", None]
    assert format(read.context.trace_id, "032x") == "0af7651916cd43dd8448eb211c80319c", "it goes on the caller's trace"
    for number in (1, 2):
        page = made["page", number]
        assert page.parent is not None
        assert page.parent.span_id == read.context.span_id
    assert made["page", 2].start_time == made["page", 1].end_time


def test_what_goes_wrong_is_told_by_its_type_alone(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError), span("read"):
        raise ValueError("张三 13812345678")
    (made,) = spans.get_finished_spans()
    assert made.status.description == "ValueError"
    assert made.events == ()


@pytest.mark.parametrize("listen", ["0.0.0.0:9464", "[::]:9464", "10.1.2.3:9464", "db.example:9464"])
async def test_metrics_are_on_this_machine_alone_unless_a_setting_says_otherwise(listen: str) -> None:
    with pytest.raises(SettingError, match="HEYAN_METRICS_ANYWHERE"):
        MetricsPort(listen, None, None, anywhere=False)  # type: ignore[arg-type]


def test_addresses() -> None:
    assert is_loopback("::1")
    assert is_loopback("127.0.0.9")
    assert not is_loopback("example.org")


def test_settings_of_logs_and_traces_are_checked() -> None:
    for name, value in (("HEYAN_LOG_FORMAT", "xml"), ("HEYAN_TRACES", "host:4317")):
        with pytest.raises(SettingError, match=name):
            Settings.from_environment({name: value})
