#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads request logs into a table of DuckDB, the same fields; of PyPI: duckdb==1.4.2.

usage: duckdb_log_import.py LOG
Prints "duckdb,ns,VALUE" of processor time per byte over all threads, "duckdb,wall_ns,VALUE" and,
for a check, "duckdb,tokens,VALUE".
"""
import os
import sys
import time

import duckdb


def main():
    log = sys.argv[1]
    database = duckdb.connect()
    columns = {"id": "VARCHAR", "ts": "DOUBLE", "user": "VARCHAR", "model": "VARCHAR", "prompt": "VARCHAR",
               "prompt_tokens": "BIGINT", "completion_tokens": "BIGINT", "latency_ms": "DOUBLE", "ttft_ms": "DOUBLE",
               "cost_usd": "DOUBLE", "status": "INTEGER", "cached": "BOOLEAN", "tags": "VARCHAR[]", "meta": "JSON"}
    begin, wall = time.process_time(), time.perf_counter()
    database.execute("CREATE TABLE log AS SELECT * FROM read_json(?, format = 'newline_delimited', columns = "
                     + str(columns).replace('"', "'") + ")", [log])
    seconds, wall = time.process_time() - begin, time.perf_counter() - wall
    size = os.path.getsize(log)
    tokens = database.execute("SELECT sum(completion_tokens) FROM log").fetchone()[0]
    print(f"duckdb,ns,{seconds / size * 1e9:.3f}")
    print(f"duckdb,wall_ns,{wall / size * 1e9:.3f}")
    print(f"duckdb,tokens,{tokens}")


main()
