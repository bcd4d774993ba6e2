"""Every RPC, counted and traced: an interceptor, the outermost of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from time import perf_counter
from typing import TYPE_CHECKING, Any, cast

import grpc

from services.operation.metrics import RPCS
from services.operation.traces import parent_of, span

if TYPE_CHECKING:
    Handler = grpc.RpcMethodHandler[Any, Any]
    Interceptor = grpc.aio.ServerInterceptor[Any, Any]
else:
    Interceptor = grpc.aio.ServerInterceptor


class Observing(Interceptor):
    """Methods that do not exist are left alone: a stranger could invent any number of names."""

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler:
        handler: Any = await continuation(handler_call_details)
        if handler is None:
            return cast("Handler", handler)  # there is no such method
        method = handler_call_details.method.lstrip("/")
        metadata = handler_call_details.invocation_metadata or ()
        parent = parent_of({key: value for key, value in metadata if isinstance(value, str)})

        async def answer(request: Any, context: Any) -> Any:
            with _Observed(method, context), span(method, parent):
                return await (handler.unary_unary or handler.stream_unary)(request, context)

        async def stream(request: Any, context: Any) -> AsyncIterator[Any]:
            with _Observed(method, context), span(method, parent):
                answers = (handler.unary_stream or handler.stream_stream)(request, context)
                if not hasattr(answers, "__aiter__"):  # a handler of the other style: it writes by itself
                    await answers
                    return
                async for each in answers:
                    yield each

        make: Any = {
            (False, False): grpc.unary_unary_rpc_method_handler,
            (True, False): grpc.stream_unary_rpc_method_handler,
            (False, True): grpc.unary_stream_rpc_method_handler,
            (True, True): grpc.stream_stream_rpc_method_handler,
        }[bool(handler.request_streaming), bool(handler.response_streaming)]
        behavior = stream if handler.response_streaming else answer
        made: Handler = make(behavior, handler.request_deserializer, handler.response_serializer)
        return made


class _Observed:
    """Counts one RPC by the code that it ends with."""

    def __init__(self, method: str, context: Any) -> None:
        self._method = method
        self._context = context
        self._began = perf_counter()

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        code = self._context.code()  # a number or a name, as it was set
        if isinstance(error, asyncio.CancelledError | GeneratorExit):
            name = "CANCELLED"
        elif code:
            name = code.name if isinstance(code, grpc.StatusCode) else _NAMES.get(code, "UNKNOWN")
        else:
            name = "UNKNOWN" if error is not None else "OK"
        RPCS.labels(self._method, name).observe(perf_counter() - self._began)


_NAMES = {code.value[0]: code.name for code in grpc.StatusCode}
