#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes o200k_base.bin: make_tokens.py RANKS > o200k_base.bin

RANKS is the published list of o200k_base, or the file of js-tiktoken that packs it
(dist/ranks/o200k_base.js); either is checked against the hash that tiktoken pins. Needs the Python
package tiktoken, which is asked what its splitting pattern takes for letters, marks, numbers and
white space, so that a newer Unicode there shows here.

Layout, numbers little-endian: "SBTOKEN1", number of ranges, number of tokens (32 bits each); the
ranges of code points with one class, 32 bits each (first code point << 3 | class); the length of
each token, a byte each; the bytes of all tokens, in the order of their ranks.
"""
import base64
import hashlib
import json
import struct
import sys

import tiktoken

PINNED = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
# In the order of the enum CharacterClass.
CLASSES = [r"[\p{Lu}\p{Lt}]", r"\p{Ll}", r"[\p{Lm}\p{Lo}]", r"\p{M}", r"\p{N}", r"[^\S\r\n]", r"[\r\n]"]
OTHER = len(CLASSES)
SURROGATES = range(0xD800, 0xE000)


def packed_tokens(text):
    """Tokens by rank of js-tiktoken's file: lines of a mark, the first rank, and tokens in base64."""
    body = json.loads(text[text.index("{"):].rstrip().rstrip(";"))["bpe_ranks"]
    tokens = {}
    for line in filter(None, body.split("\n")):
        _, first, *words = line.split(" ")
        tokens.update({int(first) + i: base64.b64decode(word) for i, word in enumerate(words)})
    return [tokens[rank] for rank in range(len(tokens))]


def read_tokens(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if "bpe_ranks" in text[:2000]:
        tokens = packed_tokens(text)
    else:
        tokens = [base64.b64decode(line.split()[0]) for line in text.splitlines()]
    published = b"".join(base64.b64encode(t) + b" %d\n" % rank for rank, t in enumerate(tokens))
    if hashlib.sha256(published).hexdigest() != PINNED:
        raise SystemExit(f"{path} is not the published o200k_base")
    return tokens


def members(pattern):
    """The code points that a class of the pattern has: of a text only they become tokens."""
    single_bytes = {bytes([i]): i for i in range(256)}
    encoding = tiktoken.Encoding("class", pat_str=pattern, mergeable_ranks=single_bytes, special_tokens={})
    points = [c for c in range(0x110000) if c not in SURROGATES]
    found = set()
    for start in range(0, len(points), 20_000):
        text = "".join(map(chr, points[start:start + 20_000]))
        found.update(map(ord, bytes(encoding.encode_ordinary(text)).decode()))
    return found


def ranges():
    classes = {}
    for number, pattern in enumerate(CLASSES):
        for point in members(pattern):
            assert point not in classes
            classes[point] = number
    last = None
    for point in range(0x110000):
        number = classes.get(point, OTHER)
        if number != last:
            yield point << 3 | number
        last = number


def main():
    tokens = read_tokens(sys.argv[1])
    marks = list(ranges())
    out = sys.stdout.buffer
    out.write(b"SBTOKEN1" + struct.pack("<II", len(marks), len(tokens)))
    out.write(struct.pack(f"<{len(marks)}I", *marks))
    out.write(bytes(map(len, tokens)) + b"".join(tokens))


main()
