"""gRPC's poller is kept to the end of the process: it may hang for ever where it is shut down (grpc/grpc#40989)."""

import grpc


def hold_poller() -> None:
    """The last server or channel that goes would shut it down, in whichever thread it is collected."""
    grpc.aio.init_grpc_aio()  # type: ignore[attr-defined]  # public, unknown to grpc-stubs
