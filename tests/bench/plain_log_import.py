#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads request logs as a script would: json.loads for each line, the same fields into columns.

usage: plain_log_import.py LOG
Prints "python,ns,VALUE" per byte and, for a check, "python,tokens,VALUE".
"""
import json
import os
import sys
import time


def columns(path):
    """The fields that the engine reads from these lines, a list of each."""
    names = ("id", "ts", "user", "model", "prompt", "prompt_tokens", "completion_tokens", "latency_ms", "ttft_ms",
             "cost_usd", "status", "cached", "tags", "meta")
    lists = {name: [] for name in names}
    with open(path, encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            for name in names:
                lists[name].append(row[name])
    return lists


def main():
    begin = time.process_time()
    lists = columns(sys.argv[1])
    seconds = time.process_time() - begin
    print(f"python,ns,{seconds / os.path.getsize(sys.argv[1]) * 1e9:.2f}")
    print(f"python,tokens,{sum(lists['completion_tokens'])}")


main()
