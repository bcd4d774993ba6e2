"""Neural networks in ONNX files, run on OpenVINO or ONNX Runtime, whichever is installed.

On OpenVINO a network that was measured (`<its file's name>.json` beside this module, by scripts/measure_network.py)
is made lighter when it is loaded, in memory; the files of the wheel stay as they are. See `_lighten`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
import threading
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from extractors.errors import EngineError

Picture = NDArray[np.float32]
Run = Callable[[Picture], tuple[NDArray[Any], ...]]
"""A picture in, the network's outputs out. Those are the runtime's own memory: true until the thread's next run."""

_HEAVY = 192 * 384  # weights from which a 1 × 1 convolution is worth integers: nine tenths of the arithmetic


class Network:
    """A network that several threads may run: each has a session's request of its own.

    model: an ONNX file. threads: that run it at once. characters: those it knows by its metadata, () for none.
    Raises EngineError where the file is missing or cannot be loaded, or no runtime is installed.
    """

    def __init__(self, model: Path, threads: int) -> None:
        if not model.is_file():
            raise EngineError(f"the OCR model {model.name} is missing from the package rapidocr")
        self._open, self.characters = _load(model, threads)
        self._local = threading.local()

    def __call__(self, picture: Picture) -> tuple[NDArray[Any], ...]:
        """The outputs. Raises EngineError."""
        run: Run | None = getattr(self._local, "run", None)
        if run is None:
            run = self._local.run = self._open()
        return run(picture)


def _load(model: Path, threads: int) -> tuple[Callable[[], Run], tuple[str, ...]]:
    """How to open a session for a thread, and the characters."""
    if importlib.util.find_spec("openvino") is not None:
        return _with_openvino(model, threads)
    if importlib.util.find_spec("onnxruntime") is not None:
        return _with_onnxruntime(model)
    raise EngineError("neither openvino nor onnxruntime is installed; one of them runs the OCR models")


def _with_openvino(model: Path, threads: int) -> tuple[Callable[[], Run], tuple[str, ...]]:
    # OpenVINO tells Google Analytics of its use, unasked, wherever this package of its can be imported.
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # what the import system knows as "never"
    import openvino

    core = openvino.Core()
    # One stream more, for the strips of seals are read beside the lines of the page.
    settings = {"NUM_STREAMS": threads + 1, "INFERENCE_NUM_THREADS": threads + 1, "ENABLE_CPU_PINNING": False}
    try:
        network = core.read_model(model)
        information = network.get_rt_info()
        # Looks like a mapping, but has no get().
        framework = information["framework"] if "framework" in information else {}  # noqa: SIM401
        characters = tuple(framework["character"].value.splitlines()) if "character" in framework else ()
        _lighten(network, model)
        compiled = core.compile_model(network, "CPU", settings)
    except RuntimeError as error:
        raise EngineError(f"OpenVINO cannot load {model.name}: {error}") from error

    def opened() -> Run:
        request = compiled.create_infer_request()

        def run(picture: Picture) -> tuple[NDArray[Any], ...]:
            try:
                request.infer([picture], share_inputs=True)
            except RuntimeError as error:
                raise EngineError(f"OpenVINO failed on {model.name}: {error}") from error
            return tuple(tensor.data for tensor in request.output_tensors)

        return run

    return opened, characters


def _with_onnxruntime(model: Path) -> tuple[Callable[[], Run], tuple[str, ...]]:
    import onnxruntime
    from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidProtobuf, RuntimeException

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False
    try:
        session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidProtobuf, RuntimeException) as error:
        raise EngineError(f"ONNX Runtime cannot load {model.name}: {error}") from error
    characters = tuple(session.get_modelmeta().custom_metadata_map.get("character", "").splitlines())
    name = session.get_inputs()[0].name

    def run(picture: Picture) -> tuple[NDArray[Any], ...]:
        try:
            return tuple(cast("list[NDArray[Any]]", session.run(None, {name: picture})))
        except (Fail, RuntimeException) as error:
            raise EngineError(f"ONNX Runtime failed on {model.name}: {error}") from error

    return (lambda: run), characters


