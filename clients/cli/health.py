"""`heyan health`: can a server or worker work now? For probes of containers."""

from __future__ import annotations

import click

from clients.cli import exits


@click.command("health")
@click.argument("address", metavar="ADDR")
@click.option("--service", default="", metavar="NAME", help="heyan.v1.IntakeService …；默认整体 the whole by default")
@click.option("--seconds", default=3.0, show_default=True, help="最长等待 longest wait")
def command(address: str, service: str, seconds: float) -> int:
    """服务是否就绪 whether it says SERVING. ADDR: host:port（HEYAN_HEALTH_LISTEN 或 or HEYAN_LISTEN）或 or unix:/path.

    退出码 exit code: 0 就绪 serving, 4 未就绪 it is not, or does not answer.
    """
    import grpc
    from grpc_health.v1 import health_pb2, health_pb2_grpc

    with grpc.insecure_channel(address, options=[("grpc.enable_http_proxy", 0)]) as channel:
        request = health_pb2.HealthCheckRequest(service=service)
        try:
            status = health_pb2_grpc.HealthStub(channel).Check(request, timeout=seconds).status
        except grpc.RpcError as error:
            click.echo(f"{address}: {error.code().name}", err=True)
            return exits.SERVICE_FAILED
    click.echo(health_pb2.HealthCheckResponse.ServingStatus.Name(status))
    return exits.DONE if status == health_pb2.HealthCheckResponse.SERVING else exits.SERVICE_FAILED
