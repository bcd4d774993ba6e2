"""Make extractors/seals/words.npz: words that names of bodies may be made of, and how likely each is.

    pip install --no-deps jieba==0.42.1 companynameparser==0.1.8
    python -m scripts.seal_words

1. jieba (MIT) has some 350,000 words of Chinese, counted in newspapers and novels. Names are made of other words than
   those are: a count to the power of .3 tells seals' names best.
2. companynameparser (Apache-2.0) has what companies do (食品), what their names end in, places down to villages, and
   280,000 companies' own names (荷飞), which count where a name has one.
3. Single characters: both lists' mixed, and a tenth for all Hanzi alike.

Words of two to four Hanzi are kept; longer ones are made of those. How much each list counts follows what readings of
517 drawn rings said (docs/decisions.md): any third of these shares more or less tells as many.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from extractors.seals import lexicon
from scripts import packages

_SHARES = {"general": 0.6, "trades": 0.13, "suffixes": 0.05, "places": 0.03, "characters": 0.19}
_EVENED = 0.3  # power of a word's count
_CHARACTERS_EVENED = 0.5
_ANY = 0.1  # of the characters' share, for all Hanzi alike
_WORD = re.compile(f"[一-鿿]{{2,{lexicon.LONGEST}}}")


def main() -> None:
    counted = dict(packages.counted_words())
    brands = _listed("brand.txt")
    lists = {
        "general": {word: count**_EVENED for word, count in counted.items() if _WORD.fullmatch(word)},
        "trades": _listed("trade.txt"), "suffixes": _listed("suffix.txt"), "places": _listed("THUOCL_diming.txt"),
        "characters": _characters(counted, brands),
    }  # fmt: skip
    likely: Counter[str] = Counter()
    for name, words in lists.items():
        total = sum(words.values())
        for word, weight in words.items():
            likely[word] += _SHARES[name] * weight / total
    lexicon.Words.of(likely, brands).save(lexicon.WORDS)
    print(f"{len(likely)} words, {len(brands)} own names, {lexicon.WORDS.stat().st_size / 1e6:.1f} MB")


def _listed(name: str) -> dict[str, float]:
    """Words of one of companynameparser's lists, each as much as another."""
    told = packages.file("companynameparser", f"data/{name}").read_text(encoding="utf-8")
    return {word: 1.0 for word in re.split(r"\s+", told) if _WORD.fullmatch(word)}


def _characters(counted: Mapping[str, float], brands: Iterable[str]) -> dict[str, float]:
    """Hanzi, and how likely each is where it is no part of a word; together 1."""
    general: Counter[str] = Counter()
    for word, count in counted.items():
        for character in word:
            general[character] += count
    own = Counter(character for brand in brands for character in brand)
    every = [chr(code) for code in range(0x4E00, 0xA000)]
    evened = {character: general[character] ** _CHARACTERS_EVENED for character in every}
    met, owned = sum(evened.values()), sum(own[character] for character in every)
    rest = (1 - _ANY) / 2
    return {one: rest * evened[one] / met + rest * own[one] / owned + _ANY / len(every) for one in every}


if __name__ == "__main__":
    main()
