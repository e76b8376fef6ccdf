#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The peers of bench_replay: one policy of two thresholds over a request log, as people replay it.

usage: plain_replay.py make DIR ROWS     writes the columns (numpy only), seed 7
       plain_replay.py time DIR ROWS     times numpy, pandas and DuckDB, as far as they are there

A request has a score, and at each of three models a cost in USD, a quality and a latency in ms.
Prints "name,metric,value"; best of several runs each. What was computed goes to the standard error
stream, so that engines can be compared: the same cost and quality, p95 between two neighbours.
Versions that the README's figures come from: numpy 1.26.4, pandas 2.2.3, duckdb 1.4.2.
"""
import math
import os
import sys
import time

import numpy as np

MODELS = range(3)
POSITIONS = 1000
NAMES = ["score"] + [kind + str(model) for kind in ("cost", "quality", "latency") for model in MODELS]


def make(folder, rows):
    random = np.random.default_rng(7)
    os.makedirs(folder, exist_ok=True)

    def save(name, values, kind=np.float32):
        values.astype(kind).tofile(os.path.join(folder, name))

    score = random.beta(2, 3.5, rows)
    save("score", score)
    read = random.lognormal(5.2, 1.1, rows)
    written = random.lognormal(5.5, 0.8, rows) * (1 + score)
    save("input", np.minimum(read, 1e6), np.uint32)
    save("output", np.minimum(written, 1e6), np.uint32)
    models = [(0.15, 0.6, 220, 4, 0.86, 0.55), (0.5, 1.5, 320, 9, 0.9, 0.3), (5, 15, 600, 22, 0.94, 0.12)]
    for model, (price_in, price_out, base, per_token, best, fall) in enumerate(models):
        save(f"cost{model}", (read * price_in + written * price_out) / 1e6)
        save(f"quality{model}", np.clip(random.normal(best - fall * score, 0.12), 0, 1))
        save(f"latency{model}", (base + per_token * written) * random.lognormal(0, 0.35, rows))
    # Conversations of 1, 2, ... turns, 5 on average; their segment keeps in nine turns of ten.
    conversation = np.cumsum(random.random(rows) < 0.2)
    save("conversation", conversation - conversation[0], np.uint32)
    own = random.integers(0, 8, rows)
    of_conversation = (conversation * 2654435761 >> 8) % 8
    save("segment", np.where(random.random(rows) < 0.1, own, of_conversation), np.uint16)


def positions():
    """Pairs of cuts: a grid of 32 by 32, of which the first thousand."""
    side = math.isqrt(POSITIONS - 1) + 1
    return [(a, b) for a in np.linspace(0.02, 0.6, side) for b in a + np.linspace(0.01, 0.38, side)][:POSITIONS]


def best(work, runs):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return min(times) * 1e3, result


def show(name, rows, result):
    print("#", name, rows, *("%.9g" % value for value in result), file=sys.stderr)


def say(name, metric, value):
    print(f"{name},{metric},{value:.4f}", flush=True)


def time_numpy(columns, rows):
    score = columns["score"]
    kinds = [[columns[kind + str(model)] for model in MODELS] for kind in ("cost", "quality", "latency")]

    def replay(low, high):
        first, second = score <= low, score <= high
        cost, quality, latency = (np.where(first, kind[0], np.where(second, kind[1], kind[2])) for kind in kinds)
        return cost.sum(dtype=np.float64), quality.mean(dtype=np.float64), np.percentile(latency, 95)

    ms, result = best(lambda: replay(0.35, 0.62), 7 if rows <= 1_000_000 else 3)
    say("numpy", f"replay_{rows}_ms", ms)
    show("numpy", rows, result)
    if rows <= 1_000_000:
        some = positions()[::10]
        ms, _ = best(lambda: [replay(low, high) for low, high in some], 1)
        say("numpy", f"sweep1000_{rows}_ms", ms * POSITIONS / len(some))


def time_pandas(columns, rows):
    import pandas as pd

    frame = pd.DataFrame(columns)

    def replay(low, high):
        tier = [frame["score"] <= low, frame["score"] <= high]
        taken = pd.DataFrame({
            kind: np.select(tier, [frame[kind + "0"], frame[kind + "1"]], frame[kind + "2"])
            for kind in ("cost", "quality", "latency")})
        return taken["cost"].sum(), taken["quality"].mean(), taken["latency"].quantile(0.95)

    ms, result = best(lambda: replay(0.35, 0.62), 7 if rows <= 1_000_000 else 3)
    say("pandas", f"replay_{rows}_ms", ms)
    show("pandas", rows, result)


def time_duckdb(columns, rows):
    import duckdb
    import pandas as pd

    base = duckdb.connect()
    base.execute("set threads = 2")
    frame = pd.DataFrame(columns)
    base.register("frame", frame)
    base.execute("create table requests as select * from frame")

    def replay(low, high):
        taken = ", ".join(f"case when score <= {low} then {kind}0 when score <= {high} then {kind}1"
                          f" else {kind}2 end as {kind}" for kind in ("cost", "quality", "latency"))
        return base.execute("select sum(cost::double), avg(quality::double), quantile_cont(latency, 0.95)"
                            f" from (select {taken} from requests)").fetchone()

    ms, result = best(lambda: replay(0.35, 0.62), 7 if rows <= 1_000_000 else 3)
    say("duckdb", f"replay_{rows}_ms", ms)
    show("duckdb", rows, result)
    if rows <= 1_000_000:
        some = positions()[::50]
        ms, _ = best(lambda: [replay(low, high) for low, high in some], 1)
        say("duckdb", f"sweep1000_{rows}_ms", ms * POSITIONS / len(some))


def main(command, folder, rows):
    if command == "make":
        return make(folder, rows)
    columns = {name: np.fromfile(os.path.join(folder, name), np.float32) for name in NAMES}
    for engine in (time_numpy, time_pandas, time_duckdb):
        try:
            engine(columns, rows)
        except ImportError as absent:
            print(f"# {absent}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
