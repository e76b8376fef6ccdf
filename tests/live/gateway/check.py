# SPDX-License-Identifier: GPL-3.0-or-later
"""check.py CLI LITELLM FOLDER [CONVERSATIONS]: a real router's own log against what is projected on it.

Starts the scripted upstream and the LiteLLM proxy (the program at LITELLM) on free ports of loopback,
holds the conversations, imports what the proxy logged, asks the lab for answers of the same upstream,
projects the policy on the imported table, and compares: at most 1 % apart in cost, at most one point
in each model's share of requests and of cost. Exit code 1 if it is more.
"""
import collections
import concurrent.futures
import contextlib
import http.client
import json
import os
import pathlib
import socket
import subprocess
import sys
import time

import desk

CONVERSATIONS = 2000
AT_ONCE = 12
SECONDS_TO_START = 180
SECONDS_TO_TALK = 1800
SECONDS_BETWEEN_FLUSHES = 60  # of the proxy's log; it loses rows that come while it sends, so: seldom
LAB_SAMPLES = 4
LAB_AT_ONCE = 6
MOST = 0.01  # of the cost, and of the requests


def free_ports(count):
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


@contextlib.contextmanager
def running(command, output, answers, environment=None):
    """A program until it answers, and then until the block ends."""
    with open(output, "wb") as out:
        program = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
        try:
            end = time.monotonic() + SECONDS_TO_START
            while not answers():
                if program.poll() is not None or time.monotonic() > end:
                    sys.exit(f"{command[0]} did not start; see {output}")
                time.sleep(0.2)
            yield program
        finally:
            program.terminate()
            try:
                program.wait(30)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()


def answers_at(port, path):
    def ask():
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            return connection.getresponse().status == 200
        return False
    return ask


@contextlib.contextmanager
def upstream(port, folder):
    here = pathlib.Path(__file__).parent / "upstream.py"
    command = [sys.executable, "-B", str(here), str(port), str(folder / "log.jsonl"), str(folder / "calls.json")]
    with running(command, folder / "upstream.out", answers_at(port, "/v1/models")):
        yield f"http://127.0.0.1:{port}/v1"


