"""Teaches the recogniser seals: what strips cut from a ring look like, which it has never seen.

    make seal-text                                              all of it
    python -m scripts.seal_text draw --seed 7001 --parts 200    shards of 100 seals each, below build/seal-text
    python -m scripts.seal_text train                           writes extractors/ocr/seal_text.npz
    python -m scripts.seal_text mean ONE OTHER                  the same, the mean of what two trainings wrote

PP-OCRv6 small reads printed lines well and unrolled seals badly: their characters are tall, bold, unevenly set, worn,
and bent at their edges. All of it but the classifier is trained: 2.7 million weights of convolutions, 327,000 of the
neck behind them, a 1 × 7 convolution and two layers of attention. They are kept in half precision. The product loads
the recogniser once more with those in place of its own, for seals alone (extractors/ocr/networks.py).

Needs beside the product: the faces of faces.py; `pip install jieba` for its word list; and PyTorch for the CPU:
`pip install --no-deps torch` and `pip install sympy networkx jinja2 fsspec filelock typing_extensions` suffice, where
torch is a build for the CPU alone (a version that ends in +cpu); others want CUDA's libraries.
`make seal-text` goes on from the weights that are there; docs/decisions.md tells how those came about.
The result depends on the seeds, and in its last digits on PyTorch's version and the processor.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import cv2
import numpy as np

from extractors.ocr.networks import Network, read_constants, write_constants
from extractors.ocr.rapid import Reader, models
from scripts.seal_text import draw, faces

DEVELOPMENT_SEED = 1900
MODEL = "PP-OCRv6_rec_small.onnx"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.seal_text")
    parser.add_argument("--folder", type=Path, default=Path("build/seal-text"), help="where shards are kept")
    parser.add_argument("--fonts", type=Path, action="append", default=[], help="a further folder with faces")
    steps = parser.add_subparsers(dest="step", required=True)
    drawing = steps.add_parser("draw", help="draw seals and keep their strips")
    drawing.add_argument("--seed", type=int, required=True)
    drawing.add_argument("--parts", type=int, required=True, help="shards of 100 seals")
    drawing.add_argument("--development", action="store_true", help="in the faces that training never sees")
    drawing.add_argument("--codes", action="store_true", help="round seals' codes alone")
    training = steps.add_parser("train", help="train on all shards but the development seed's")
    training.add_argument("--passes", type=float, default=1.5, help="over all shards")
    training.add_argument("--rate", type=float, default=6e-4)
    training.add_argument("--start", type=Path, help="weights to go on from; the network's own where none are given")
    training.add_argument("--result", type=Path, default=Path("extractors/ocr/seal_text.npz"))
    mean = steps.add_parser("mean", help="of the weights in several files, which reads better than each of them")
    mean.add_argument("weights", type=Path, nargs="+")
    mean.add_argument("--result", type=Path, default=Path("extractors/ocr/seal_text.npz"))
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    if arguments.step == "mean":
        several = [read_constants(path, models() / MODEL) for path in arguments.weights]
        constants = {name: np.mean([one[name] for one in several], axis=0) for name in several[0]}
        write_constants(arguments.result, models() / MODEL, constants)
        return 0
    if arguments.step == "train":
        from scripts.seal_text.train import train

        train(
            arguments.folder, DEVELOPMENT_SEED, models() / MODEL, arguments.passes, arguments.result,
            rate=arguments.rate, start=arguments.start,
        )  # fmt: skip
        return 0
    kinds = faces.DEVELOPMENT if arguments.development else faces.TRAINING
    try:
        studio = draw.Studio(kinds, (*faces.FOLDERS, *arguments.fonts), Reader(Network(models() / MODEL, 1)).characters)
    except (faces.FacesMissing, ModuleNotFoundError) as missing:
        print(missing, file=sys.stderr)
        return 2
    for part in range(arguments.parts):
        begin = time.process_time()
        samples = draw.shard(studio.codes if arguments.codes else studio.examples, arguments.seed, part)
        draw.write(arguments.folder, arguments.seed, part, samples)
        print(f"{arguments.seed}-{part:03}: {len(samples)} strips, {time.process_time() - begin:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
