# SPDX-License-Identifier: GPL-3.0-or-later
"""check.py CLI MOCK FOLDER: asks the mock by every dialect, quiet and in chaos, and says what came."""
import contextlib
import json
import os
import pathlib
import socket
import sqlite3
import subprocess
import sys
import time

ANSWER = "A refund takes seven days \u2013 na\u00efve, \u65e5\u672c and \U0001f600 included. We check the parcel first, then we pay."
DIALECTS = [  # model of the policy, provider, name on the wire, behind the mock's address
    ("chat", "openai", "gpt-4o", "/v1"),
    ("responses", "openai-responses", "gpt-4o", "/v1"),
    ("claude", "anthropic", "claude-3-5-haiku-20241022", "/v1"),
    ("gemini", "gemini", "gemini-2.0-flash", "/v1beta"),
    ("ollama", "ollama", "llama3", ""),
    ("cohere", "cohere", "command-r", "/v2"),
    ("bedrock", "bedrock", "anthropic.claude-3-haiku-20240307-v1:0", ""),
]
CHAOS = {  # switch of the mock: what every call is to end as
    "drop": "serverError",
    "malformed": "protocol",
    "disconnect": "connect",
    "ratelimit": "rateLimit",
}
SECONDS_TO_START = 20
SECONDS_TO_ANSWER = 180


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def mock(program, folder, *switches):
    """The mock on a free port of loopback; gives its address, and ends it."""
    port = free_port()
    fixtures = folder / "fixtures.json"
    fixtures.write_text(json.dumps({"fixtures": [
        {"match": {"userMessage": "refund"}, "response": {"content": ANSWER}}]}), "utf-8")
    server = subprocess.Popen(
        ["node", program, "--port", str(port), "--fixtures", str(fixtures), "--log-level", "silent",
         "--latency", "2", "--chunk-size", "3", *switches],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + SECONDS_TO_START
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if server.poll() is not None or time.monotonic() > end:
                sys.exit("the mock did not start")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def ask(cli, folder, address, *options):
    """{model: (state, failure kind, text, output tokens, estimated, failure)} of one call each."""
    policy = folder / "policy.json"
    policy.write_text(json.dumps({
        "schemaVersion": 1, "id": "mock", "name": "Mock",
        "models": [{"id": model, "provider": provider, "upstreamModel": name,
                    "baseUrl": address + path, "keyRef": "env:SIGNALBOX_MOCK_KEY"}
                   for model, provider, name, path in DIALECTS],
        "otherwise": {"call": {"model": "chat"}}}), "utf-8")
    prompts = folder / "prompts.txt"
    prompts.write_text("How long does a refund take?\n", "utf-8")
    evidence = folder / "evidence.db"
    for end in ("", "-wal", "-shm"):
        pathlib.Path(str(evidence) + end).unlink(missing_ok=True)
    subprocess.run(
        [cli, "compare", str(policy), "--prompts-file", str(prompts), *options,
         "--allow-key", f"env:SIGNALBOX_MOCK_KEY={address}", "--evidence", str(evidence)],
        env=os.environ | {"SIGNALBOX_MOCK_KEY": "mock"}, timeout=SECONDS_TO_ANSWER,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    with contextlib.closing(sqlite3.connect(evidence)) as store:
        rows = store.execute("select lane, state, failure_kind, text, output_tokens, "
                             "tokens_estimated, failure from answer order by lane").fetchall()
    return {DIALECTS[lane][0]: row for lane, *row in rows}


def main(cli, program, folder):
    folder = pathlib.Path(folder)
    wrong = 0

    def tell(right, text):
        nonlocal wrong
        wrong += not right
        print(("ok    " if right else "WRONG ") + text)

    with mock(program, folder) as address:
        answers = ask(cli, folder, address)
    for model, *_ in DIALECTS:
        state, kind, text, tokens, _estimated, failure = answers.get(model, (None,) * 6)
        tell(state == "done" and text == ANSWER and (tokens or 0) > 0,
             f"{model}: {state}, {len(text or '')} of {len(ANSWER)} characters, {tokens} tokens"
             f"{': ' + failure if kind else ''}")
    for switch, reason in CHAOS.items():
        with mock(program, folder, f"--chaos-{switch}", "1") as address:
            for model, *_ in DIALECTS:
                # One at a time: a server that states its limits in a refusal is left alone after it.
                answer = ask(cli, folder, address, "--models", model, "--no-retries")
                state, kind, *_, failure = next(iter(answer.values()), (None,) * 6)
                tell((state, kind) == ("failed", reason),
                     f"{switch}, {model}: {state}, {kind}: {failure}")
    print(f"{wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
