"""The recogniser's neck in PyTorch: from the pooled convolutions to what the classifier weighs. PP-OCRv6 small.

A 1 × 1 convolution to 120 channels, a 1 × 7 one beside it, two layers of attention over all columns, and a shortcut
around them. Its parameters have the names of the network's constants.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from extractors.ocr.networks import read_constants

_CHANNELS, _HEADS = 120, 8
_NORMS = (55, 56, 57)
TRAINED = (
    "conv2d_65.w_0", "conv2d_66.w_0", "conv2d_67.w_0",
    *(f"batch_norm2d_{number}.{part}" for number in _NORMS for part in ("w_0", "b_0")),
    *(f"linear_{number}.{part}" for number in range(8) for part in ("w_0", "b_0")),
    *(f"helper.reshape.{number}" for number in range(10)),
)  # fmt: skip
_KEPT = tuple(f"batch_norm2d_{number}.{part}" for number in _NORMS for part in ("w_1", "w_2"))
_HEAD = ("linear_8.w_0", "linear_8.b_0")
_LAYER_EPSILON = "helper.constant.45"


class Neck(nn.Module):  # type: ignore[misc]
    """Features of one width in, batch × 384 × columns; batch × columns × 120 out."""

    def __init__(self, constants: dict[str, NDArray[np.float32]], epsilon: float) -> None:
        """constants: from `constants_of`. epsilon: of the batch norms."""
        super().__init__()
        for name in TRAINED:
            self.register_parameter(constant_key(name), nn.Parameter(torch.tensor(constants[name])))
        for name in _KEPT:
            self.register_buffer(constant_key(name), torch.tensor(constants[name]))
        self._epsilon = epsilon
        self._layer_epsilon = float(constants[_LAYER_EPSILON])

    def forward(self, features: Tensor) -> Tensor:
        x = features[:, :, None]
        around = F.silu(self._norm(F.conv2d(x, self._of("conv2d_67.w_0")), 57))
        x = F.silu(self._norm(F.conv2d(x, self._of("conv2d_65.w_0")), 55))
        beside = F.conv2d(x, self._of("conv2d_66.w_0"), padding=(0, 3), groups=_CHANNELS)
        x = x + F.silu(self._norm(beside, 56))
        z = x[:, :, 0].transpose(1, 2)
        for layer in (0, 1):
            z = z + self._attended(self._layer_norm(z, 4 * layer), 4 * layer)
            inner = F.silu(self._linear(self._layer_norm(z, 4 * layer + 2), 4 * layer + 2))
            z = z + self._linear(inner, 4 * layer + 3)
        return self._layer_norm(z, 8) + around[:, :, 0].transpose(1, 2)

    def constants(self) -> dict[str, NDArray[np.float32]]:
        """The trained ones, by the network's names."""
        return {name: self._of(name).detach().numpy() for name in TRAINED}

    def _attended(self, z: Tensor, first: int) -> Tensor:
        batch, columns, _ = z.shape
        parts = self._linear(z, first).view(batch, columns, 3, _HEADS, _CHANNELS // _HEADS).permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(parts[0], parts[1], parts[2])
        return self._linear(seen.transpose(1, 2).reshape(batch, columns, _CHANNELS), first + 1)

    def _linear(self, z: Tensor, number: int) -> Tensor:
        return z @ self._of(f"linear_{number}.w_0") + self._of(f"linear_{number}.b_0")

    def _layer_norm(self, z: Tensor, first: int) -> Tensor:
        weight, bias = self._of(f"helper.reshape.{first}"), self._of(f"helper.reshape.{first + 1}")
        return F.layer_norm(z, (_CHANNELS,), weight, bias, self._layer_epsilon)

    def _norm(self, x: Tensor, number: int) -> Tensor:
        scale, shift, mean, variance = (
            self._of(f"batch_norm2d_{number}.{part}") for part in ("w_0", "b_0", "w_1", "w_2")
        )
        return F.batch_norm(x, mean, variance, scale, shift, False, 0.0, self._epsilon)

    def _of(self, name: str) -> Tensor:
        return getattr(self, constant_key(name))


def constant_key(name: str) -> str:
    return name.replace(".", "_")


def opened(model: Path, tuned: Path | None = None) -> tuple[Neck, Tensor, Tensor, tuple[str, ...]]:
    """The neck, the classifier's weights and biases, and the classes: "" first, the blank.

    tuned: weights of an earlier training that the neck has in place of the network's.
    """
    import openvino

    network = openvino.Core().read_model(model)
    wanted = {*TRAINED, *_KEPT, *_HEAD, _LAYER_EPSILON}
    constants: dict[str, Any] = {
        node.get_friendly_name(): np.array(node.data, np.float32)
        for node in network.get_ordered_ops()
        if node.get_type_name() == "Constant" and node.get_friendly_name() in wanted
    }
    if tuned is not None:
        constants.update(read_constants(tuned, model))
    norm = next(node for node in network.get_ordered_ops() if node.get_friendly_name() == "BatchNormalization.0")
    characters = network.get_rt_info()["framework"]["character"].value.splitlines()
    weights, biases = (torch.tensor(constants[name]) for name in _HEAD)
    return Neck(constants, float(norm.get_attributes()["epsilon"])), weights, biases, ("", *characters, " ")
