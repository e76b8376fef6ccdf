#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A few plain counts of answers as a script would make them: words, sentences and syllables, from them
Flesch's reading ease, the share of distinct words, a word list's sum, the mean length of a word, list
items, code marks, questions. A fraction of what the engine measures.

usage: plain_counts.py ANSWERS
A file of one answer a line, line ends in it as "\\x1f". Prints "python,ns,VALUE" per byte and, for a
check, "python,words,VALUE".
"""
import re
import sys
import time

VALENCES = {
    "good": 2, "great": 3, "best": 3, "clear": 2, "easy": 2, "safe": 2, "thanks": 2, "help": 2,
    "bad": -2, "wrong": -2, "sorry": -1, "error": -2, "fail": -2, "late": -1, "broken": -2, "lost": -2,
}
WORD = re.compile(r"[a-z0-9']+")
SENTENCE_END = re.compile(r"[.!?]+")
VOWELS = re.compile(r"[aeiouy]+")


def counts(answer):
    words = WORD.findall(answer.lower())
    number = max(1, len(words))
    sentences = max(1, len(SENTENCE_END.findall(answer)))
    syllables = sum(max(1, len(VOWELS.findall(word))) for word in words)
    return (
        len(words),
        sentences,
        206.835 - 1.015 * number / sentences - 84.6 * syllables / number,
        len(set(words)) / number,
        sum(VALENCES.get(word, 0) for word in words),
        sum(map(len, words)) / number,
        answer.count("\n- "),
        answer.count("`"),
        answer.count("?"),
    )


def main():
    with open(sys.argv[1], encoding="utf-8", newline="\n") as file:
        answers = [line.replace("\x1f", "\n") for line in file.read().split("\n")[:-1]]
    size = sum(len(answer.encode()) for answer in answers)
    rounds = max(1, 2_000_000 // size)
    words = sum(counts(answer)[0] for answer in answers)  # once to warm up
    begin = time.process_time()
    for _ in range(rounds):
        words = sum(counts(answer)[0] for answer in answers)
    seconds = time.process_time() - begin
    print(f"python,ns,{seconds / rounds / size * 1e9:.2f}")
    print(f"python,words,{words}")


main()
