"""Networks changed in memory before OpenVINO compiles them: other weights, and the same arithmetic in less time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.errors import EngineError

_TWICE = (2, 2)  # kernel and stride of what doubles both sides


def replace_constants(network: Any, tuned: Mapping[str, NDArray[np.float32]], name: str) -> None:
    """Put these constants in place of the network's own. Raises EngineError where it has none of the name and shape."""
    from openvino import opset13 as operations

    own = {node.get_friendly_name(): node for node in network.get_ordered_ops() if node.get_type_name() == "Constant"}
    for key, value in tuned.items():
        if key not in own or tuple(own[key].shape) != value.shape:
            raise EngineError(f"{name} has no constant {key} of the shape {value.shape}")
        new = operations.constant(value)
        new.set_friendly_name(key)
        own[key].output(0).replace(new.output(0))


def spare_blanks(network: Any, blank_from: float) -> None:
    """Tell classes apart only in columns in which the blank's own logit is less than `blank_from`. Changes the network.

    Half of the arithmetic behind the convolutions goes into telling 18,000 characters apart where there is none. There
    are two outputs then: the likelihoods of the other columns, columns × classes, and which those are.
    """
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


def average_first(network: Any) -> None:
    """Where a block ends in means over fields of pixels, take them before its last 1 × 1 convolution. Changes it.

    The last block of a recogniser adds what such a convolution makes of its hidden channels to what the block was
    given, and of that the means over 3 × 2 pixels are taken. A convolution of 1 × 1 of means is the mean of its values:
    a sixth of its arithmetic is left, and it had been 7 % of the network's.
    """
    from openvino import opset13 as operations

    for pool in [node for node in network.get_ordered_ops() if node.get_type_name() == "AvgPool"]:
        residual = _before(pool)
        if residual.get_type_name() != "Add":
            continue
        given, biased = (passed_on(residual.input_value(side)) for side in (0, 1))
        convolution = _before(biased.get_node())
        if biased.get_node().get_type_name() == "Add" and _is_of_single_pixels(convolution):
            hidden, weights = convolution.input_values()
            sums = operations.convolution(_means(hidden, pool), weights, [1, 1], [0, 0], [0, 0], [1, 1])
            made = operations.add(sums, biased.get_node().input_value(1))
            answer = operations.add(_means(given, pool), made)
            pool.output(0).replace(answer.output(0))
    network.validate_nodes_and_infer_types()


def enlarge_last(network: Any) -> None:
    """Where a detector ends in enlarging its map twice, do the arithmetic on the small map. Changes the network.

    A transposed convolution whose kernel is as wide as its stride makes 2 × 2 pixels of each, every one of that pixel
    alone. So two in a row, with what is between them, are the same as two of 1 × 1 on the small map: the first with 4
    times, the second with 16 outputs, which only at the end take their places as 4 × 4 pixels. Large maps of many
    channels, and the runtime's sigmoid over one channel, cost memory's time. The small ones are called transposed, too,
    for those the runtime computes in single precision, as before; plain ones would be in half.
    """
    from openvino import opset13 as operations

    found = _end_of(network, ("Sigmoid", "Add", "ConvolutionBackpropData", "Relu", "Add", "ConvolutionBackpropData"))
    if found is None:
        return
    _, last_bias, last, _, first_bias, first = found
    kernels = [node.input_value(1).get_node().data for node in (first, last)]
    strides = [tuple(node.get_attributes()["strides"]) for node in (first, last)]
    inputs, between = kernels[0].shape[:2]
    if kernels[1].shape[1] != 1 or {*strides, *(kernel.shape[2:] for kernel in kernels)} != {_TWICE}:
        return
    biases = [node.input_value(1).get_node().data.reshape(-1) for node in (first_bias, last_bias)]
    # Outputs of the first: down, across, channel. Each is read by the four pixels of its own place alone.
    one = kernels[0].transpose(2, 3, 1, 0).reshape(4 * between, inputs, 1, 1)
    two = np.zeros((2, 2, 2, 2, 2, 2, between), np.float32)  # down, down within, across, across within; down, across
    for down, across in np.ndindex(2, 2):
        two[down, :, across, :, down, across] = kernels[1][:, 0].transpose(1, 2, 0)

    def convolved(node: Any, kernel: NDArray[np.float32], bias: NDArray[np.float32]) -> Any:
        weights = operations.constant(np.ascontiguousarray(kernel.swapaxes(0, 1)))
        sums = operations.convolution_backprop_data(
            node, weights, [1, 1], pads_begin=[0, 0], pads_end=[0, 0], dilations=[1, 1]
        )
        return operations.add(sums, operations.constant(bias.reshape(1, -1, 1, 1)))

    middle = operations.relu(convolved(first.input_value(0), one, np.tile(biases[0], 4)))
    end = operations.sigmoid(convolved(middle, two.reshape(16, 4 * between, 1, 1), biases[1]))
    (result,) = network.get_results()
    network.remove_result(result)
    network.add_results([operations.result(operations.depth_to_space(end, "blocks_first", 4))])
    network.validate_nodes_and_infer_types()


def _end_of(network: Any, kinds: tuple[str, ...]) -> list[Any] | None:
    """The last nodes of a network with one output, if they are of these kinds, last first; else None."""
    if len(network.get_results()) != 1:
        return None
    nodes = []
    node = network.get_results()[0]
    for kind in kinds:
        node = _before(node)
        if node.get_type_name() != kind:
            return None
        nodes.append(node)
    return nodes


def _is_of_single_pixels(node: Any) -> bool:
    """A convolution of 1 × 1 that takes every pixel."""
    if node.get_type_name() != "Convolution":
        return False
    attributes = node.get_attributes()
    around = (*attributes["pads_begin"], *attributes["pads_end"])
    kernel = tuple(node.input_value(1).get_shape())[2:]
    return kernel == (1, 1) and tuple(attributes["strides"]) == (1, 1) and not any(around)


def _means(output: Any, pool: Any) -> Any:
    """What a pooling makes of another input."""
    from openvino import opset13 as operations

    like = pool.get_attributes()
    pads = like["pads_begin"], like["pads_end"]
    return operations.avg_pool(
        output, like["strides"], *pads, like["kernel"], like["exclude-pad"], like["rounding_type"], like["auto_pad"]
    )


def _before(node: Any) -> Any:
    """The node that this one takes its first input from."""
    return passed_on(node.input_value(0)).get_node()


def passed_on(output: Any) -> Any:
    """Where this comes from; ONNX files are full of nodes that only pass it on."""
    while output.get_node().get_type_name() == "Identity":
        output = output.get_node().input_value(0)
    return output