def litellm(program, port, config, folder):
    environment = os.environ | {
        "LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_TELEMETRY": "False", "DO_NOT_TRACK": "1",
        "DEFAULT_FLUSH_INTERVAL_SECONDS": str(SECONDS_BETWEEN_FLUSHES), "DEFAULT_BATCH_SIZE": "1000000",
        "NO_PROXY": "*", "HF_HUB_OFFLINE": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("DATABASE_URL", None)
    (folder / "router.yaml").write_text(json.dumps(config, indent=1), "utf-8")
    return running([program, "--config", str(folder / "router.yaml"), "--host", "127.0.0.1", "--port", str(port),
                    "--telemetry", "False"], folder / "router.out", answers_at(port, "/health/liveliness"),
                   environment)


def text_of(response, is_stream):
    if not is_stream:
        return json.loads(response)["choices"][0]["message"]["content"]
    events = [json.loads(line[6:]) for line in response.decode().splitlines()
              if line.startswith("data: ") and line != "data: [DONE]"]
    return "".join(choice["delta"].get("content") or "" for event in events for choice in event["choices"])


def hold(conversation, port, end):
    """Asks one question after the other; one that fails is left behind. Gives (answered, failed)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    messages = [{"role": "system", "content": desk.system_of(conversation["order"])}]
    answered = failed = 0
    for question in conversation["questions"]:
        if time.monotonic() > end:
            raise TimeoutError("the conversations take too long")
        messages.append({"role": "user", "content": question["prompt"]})
        body = {"model": desk.GROUP, "messages": messages, "user": conversation["user"],
                "metadata": {"session_id": conversation["session"], "segment": question["segment"]}}
        if conversation["stream"]:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        connection.request("POST", "/v1/chat/completions", json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        content = response.read()
        if response.status == 200:
            messages.append({"role": "assistant", "content": text_of(content, conversation["stream"])})
            answered += 1
        else:
            messages.pop()
            failed += 1
    connection.close()
    return answered, failed


def hold_all(conversations, port):
    end = time.monotonic() + SECONDS_TO_TALK
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as threads:
        counts = list(threads.map(lambda each: hold(each, port, end), conversations))
    return sum(each[0] for each in counts), sum(each[1] for each in counts)


def logged(path):
    """The rows of the log as the router wrote them."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]


def wait_for_log(path, requests):
    """Until the log has all requests, or the last rows have come."""
    end = time.monotonic() + 1.2 * SECONDS_BETWEEN_FLUSHES
    while time.monotonic() < end and len({row["litellm_call_id"] for row in logged(path)}) < requests:
        time.sleep(1)


class Log:
    """What the log says, counted by nothing but its own fields."""

    def __init__(self, rows):
        self.rows = rows
        requests = collections.defaultdict(list)
        for row in rows:
            requests[row["litellm_call_id"]].append(row)
        self.requests = len(requests)
        self.attempts = len(rows)
        self.failed = sum(row["status"] == "failure" for row in rows)
        self.cost = sum(row["response_cost"] or 0 for row in rows)
        self.tokens_in = sum(row["prompt_tokens"] for row in rows)
        self.tokens_out = sum(row["completion_tokens"] for row in rows)
        self.served = collections.Counter()
        tier_of = {f"openai/{model}": tier for tier, (model, _, _) in desk.TIERS.items()}
        self.spent = collections.Counter()
        for row in rows:
            self.spent[tier_of[row["model"]]] += row["response_cost"] or 0
        for attempts in requests.values():
            answers = [row["model"] for row in attempts if row["status"] == "success"]
            self.served[tier_of[answers[0]] if answers else "unanswered"] += 1

    def prices(self):
        """USD per million tokens, in and out, that the router counted with."""
        found = {}
        for row in self.rows:
            price = (row.get("model_map_information") or {}).get("model_map_value")
            if price and row["status"] == "success":
                found[row["model"].removeprefix("openai/")] = (
                    round(price["input_cost_per_token"] * 1e6, 6), round(price["output_cost_per_token"] * 1e6, 6))
        return found


class Signalbox:
    def __init__(self, cli, folder):
        self.cli = cli
        self.folder = folder

    def run(self, *arguments):
        done = subprocess.run([self.cli, *map(str, arguments)], capture_output=True, text=True, check=False,
                              timeout=SECONDS_TO_TALK)
        if done.returncode != 0:
            sys.exit(f"signalbox-cli {' '.join(map(str, arguments))}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def imported(self, log):
        """The table of a log, whose segments are what the callers said of their requests."""
        mapping = json.loads(self.run("traffic", "import", log, "--show-mapping"))
        mapping["places"].append({"field": "segment", "path": "/metadata/requester_metadata/segment"})
        (self.folder / "mapping.json").write_text(json.dumps(mapping, indent=1), "utf-8")
        table = self.folder / "mine.traffic"
        print(self.run("traffic", "import", log, "--mapping", self.folder / "mapping.json", "--out", table), end="")
        return table

    def described(self, table):
        return json.loads(self.run("traffic", "describe", table, "--json"))

    def heard(self, policy):
        """Answers of the policy's models to the same prompts, by the lab."""
        evidence = self.folder / "evidence.sqlite"
        for end in ("", "-wal", "-shm"):
            pathlib.Path(str(evidence) + end).unlink(missing_ok=True)
        prompts = self.folder / "prompts.jsonl"
        prompts.write_text("".join(
            json.dumps({key: each[key] for key in ("id", "segment", "system", "prompt")}) + "\n"
            for each in desk.prompts()), "utf-8")
        self.run("compare", policy, "--prompts-file", prompts, "--prompts-format", "jsonLines", "--samples",
                 LAB_SAMPLES, "--seed", 1, "--in-flight-here", LAB_AT_ONCE, "--evidence", evidence, "--json")
        return evidence

    def projected(self, policy, table, evidence):
        return json.loads(self.run("project", policy, "--traffic", table, "--evidence", evidence, "--json"))


def main(cli, program, folder, count=CONVERSATIONS):
    folder = pathlib.Path(folder)
    for old in ("log.jsonl", "calls.json"):
        (folder / old).unlink(missing_ok=True)
    upstream_port, router_port = free_ports(2)
    started = time.monotonic()
    with upstream(upstream_port, folder) as address:
        config = desk.router(address, address.removesuffix("/v1") + "/log")
        with litellm(program, router_port, config, folder):
            answered, failed = hold_all(desk.conversations(int(count)), router_port)
            print(f"{count} conversations: {answered} answers and {failed} failed requests in "
                  f"{time.monotonic() - started:.0f} s", flush=True)
            wait_for_log(folder / "log.jsonl", answered + failed)
    log = Log(logged(folder / "log.jsonl"))
    calls = json.loads((folder / "calls.json").read_text("utf-8"))
    print(f"The router's log has {log.attempts} rows of {log.requests} requests, {log.failed} rows of them failed; "
          f"the upstream had {sum(calls.values())} calls")
    return compare(log, Signalbox(cli, folder), folder)


def compare(log, signalbox, folder):
    table = signalbox.imported(folder / "log.jsonl")
    described = signalbox.described(table)
    [port] = free_ports(1)
    with upstream(port, folder) as address:
        policy = folder / "policy.json"
        policy.write_text(json.dumps(desk.policy(log.prices(), address), indent=1), "utf-8")
        evidence = signalbox.heard(policy)
    projection = signalbox.projected(policy, table, evidence)
    (folder / "projection.json").write_text(json.dumps(projection, indent=1), "utf-8")

    wrong = 0
    print(f"\n{'what':34}{'log':>14}{'Signalbox':>14}{'difference':>13}")

    def tell(what, said, found, digits, most, is_share=False):
        nonlocal wrong
        apart = found - said if is_share else (found - said) / said
        unit = "points" if is_share else "%"
        bad = abs(apart) > most
        wrong += bad
        factor = 100 if is_share else 1
        print(f"{what:34}{factor * said:14.{digits}f}{factor * found:14.{digits}f}"
              f"{100 * apart:+10.2f} {unit}{'  WRONG' if bad else ''}")

    tell("imported: requests", log.requests, described["requests"], 0, 0)
    tell("imported: cost, USD", log.cost, described["cost"]["usd"], 6, 1e-6)
    tell("imported: output tokens", log.tokens_out, described["outputTokens"]["total"], 0, 0)
    tell("projected: USD per 1,000 requests", 1000 * log.cost / log.requests,
         projection["costPer1kRequests"]["value"], 4, MOST)
    for model in projection["models"]:
        tier = model["id"]
        tell(f"projected: {tier}, % of requests", log.served[tier] / log.requests, model["servedShare"], 2, MOST, True)
        tell(f"projected: {tier}, % of cost", log.spent[tier] / log.cost, model["spendShare"], 2, MOST, True)
    tell("projected: unanswered, %", log.served["unanswered"] / log.requests, projection["unansweredShare"], 2,
         MOST, True)
    print(f"{wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
