"""Trains the recogniser on strips and their texts: CTC against the untrained classifier.

Not all 18,710 classes are weighed at each step: those of the batch, the ones the classifier holds nearest to them, and
some by lot. Strips that nobody could read teach to guess: those whose loss is far above the others' do not count.
Convolutions go on by a part of the neck's steps, in proportion to their own weights. What is kept is the running mean
of the weights, in half precision.
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
from torch import Tensor, nn
from torch.nn import functional as F

from extractors.ocr.ctc import Decoder
from extractors.ocr.networks import Constants, read_constants, write_constants
from scripts.seal_text import draw, wear
from scripts.seal_text.convolutions import Convolutions
from scripts.seal_text.draw import Sample
from scripts.seal_text.neck import Neck, opened

_COLUMNS = 10400  # pixels of a batch's strips together
_NEAR, _BY_LOT = 8, 700  # classes weighed beside each of the batch's, and at each step
_BARE = 8  # characters that a strip without text counts as
_LOST = 5.0  # loss of a character from which its strip does not count
_POOL = 16  # shards that are in memory at a time
_WARM = 150  # steps until the rate is reached
_END = 0.02  # of the rate that is left at the end
_CONVOLUTIONS = 0.12  # of the neck's rate, for weights of the usual size
_USUAL, _LEAST, _MOST = 0.05, 0.2, 3.0  # root mean square of a layer's weights; how much less and more others go on by
_MEAN = 0.998  # of the running mean that stays at each step


@dataclass(frozen=True, slots=True)
class Head:
    """The classifier. near: classes × _NEAR, those whose weights are the likest."""

    weights: Tensor
    biases: Tensor
    near: Tensor

    def weigh(self, z: Tensor, classes: Tensor) -> Tensor:
        return (z @ self.weights[:, classes] + self.biases[classes]).log_softmax(-1)


class Recogniser(nn.Module):  # type: ignore[misc]
    """From pictures of one width to what the classifier weighs: batch × columns × 120."""

    def __init__(self, convolutions: Convolutions, neck: Neck) -> None:
        super().__init__()
        self.convolutions, self.neck = convolutions, neck

    def forward(self, pictures: Tensor) -> Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            features = self.convolutions(pictures)
        return self.neck(features.float())

    def constants(self) -> Constants:
        return {**self.convolutions.constants(), **self.neck.constants()}


def train(
    folder: Path, development: int, model: Path, passes: float, result: Path, *, rate: float, start: Path | None = None
) -> None:
    """Train on the folder's shards, print how well the development shards are read, write the result now and then.

    passes: over all shards. rate: the neck's at first; it falls to next to nothing. start: weights to go on from, the
    network's own where None.
    """
    torch.manual_seed(1)
    neck, weights, biases, classes = opened(model, start)
    recogniser = Recogniser(Convolutions(model, {} if start is None else read_constants(start, model)), neck)
    head = Head(weights, biases, _nearest(weights))
    index = {character: number for number, character in enumerate(classes) if number}
    decoder = Decoder(classes[1:])
    kept = [sample for path in draw.shards(folder, development) for sample in draw.load(path)]
    print("before", _judged(recogniser, head, decoder, kept), flush=True)
    mean = {name: weight.detach().clone() for name, weight in recogniser.named_parameters()}
    optimiser = torch.optim.AdamW(
        [{"params": [weight], "part": _part(name, weight)} for name, weight in recogniser.named_parameters()],
        rate, weight_decay=0.0,
    )  # fmt: skip
    lot, step, begin = Random(1), 0, time.process_time()
    pools = _pools([path for path in draw.shards(folder) if not path.name.startswith(f"{development}-")], passes, lot)
    for count, pool in enumerate(pools):
        samples = [sample for path in pool for sample in draw.load(path) if all(c in index for c in sample.text)]
        batches = list(_batches(samples, lot))
        lot.shuffle(batches)
        total = 0.0
        for number, batch in enumerate(batches):
            done = (count + number / len(batches)) / len(pools)
            falls = _END + (1 - _END) * (0.5 + 0.5 * math.cos(math.pi * done))
            for group in optimiser.param_groups:
                group["lr"] = rate * group["part"] * min(1.0, (step + 1) / _WARM) * falls
            loss = _loss(recogniser, head, index, batch, lot)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(recogniser.parameters(), 1.0)
            optimiser.step()
            step += 1
            stays = min(_MEAN, step / (step + 20))
            with torch.no_grad():
                for name, weight in recogniser.named_parameters():
                    mean[name].lerp_(weight, 1 - stays)
            total += float(loss.detach())
        averaged = Recogniser(Convolutions(model, {}), opened(model)[0])
        averaged.load_state_dict(mean, strict=False)
        write_constants(result, model, averaged.constants())
        told = _judged(averaged, head, decoder, kept)
        print(count, len(samples), round(total / len(batches), 4), told, round(time.process_time() - begin), flush=True)


def _part(name: str, weight: Tensor) -> float:
    """Of the rate, for a layer's weights."""
    if name.startswith("neck."):
        return 1.0
    size = float(weight.detach().pow(2).mean().sqrt()) / _USUAL
    return _CONVOLUTIONS * min(_MOST, max(_LEAST, size))


