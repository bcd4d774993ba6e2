"""Traces by OpenTelemetry, where HEYAN_TRACES names a collector; without it a span goes nowhere.

    RPC | submission → read → page, page, ... ; → judge

Attributes are of the kind that metrics have, besides a submission's name and the first characters of a file's hash:
nothing that a document states, no file name, no label.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from services import __version__
from services.settings import SettingError

Value = str | int | float | bool
_PROPAGATOR = TraceContextTextMapPropagator()


def start_tracing(collector: str, role: str) -> None:
    """Spans of this process go to an OTLP collector, "http://host:4317". role: "server" or "worker".

    "" leaves everything off. Raises SettingError where the extra `traces` is not installed.
    """
    if not collector:
        return
    try:
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise SettingError(f"HEYAN_TRACES needs pip install 'heyan[traces]' ({error.name} is missing)") from error
    resource = Resource.create({"service.name": f"heyan-{role}", "service.version": __version__})
    provider = TracerProvider(resource=resource)
    exporter = OTLPSpanExporter(endpoint=collector, insecure=collector.startswith("http://"))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)


@contextmanager
def span(name: str, parent: Context | None = None, **attributes: Value) -> Iterator[Span]:
    """What happens within the block. An exception marks it by its type: a message may quote a file."""
    tracer = trace.get_tracer("heyan", __version__)
    with tracer.start_as_current_span(
        name, parent, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as begun:
        try:
            yield begun
        except BaseException as error:
            begun.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def parent_of(metadata: Mapping[str, str]) -> Context:
    """What the caller says in `traceparent`."""
    return _PROPAGATOR.extract(metadata)


class PageSpans:
    """A span for each page of a file, told as they are done. Made within the file's span."""

    def __init__(self) -> None:
        self._parent = contexts.get_current()
        self._last = time.time_ns()

    def heard_by(self, hear: Callable[[int, int, bytes], None]) -> Callable[[int, int, bytes], None]:
        """What a sandbox tells of pages goes on to `hear`."""

        def both(number: int, total: int, part: bytes) -> None:
            self.done(number)
            hear(number, total, part)

        return both

    def done(self, number: int) -> None:
        """Page `number` is done; it began when the one before was."""
        ended = time.time_ns()
        tracer = trace.get_tracer("heyan", __version__)
        tracer.start_span("page", self._parent, attributes={"page": number}, start_time=self._last).end(ended)
        self._last = ended
