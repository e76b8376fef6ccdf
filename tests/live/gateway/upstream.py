# SPDX-License-Identifier: GPL-3.0-or-later
"""A scripted provider of chat models on loopback, and the place where the router puts its log.

usage: upstream.py PORT LOG COUNTS

POST /v1/chat/completions answers in OpenAI's format, whole or as a stream, as models of different
length, speed and reliability would. POST /log appends what it was sent to the file LOG, byte by
byte. The calls of each model are counted into the file COUNTS when the program ends.

What fails is a schedule and no chance, so that the shares of failures are those that are meant: of
the different requests to a model each fortieth is refused (429) however often it is sent, and each
tenth ends with a server's error (500) the first time only.
"""
import collections
import hashlib
import http.server
import json
import random
import signal
import sys
import threading
import time

WORDS = {"gpt-4.1-mini": 90, "gpt-4.1": 150, "gpt-4o": 210}  # of a usual answer
FIRST_WORD_MS = {"gpt-4.1-mini": 4, "gpt-4.1": 8, "gpt-4o": 14}
VOCABULARY = ("the parcel order we you lamp will be sent returned within days please box label is paid "
              "back after our store has checked it and then a new one comes free of charge").split()
TOKENS_A_WORD = 1.3
TOKENS_A_MESSAGE = 4
REFUSED_OF = 40  # one of so many different requests is refused for good
SHAKY_OF = 10    # one of so many fails the first time


def tokens(text):
    return round(len(text.split()) * TOKENS_A_WORD)


def own_random(*parts):
    return random.Random(hashlib.sha256("\0".join(parts).encode()).digest())


def answer_of(model, messages, seed):
    """What a model says to a question is of one length, give or take; the history adds nothing."""
    question = messages[-1]["content"]
    usual = WORDS[model] * own_random(model, question).uniform(0.5, 1.5)
    call = own_random(model, json.dumps(messages), str(seed))
    count = max(round(usual * call.uniform(0.9, 1.1)), 1)
    return " ".join(call.choices(VOCABULARY, k=count)).capitalize() + "."


class Script:
    """Which requests fail, and how often. From all threads."""

    def __init__(self):
        self.lock = threading.Lock()
        self.fate_of = {}
        self.seen = collections.Counter()
        self.calls = collections.Counter()

    def status(self, model, key):
        with self.lock:
            if key not in self.fate_of:
                number = self.seen[model]
                self.seen[model] += 1
                self.fate_of[key] = ("refused" if number % REFUSED_OF == 7 else
                                     "shaky" if number % SHAKY_OF == 3 else "fine")
            fate = self.fate_of[key]
            if fate == "shaky":
                self.fate_of[key] = "fine"
            status = {"refused": 429, "shaky": 500, "fine": 200}[fate]
            self.calls[f"{model} {status}"] += 1
            return status


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    script = Script()
    log = None

    def log_message(self, *_):
        pass

    def reply(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if status == 429:
            self.send_header("Retry-After-Ms", "10")
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.reply(200, {"object": "list", "data": [{"id": each, "object": "model"} for each in WORDS]})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/log":
            self.keep(body)
        else:
            self.chat(json.loads(body))

    def keep(self, body):
        with self.script.lock, open(self.log, "ab") as log:
            log.write(body + b"\n")
        self.reply(200, {})

    def chat(self, request):
        model, messages, seed = request["model"], request["messages"], request.get("seed")
        status = self.script.status(model, (model, json.dumps(messages), seed))
        time.sleep(FIRST_WORD_MS[model] / 1000)
        if status != 200:
            word = "rate_limit_exceeded" if status == 429 else "server_error"
            self.reply(status, {"error": {"message": "as the script says", "type": word, "code": word}})
            return
        text = answer_of(model, messages, seed)
        count_in = sum(tokens(each["content"]) + TOKENS_A_MESSAGE for each in messages)
        usage = {"prompt_tokens": count_in, "completion_tokens": tokens(text),
                 "total_tokens": count_in + tokens(text)}
        head = {"id": "chatcmpl-" + hashlib.sha256(text.encode()).hexdigest()[:24],
                "created": int(time.time()), "model": model}
        if request.get("stream"):
            self.stream(head, text, usage, request.get("stream_options") or {})
        else:
            self.reply(200, head | {"object": "chat.completion", "usage": usage, "choices": [
                {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}]})

    def stream(self, head, text, usage, options):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        head = head | {"object": "chat.completion.chunk"}
        words = text.split(" ")
        for at in range(0, len(words), 40):
            piece = (" " if at else "") + " ".join(words[at:at + 40])
            self.event(head | {"choices": [{"index": 0, "delta": {"role": "assistant", "content": piece},
                                            "finish_reason": None}]})
        self.event(head | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        if options.get("include_usage"):
            self.event(head | {"choices": [], "usage": usage})
        self.chunk(b"data: [DONE]\n\n")
        self.chunk(b"")

    def event(self, body):
        self.chunk(b"data: " + json.dumps(body).encode() + b"\n\n")

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main(port, log, counts):
    Handler.log = log
    server = Server(("127.0.0.1", int(port)), Handler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print("serving", flush=True)
    server.serve_forever()
    with open(counts, "w", encoding="utf-8") as file:
        json.dump(Handler.script.calls, file, indent=1, sort_keys=True)


main(*sys.argv[1:])
