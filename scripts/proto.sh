#!/usr/bin/env bash
# Generates the stubs (*_pb2.py, *_pb2_grpc.py, .pyi) from proto/ into a folder: scripts/proto.sh BIN OUT
set -euo pipefail
bin=$1
out=$2
mkdir -p "$out"
PATH="$bin:$PATH" "$bin/python" -m grpc_tools.protoc -Iproto \
    --python_out="$out" --mypy_out="quiet:$out" proto/heyan/v1/*.proto proto/buf/validate/validate.proto
PATH="$bin:$PATH" "$bin/python" -m grpc_tools.protoc -Iproto \
    --grpc_python_out="$out" --mypy_grpc_out="quiet:$out" proto/heyan/v1/*_service.proto
