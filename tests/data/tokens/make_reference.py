#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes o200k_counts.txt: what tiktoken counts for the texts of tst_token_counter.

make_reference.py O200K_BASE_RANKS > o200k_counts.txt, with the published file of ranks and tiktoken 0.14.0
installed. The texts are drawn from fragments.json by a generator that the test has, too, so that only the
counts need to be stored: one line for each hundred texts.
"""
import base64
import hashlib
import json
import pathlib
import sys

import tiktoken
import tiktoken_ext.openai_public as public

TEXTS = 12_000
PINNED = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
MASK = (1 << 64) - 1


class Random:
    """SplitMix64."""

    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return (z ^ (z >> 31)) % bound


def any_character(random):
    point = random.below(0x110000 if random.below(2) else 0x3000)
    return "\ufffd" if 0xD800 <= point < 0xE000 else chr(point)


def text_of(random, fragments):
    names = list(fragments)
    kind = random.below(len(names) + 3)
    length = 1 + random.below(24)
    if kind < len(names):
        pool = fragments[names[kind]]
        return "".join(pool[random.below(len(pool))] for _ in range(length))
    if kind == len(names):
        return "".join(any_character(random) for _ in range(length))
    if kind == len(names) + 1:
        return any_character(random) * (1 + random.below(200))
    text = ""
    for _ in range(length):
        pool = fragments[names[random.below(len(names))]]
        text += pool[random.below(len(pool))]
    return text


def encoding(path):
    data = pathlib.Path(path).read_bytes()
    assert hashlib.sha256(data).hexdigest() == PINNED
    ranks = {base64.b64decode(token): int(rank) for token, rank in map(bytes.split, data.splitlines())}
    public.load_tiktoken_bpe = lambda *_, **__: ranks
    return tiktoken.Encoding(**public.o200k_base())


def main():
    here = pathlib.Path(__file__).parent
    fragments = json.loads((here / "fragments.json").read_text(encoding="utf-8"))
    o200k = encoding(sys.argv[1])
    random = Random(20260801)
    counts = [len(o200k.encode_ordinary(text_of(random, fragments))) for _ in range(TEXTS)]
    for start in range(0, TEXTS, 100):
        print(*counts[start:start + 100])


main()
