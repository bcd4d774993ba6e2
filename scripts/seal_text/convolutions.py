"""The recogniser's convolutions in PyTorch: from the picture to what the neck is given. PP-OCRv6 small.

The graph is taken from the file: convolutions with their biases, sums, products, means over the picture, ReLU, hard
sigmoids and GELU, which the file spells with erf. Parameters have the names of the network's constants.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from extractors.ocr.graphs import passed_on
from extractors.ocr.networks import Constants
from scripts.seal_text.neck import constant_key

LAST = "AvgPool"  # the neck follows
_ABOUT_SHAPES = ("ShapeOf", "VariadicSplit", "Reshape", "Parameter", "Constant", "Identity")


@dataclass(slots=True)
class _Step:
    """A layer: what it does, its name, what it is given by name, and for a convolution its weight and bias."""

    kind: str
    name: str
    given: tuple[str, ...]
    weight: str = ""
    bias: str = ""
    how: dict[str, Any] = field(default_factory=dict)


class Convolutions(nn.Module):  # type: ignore[misc]
    """Pictures of one width in, batch × 3 × 48 × width, -1 to 1; batch × 384 × columns out."""

    def __init__(self, model: Path, tuned: Constants) -> None:
        """tuned: weights that take the place of the file's own, as far as it has them."""
        import openvino

        super().__init__()
        self._steps: list[_Step] = []
        self._shapes: dict[str, tuple[int, ...]] = {}
        for node in openvino.Core().read_model(model).get_ordered_ops():
            self._add(node, tuned)
            if node.get_type_name() == LAST:
                break

    def forward(self, pictures: Tensor) -> Tensor:
        values = {"x": pictures}
        last = {name: step for step in self._steps for name in step.given}
        for step in self._steps:
            values[step.name] = self._made(step, [values[name] for name in step.given])
            for name in step.given:
                if last[name] is step:
                    values.pop(name, None)
        return values[self._steps[-1].name][:, :, 0]

    def constants(self) -> dict[str, NDArray[np.float32]]:
        """By the network's names, of the shapes they have there."""
        return {
            name: getattr(self, constant_key(name)).detach().float().contiguous().numpy().reshape(shape)
            for name, shape in self._shapes.items()
        }

    def _made(self, step: _Step, given: list[Tensor]) -> Tensor:
        first = given[0]
        match step.kind:
            case "convolution":
                weight, bias = getattr(self, constant_key(step.weight)), getattr(self, constant_key(step.bias))
                if step.how["beyond"]:
                    first = F.pad(first, (0, 1, 0, 1))
                return F.conv2d(
                    first, weight, bias, step.how["strides"], step.how["pads"],
                    groups=first.shape[1] // weight.shape[1],
                )  # fmt: skip
            case "sum":
                return first + given[1]
            case "product":
                return first * given[1]
            case "Concat":
                return torch.cat(given, 1)
            case "ReduceMean":
                return first.mean((2, 3), keepdim=True)
            case "Relu":
                return F.relu(first)
            case "HardSigmoid":
                return F.hardsigmoid(first)
            case "gelu":
                return F.gelu(first)
            case "MaxPool":
                return F.max_pool2d(F.pad(first, (0, 1, 0, 1)), 2, 1)
            case _:
                return F.avg_pool2d(first, **step.how)

    def _add(self, node: Any, tuned: Constants) -> None:
        """The node as a step, or as a part of the one before. Raises NotImplementedError for what is not known."""
        kind, name = node.get_type_name(), node.get_friendly_name()
        if kind in _ABOUT_SHAPES or (kind in ("Divide", "Concat") and _is_whole(node)):
            return
        sources = [_source(value) for value in node.input_values()]
        names = tuple(source.get_friendly_name() for source in sources if source.get_type_name() != "Constant")
        constant = next((source for source in sources[1:] if source.get_type_name() == "Constant"), None)
        attributes = node.get_attributes()
        match kind:
            case "Convolution" | "GroupConvolution":
                weight = sources[1]
                while weight.get_type_name() == "Reshape":
                    weight = _source(weight.input_value(0))
                beyond = attributes["auto_pad"] == "same_upper"
                pads = [0, 0] if beyond else list(attributes["pads_begin"])
                how = {"strides": list(attributes["strides"]), "pads": pads, "beyond": beyond}
                self._steps.append(_Step("convolution", name, names[:1], self._constant(weight, tuned), how=how))
            case "Add" if constant is not None and self._steps[-1].name == names[0]:
                self._steps[-1].bias, self._steps[-1].name = self._constant(constant, tuned), name
            case "Add" if constant is not None:
                pass  # within GELU, as are its quotient, erf and first product
            case "Add":
                self._steps.append(_Step("sum", name, names))
            case "Divide":
                self._halved = names[0]
            case "Erf":
                pass
            case "Multiply" if constant is not None:
                self._steps.append(_Step("gelu", name, (self._halved,)))
            case "Multiply" if _follows_erf(sources[1]):
                pass
            case "Multiply":
                self._steps.append(_Step("product", name, names))
            case "AvgPool":
                how = {"kernel_size": list(attributes["kernel"]), "stride": list(attributes["strides"])}
                self._steps.append(_Step(kind, name, names, how=how))
            case "Relu" | "MaxPool" | "Concat" | "ReduceMean" | "HardSigmoid":
                self._steps.append(_Step(kind, name, names))
            case _:
                raise NotImplementedError(f"{kind} {name}")

    def _constant(self, node: Any, tuned: Constants) -> str:
        name = str(node.get_friendly_name())
        if name not in self._shapes:
            value = torch.tensor(np.array(tuned.get(name, node.data), np.float32))
            self._shapes[name] = tuple(value.shape)
            is_bias = len(value) == 1 and value.dim() == 4
            value = value.reshape(-1) if is_bias else value.contiguous(memory_format=torch.channels_last)
            self.register_parameter(constant_key(name), nn.Parameter(value))
        return name


def _source(value: Any) -> Any:
    """The node that a value comes from."""
    return passed_on(value).get_node()


def _is_whole(node: Any) -> bool:
    """Whether it reckons with shapes and not with pictures."""
    return bool(node.get_output_element_type(0).is_integral())


def _follows_erf(node: Any) -> bool:
    return bool(node.get_type_name() == "Add" and _source(node.input_value(0)).get_type_name() == "Erf")
