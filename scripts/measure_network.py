"""Make extractors/ocr/PP-OCRv6_rec_small.json: between which values the inputs of the recogniser's convolutions lie.

    python -m scripts.measure_network > extractors/ocr/PP-OCRv6_rec_small.json

With them the network can compute with 8-bit integers (extractors/ocr/networks.py). They are measured on lines of the
simulator's forms and letters, of seeds that nothing is measured on, as scanners, fax machines and phones give them.

`blank_from` is the blank's logit from which a column holds no character. Of 36,824 columns of such lines 56 % are above
27, and in the least clear of them the blank is still 4.6 ahead of every character (a likelihood of 0.99); the highest
at which a character was the likeliest is below 25.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import openvino

from clients.simulator import degrade, letter, page, typeset
from clients.simulator.chance import stream
from clients.simulator.form import LAYOUTS, write_form
from clients.simulator.form.signing import sign
from clients.simulator.simulation import plans
from extractors.ocr.inks import separate
from extractors.ocr.networks import Picture, heavy_convolutions
from extractors.ocr.rapid import RapidEngine, models

SEED, SUBMISSIONS = 7402, 8
LINES = 400
BLANK_FROM = 27.0


class Kept:
    """The recogniser, keeping what it is given."""

    def __init__(self, network: Any) -> None:
        self.network, self.pictures = network, list[Picture]()

    def __call__(self, picture: Picture) -> Any:
        self.pictures.append(picture.copy())
        return self.network(picture)


def main() -> None:
    path = models() / "PP-OCRv6_rec_small.onnx"
    ranges = {name: [round(low, 3), round(high, 3)] for name, (low, high) in measured(path, lines()).items()}
    measures = {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "blank_from": BLANK_FROM,
        "ranges": ranges,
    }
    print(json.dumps(measures, indent=1).replace("[\n   ", "[").replace(",\n   ", ", ").replace("\n  ]", "]"))


def lines() -> list[Picture]:
    """The recogniser's inputs for lines of pages."""
    engine = RapidEngine()
    kept = Kept(engine._reader)
    engine._reader = kept  # type: ignore[assignment]
    for raster in pages():
        engine.read(separate(raster).grey)
    return stream(SEED, "lines").sample(kept.pictures, min(LINES, len(kept.pictures)))


def pages() -> Iterator[np.ndarray]:
    number = 0
    for plan in plans(SUBMISSIONS, SEED):
        rng = stream(SEED, plan.number)
        sheets = []
        if plan.form is not None:
            flow, _ = write_form(rng, plan.form, rng.choice(tuple(LAYOUTS)))
            printed = typeset.typeset(flow)
            sign(rng, printed, plan.form)
            sheets += printed.sheets
        if plan.letter is not None:
            sheets += letter.compose(f"{SEED}/{plan.number}", plan.letter, rng.choice(letter.LAYOUTS), apart=False)[0]
        for sheet in sheets:
            raster, _ = page.draw(rng, sheet, (100, 150, 200, 200, 300)[number % 5])
            raster, _ = degrade.photograph(rng, raster, ()) if number % 3 == 0 else degrade.scan(rng, raster, ())
            if number % 7 == 0:
                raster = degrade.bilevel(rng, raster)
            elif number % 4 == 0:
                _, data = cv2.imencode(".jpg", raster, (cv2.IMWRITE_JPEG_QUALITY, 25))
                raster = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
            number += 1
            yield raster


def measured(path: Any, pictures: list[Picture]) -> dict[str, tuple[float, float]]:
    """By the convolution's name, the least and greatest value of its input."""
    core = openvino.Core()
    network = core.read_model(path)
    heavy = heavy_convolutions(network)
    outputs = {node.get_friendly_name(): node.input_value(0) for node in heavy}
    for output in outputs.values():
        network.add_outputs([output])
    request = core.compile_model(network, "CPU", {"INFERENCE_PRECISION_HINT": "f32"}).create_infer_request()
    found = dict.fromkeys(outputs, (0.0, 0.0))
    for picture in pictures:
        request.infer([picture])
        for name, tensor in zip(outputs, request.output_tensors[1:], strict=True):
            low, high = found[name]
            found[name] = (min(low, float(tensor.data.min())), max(high, float(tensor.data.max())))
    return found


if __name__ == "__main__":
    main()
