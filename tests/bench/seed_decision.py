#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The seed team's rule as their router has it, in CPython: nanoseconds per decision.

usage: seed_decision.py WORDS EXPRESSIONS PROMPTS
Files of one keyword, one expression, one prompt a line. Prints "python,ns,VALUE" and, for a check,
"python,sum,VALUE": the models' numbers added up.
"""
import re
import sys
import time


def lines_of(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return file.read().splitlines()


WORDS, PATTERNS, PROMPTS = (lines_of(path) for path in sys.argv[1:4])
SEARCHES = [re.compile(pattern, re.ASCII).search for pattern in PATTERNS]


def complexity(prompt):
    score = 1
    length = len(prompt)
    if length > 200:
        score += 2
    if length > 500:
        score += 2
    lowered = prompt.lower()
    if any(word in lowered for word in WORDS):
        score += 3
    if "?" not in prompt:
        score += 1
    return min(score, 10)


def model(prompt):
    for search in SEARCHES:
        if search(prompt):
            return 2
    score = complexity(prompt)
    if score > 6:
        return 2
    return 1 if score > 3 else 0


def main():
    rounds = max(1, 4_000_000 // sum(len(prompt) + 400 for prompt in PROMPTS))
    total = sum(map(model, PROMPTS))  # once to warm up
    begin = time.process_time()
    for _ in range(rounds):
        total = sum(map(model, PROMPTS))
    seconds = time.process_time() - begin
    print(f"python,ns,{seconds / rounds / len(PROMPTS) * 1e9:.1f}")
    print(f"python,sum,{total}")


main()
