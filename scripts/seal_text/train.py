"""Trains the neck on features and texts: CTC against the untrained classifier.

Not all 18,710 classes are weighed at each step: those of the batch, the ones the classifier holds nearest to them, and
some by lot. What is kept is the running mean of the weights, in half precision.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import torch
from rapidfuzz.distance import Levenshtein
from torch import Tensor
from torch.nn import functional as F

from extractors.ocr.ctc import Decoder
from extractors.ocr.networks import write_constants
from scripts.seal_text import draw
from scripts.seal_text.draw import Sample
from scripts.seal_text.neck import Neck, opened

_COLUMNS = 2600  # of a batch
_NEAR, _BY_LOT = 8, 700  # classes weighed beside each of the batch's, and at each step
_NOISE = 0.1  # of the features, in parts of each
_DROPPED = 0.05  # features set to nothing
_TIE = 2e-6  # how strongly weights are held to where they began
_MEAN = 0.995  # of the running mean that stays at each step


@dataclass(frozen=True, slots=True)
class Head:
    """The classifier. near: classes × _NEAR, those whose weights are the likest."""

    weights: Tensor
    biases: Tensor
    near: Tensor

    def weigh(self, z: Tensor, classes: Tensor) -> Tensor:
        return (z @ self.weights[:, classes] + self.biases[classes]).log_softmax(-1)


def train(
    folder: Path, development: int, model: Path, epochs: int, result: Path,
    *, rate: float, start: Path | None = None, share: float = 1.0,
) -> None:  # fmt: skip
    """Train on the folder's shards, print how well the development shards are read, write the result.

    rate: of the first steps; it falls to nothing. start: weights to go on from, the network's own where None.
    share: 0 to 1, how far from the start to the trained weights the result lies; between them strips in other faces
    are read better than at either end.
    """
    torch.manual_seed(1)
    neck, weights, biases, classes = opened(model, start)
    head = Head(weights, biases, _nearest(weights))
    index = {character: number for number, character in enumerate(classes) if number}
    decoder = Decoder(classes[1:])
    kept = draw.load(folder, development)
    print("before", _judged(neck, head, decoder, kept), flush=True)
    began = {name: weight.detach().clone() for name, weight in neck.named_parameters()}
    mean = {name: weight.clone() for name, weight in began.items()}
    optimiser = torch.optim.AdamW(neck.parameters(), rate, weight_decay=0.0)
    step, lot = 0, Random(1)
    seeds = sorted(draw.seeds(folder) - {development})
    for epoch in range(epochs):
        samples = [
            sample for seed in seeds for sample in draw.load(folder, seed) if all(c in index for c in sample.text)
        ]
        batches = list(_batches(samples, lot))
        lot.shuffle(batches)
        total, begin = 0.0, time.process_time()
        for number, batch in enumerate(batches):
            done = (epoch + number / len(batches)) / epochs
            for group in optimiser.param_groups:
                group["lr"] = rate * min(1.0, (step + 1) / 100) * (0.5 + 0.5 * math.cos(math.pi * done))
            loss = _loss(neck, head, index, batch, lot)
            tied = sum(((weight - began[name]) ** 2).sum() for name, weight in neck.named_parameters())
            optimiser.zero_grad()
            (loss + _TIE * tied).backward()
            torch.nn.utils.clip_grad_norm_(neck.parameters(), 1.0)
            optimiser.step()
            step += 1
            stays = min(_MEAN, step / (step + 20))
            with torch.no_grad():
                for name, weight in neck.named_parameters():
                    mean[name].lerp_(weight, 1 - stays)
            total += float(loss.detach())
        averaged = opened(model)[0]
        averaged.load_state_dict({name: began[name].lerp(weight, share) for name, weight in mean.items()}, strict=False)
        write_constants(result, model, averaged.constants())
        spent = time.process_time() - begin
        print(
            epoch,
            len(samples),
            round(total / len(batches), 4),
            _judged(averaged, head, decoder, kept),
            round(spent),
            flush=True,
        )


def _nearest(weights: Tensor) -> Tensor:
    unit = F.normalize(weights, dim=0).T
    return torch.cat([(part @ unit.T).topk(_NEAR + 1).indices[:, 1:] for part in unit.split(1000)])


def _batches(samples: Sequence[Sample], lot: Random) -> Iterator[list[Sample]]:
    """Samples of one width each, about _COLUMNS wide together."""
    by_width: dict[int, list[Sample]] = {}
    for sample in samples:
        by_width.setdefault(sample.features.shape[1], []).append(sample)
    for width, alike in by_width.items():
        lot.shuffle(alike)
        count = max(1, _COLUMNS // width)
        yield from (alike[start : start + count] for start in range(0, len(alike), count))


def _loss(neck: Neck, head: Head, index: dict[str, int], batch: Sequence[Sample], lot: Random) -> Tensor:
    features = _stacked(batch)
    features = features * (1 + _NOISE * torch.randn_like(features))
    features = F.dropout(features, _DROPPED)
    own = {index[character] for sample in batch for character in sample.text}
    near = set(head.near[sorted(own)].flatten().tolist())
    chosen = sorted(own | near | {0} | set(lot.sample(range(1, len(head.biases)), _BY_LOT)))
    place = {number: at for at, number in enumerate(chosen)}
    likely = head.weigh(neck(features), torch.tensor(chosen))
    targets = torch.tensor([place[index[character]] for sample in batch for character in sample.text])
    lengths = torch.tensor([len(sample.text) for sample in batch])
    widths = torch.full((len(batch),), likely.shape[1])
    return F.ctc_loss(likely.transpose(0, 1), targets, widths, lengths, blank=place[0], zero_infinity=True)


def _stacked(batch: Sequence[Sample]) -> Tensor:
    return torch.from_numpy(np.stack([sample.features for sample in batch])).float()


def _judged(neck: Neck, head: Head, decoder: Decoder, samples: Sequence[Sample]) -> dict[str, tuple[float, float]]:
    """Of Hanzi and of codes the share read exactly, and 1-NED."""
    told: dict[str, list[tuple[bool, float]]] = {"hanzi": [], "codes": []}
    everything = torch.arange(len(head.biases))
    with torch.no_grad():
        for batch in _batches(samples, Random(0)):
            likely = head.weigh(neck(_stacked(batch)), everything).exp()
            for sample, rows in zip(batch, likely.numpy(), strict=True):
                read = "".join(glyph.text for glyph in decoder.decode(rows))
                alike = Levenshtein.normalized_similarity(read, sample.text)
                told["codes" if sample.text.isdigit() else "hanzi"].append((read == sample.text, alike))
    return {
        kind: (
            round(float(np.mean([exact for exact, _ in rows])), 4),
            round(float(np.mean([ned for _, ned in rows])), 4),
        )
        for kind, rows in told.items()
    }