def _pools(shards: list[Path], passes: float, lot: Random) -> list[list[Path]]:
    """What is in memory together, one after another: each pass has all shards in another order."""
    order: list[Path] = []
    while len(order) < round(passes * len(shards)):
        order += lot.sample(shards, len(shards))
    order = order[: round(passes * len(shards))]
    return [order[first : first + _POOL] for first in range(0, len(order), _POOL)]


def _nearest(weights: Tensor) -> Tensor:
    unit = F.normalize(weights, dim=0).T
    return torch.cat([(part @ unit.T).topk(_NEAR + 1).indices[:, 1:] for part in unit.split(1000)])


def _batches(samples: Sequence[Sample], lot: Random) -> Iterator[list[Sample]]:
    """Samples of one width each, about _COLUMNS wide together."""
    by_width: dict[int, list[Sample]] = {}
    for sample in samples:
        by_width.setdefault(sample.picture.shape[1], []).append(sample)
    for width, alike in by_width.items():
        lot.shuffle(alike)
        count = max(1, _COLUMNS // width)
        yield from (alike[start : start + count] for start in range(0, len(alike), count))


def _loss(recogniser: Recogniser, head: Head, index: dict[str, int], batch: Sequence[Sample], lot: Random) -> Tensor:
    z = recogniser(_stacked(batch, lot))
    own = {index[character] for sample in batch for character in sample.text}
    near = set(head.near[sorted(own)].flatten().tolist()) if own else set()
    bare = torch.tensor([not sample.text for sample in batch])
    taken = (z[bare].detach() @ head.weights + head.biases).topk(2).indices  # what is read where nothing stands
    by_lot = lot.sample(range(1, len(head.biases)), _BY_LOT)
    chosen = sorted({0, *own, *near, *by_lot, *taken.flatten().tolist()})
    place = {number: at for at, number in enumerate(chosen)}
    likely = head.weigh(z, torch.tensor(chosen))
    targets = torch.tensor([place[index[character]] for sample in batch for character in sample.text])
    lengths = torch.tensor([len(sample.text) for sample in batch])
    widths = torch.full((len(batch),), likely.shape[1])
    losses = F.ctc_loss(
        likely.transpose(0, 1), targets, widths, lengths, blank=place[0], reduction="none", zero_infinity=True
    ) / torch.where(lengths > 0, lengths, _BARE)  # fmt: skip
    counted = ((losses < _LOST) | (lengths == 0)).float()
    return (losses * counted).sum() / counted.sum().clamp(min=1.0)


def _stacked(batch: Sequence[Sample], lot: Random | None = None) -> Tensor:
    """lot: by which strips are worn a little differently each time."""
    pictures = np.stack([sample.picture for sample in batch]).astype(np.float32) / 127.5 - 1
    if lot is not None:
        for picture in pictures:
            wear.wear(picture, lot)
    return torch.from_numpy(pictures)[:, None].expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last)


def _judged(
    recogniser: Recogniser, head: Head, decoder: Decoder, samples: Sequence[Sample]
) -> dict[str, tuple[float, float]]:
    """Of Hanzi, of codes and of bare strips the share read exactly, and 1-NED."""
    told: dict[str, list[tuple[bool, float]]] = {}
    everything = torch.arange(len(head.biases))
    with torch.no_grad():
        for batch in _batches(samples, Random(0)):
            likely = head.weigh(recogniser(_stacked(batch)), everything).exp()
            for sample, rows in zip(batch, likely.numpy(), strict=True):
                read = "".join(glyph.text for glyph in decoder.decode(rows))
                alike = Levenshtein.normalized_similarity(read, sample.text)
                kind = "codes" if sample.text.isdigit() else "hanzi" if sample.text else "bare"
                told.setdefault(kind, []).append((read == sample.text, alike))
    return {
        kind: (
            round(float(np.mean([exact for exact, _ in rows])), 4),
            round(float(np.mean([ned for _, ned in rows])), 4),
        )
        for kind, rows in told.items()
    }