def _lighten(network: Any, model: Path) -> None:
    """Change a network that was measured, in place; one that was not, or is another edition of it, stays whole.

    - Heavy convolutions compute with 8-bit integers, where the processor multiplies those fastest (VNNI).
    - A recogniser says nothing of columns that are surely blank: half of its arithmetic behind the convolutions goes
      into telling 18,000 characters apart where there is none. It then has two outputs: the likelihoods of the other
      columns, columns × classes, and which those are.
    """
    file = resources.files("extractors.ocr").joinpath(f"{model.stem}.json")
    if not file.is_file():
        return
    measured = json.loads(file.read_text(encoding="utf-8"))
    if measured["sha256"] != hashlib.sha256(model.read_bytes()).hexdigest():
        return
    if multiplies_bytes_fast():
        quantise(network, measured["ranges"])
    _spare_blanks(network, measured["blank_from"])


def multiplies_bytes_fast() -> bool:
    """Whether the processor has VNNI. Without it sums of products of bytes may overflow, and nothing is gained."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False  # not Linux: slower, and as right
    return "_vnni" in flags


def heavy_convolutions(network: Any) -> list[Any]:
    """The convolutions with constant weights that are worth integers, in the order of computation."""
    return [
        node
        for node in network.get_ordered_ops()
        if node.get_type_name() == "Convolution"
        and node.input_value(1).get_node().get_type_name() == "Constant"
        and np.prod(node.input_value(1).shape) >= _HEAVY
    ]


def quantise(network: Any, ranges: dict[str, tuple[float, float]]) -> None:
    """Have OpenVINO compute heavy convolutions with 8-bit integers: one scale an input, one a filter of the weights.

    ranges: by the convolution's name, the least and greatest value of its input as measured.
    """
    from openvino import opset13 as operations

    for node in heavy_convolutions(network):
        least, most = ranges[node.get_friendly_name()]
        least = min(0.0, least)
        step = (most - least) / 255
        zero = round(-least / step)  # 0.0 is one of the 256 steps: most values of a convolution's input are near it
        low, high = np.float32(-zero * step), np.float32((255 - zero) * step)
        inputs = operations.fake_quantize(node.input_value(0), low, high, low, high, 256)
        weights = node.input_value(1).get_node().data.astype(np.float32)
        bound = np.maximum(np.abs(weights).max(axis=(1, 2, 3), keepdims=True), np.float32(1e-8))
        filters = operations.fake_quantize(operations.constant(weights), -bound, bound, -bound, bound, 255)
        node.input(0).replace_source_output(inputs.output(0))
        node.input(1).replace_source_output(filters.output(0))
    network.validate_nodes_and_infer_types()


def _spare_blanks(network: Any, blank_from: float) -> None:
    """Tell classes apart only in columns in which the blank's own logit is less than `blank_from`."""
    from openvino import opset13 as operations

    softmax = _before(network.get_results()[0])
    addition = _before(softmax)
    product, bias = addition.input_value(0).get_node(), addition.input_value(1).get_node().data.reshape(-1)
    weights = product.input_value(1).get_node().data
    features = operations.squeeze(product.input_value(0), np.array([0]))
    blank = operations.matmul(features, operations.constant(weights[:, :1]), False, False)
    doubtful = operations.less(blank, np.float32(blank_from - bias[0]))
    columns = operations.squeeze(operations.non_zero(operations.squeeze(doubtful, np.array([1])), "i64"), np.array([0]))
    chosen = operations.gather(features, columns, np.int64(0))
    logits = operations.add(operations.matmul(chosen, operations.constant(weights), False, False), bias)
    likelihood = operations.softmax(logits, 1)
    for result in network.get_results():
        network.remove_result(result)
    network.add_results([operations.result(likelihood), operations.result(columns)])
    network.validate_nodes_and_infer_types()


def _before(node: Any) -> Any:
    """The node that this one takes its input from; ONNX files are full of nodes that only pass it on."""
    source = node.input_value(0).get_node()
    while source.get_type_name() == "Identity":
        source = source.input_value(0).get_node()
    return source
