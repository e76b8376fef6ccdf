#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes price-book.json of a price catalogue with cross-checks: make_book.py CATALOGUE > price-book.json

The catalogue is a JSON file of the format "price-catalog-sample", version 1. Facts are taken from it
(prices, tiers, dates, who agrees), of the models listed here; what it is known to have wrong is left
out, so that it is unknown and not mistaken. Prices become whole numbers of 1e-12 USD per token.
"""
import json
import sys
from decimal import Decimal

PROVIDERS = [
    {"id": "openai", "name": "OpenAI", "otherNames": ["openai-responses"], "hosts": ["api.openai.com"], "idPrefixes": ["openai/"]},
    {"id": "anthropic", "name": "Anthropic", "hosts": ["api.anthropic.com"], "idPrefixes": ["anthropic/"]},
    {"id": "google", "name": "Google", "otherNames": ["gemini"], "hosts": ["generativelanguage.googleapis.com"],
     "idPrefixes": ["models/", "gemini/", "google/"]},
    {"id": "mistral", "name": "Mistral", "hosts": ["api.mistral.ai"], "idPrefixes": ["mistral/"]},
    {"id": "cohere", "name": "Cohere", "hosts": ["api.cohere.com", "api.cohere.ai"], "idPrefixes": ["cohere/"]},
    {"id": "deepseek", "name": "DeepSeek", "hosts": ["api.deepseek.com"], "idPrefixes": ["deepseek/"]},
    {"id": "xai", "name": "xAI", "hosts": ["api.x.ai"], "idPrefixes": ["xai/"]},
    {"id": "groq", "name": "Groq", "hosts": ["api.groq.com"], "idPrefixes": ["groq/"]},
    {"id": "together", "name": "Together", "hosts": ["api.together.xyz", "api.together.ai"],
     "idPrefixes": ["together/", "together_ai/"]},
    {"id": "aws-bedrock", "name": "Amazon Bedrock", "otherNames": ["bedrock"],
     "hosts": ["bedrock-runtime.us-east-1.amazonaws.com"], "idPrefixes": ["bedrock/"]},
    {"id": "perplexity", "name": "Perplexity", "hosts": ["api.perplexity.ai"], "idPrefixes": ["perplexity/"]},
    {"id": "moonshot", "name": "Moonshot", "hosts": ["api.moonshot.ai"], "idPrefixes": ["moonshot/"]},
    {"id": "zai", "name": "Z.ai", "hosts": ["api.z.ai"], "idPrefixes": ["zai/"]},
    {"id": "alibaba", "name": "Alibaba", "hosts": ["dashscope-intl.aliyuncs.com"], "idPrefixes": ["dashscope/"]},
    {"id": "openrouter", "name": "OpenRouter", "hosts": ["openrouter.ai"]},
]

SOURCES = [
    {"id": "litellm", "name": "LiteLLM, model_prices_and_context_window.json (MIT)", "date": "2026-08-01"},
    {"id": "openrouter", "name": "OpenRouter, list of models", "date": "2026-08-01"},
    {"id": "genai-prices", "name": "pydantic/genai-prices (MIT)", "date": "2026-08-21"},
    {"id": "llm-prices", "name": "simonw/llm-prices, compared only", "date": "2026-08-05"},
    {"id": "models.dev", "name": "models.dev (MIT)", "date": "2026-07-02"},
]

# Not in the book, and why.
LEFT_OUT = {
    ("mistral", "mistral-small-latest"): "an alias; four catalogues price three models behind it",
    ("deepseek", "deepseek-chat"): "an alias; four catalogues, four prices",
    ("together", "Qwen/Qwen3-235B-A22B-Instruct-2507-tput"): "two catalogues differ by ten times",
    ("together", "deepseek-ai/DeepSeek-V3.1"): "one source, no cross-check",
    ("xai", "grok-4-1-fast-reasoning"): "withdrawn",
    ("xai", "grok-3-mini"): "withdrawn",
}
# Single prices that the main source plainly has wrong.
WRONG = {("anthropic", "claude-3-haiku-20240307"): ["cache_write_1h"]}  # 24 times its input

# Schedules are taken where two sources tell the same story; elsewhere only the present price is.
SCHEDULED = [("openai", "gpt-5.6-terra"), ("openai", "gpt-5.6-luna"), ("openai", "o3"),
             ("anthropic", "claude-sonnet-5")]

# Families in which all snapshots of one name have had one price. Not gpt-4o and the older ones: their
# snapshots differ.
DATED = {"openai": ("gpt-5", "gpt-4.1", "o3", "o4-mini"), "anthropic": ("claude-opus-", "claude-sonnet-",
         "claude-haiku-", "claude-fable-")}

# Groq serves these under their makers' prefix; the bare name means the same there.
ALIASES = {("groq", "openai/gpt-oss-120b"): ["gpt-oss-120b"], ("groq", "openai/gpt-oss-20b"): ["gpt-oss-20b"],
           ("groq", "qwen/qwen3-32b"): ["qwen3-32b"]}

NOTES = {
    ("google", "gemini-3.6-flash"): "genai-prices has half of it until the end of 2026.",
    ("aws-bedrock", "amazon.nova-2-lite-v1:0"): "models.dev has 0.33 and 2.75, the price of some regions.",
}

KINDS = [("input", ["input"]), ("cacheRead", ["cache_read"]), ("cacheWrite", ["cache_write_5m", "cache_write"]),
         ("cacheWriteHour", ["cache_write_1h"]), ("output", ["output"]), ("reasoning", ["reasoning_output"])]


def pico(usd_per_million):
    """Whole 1e-12 USD per token; refuses a price that would be rounded."""
    value = Decimal(str(usd_per_million)) * 10**6
    if value != value.to_integral_value():
        raise ValueError(f"{usd_per_million} is no whole number of 1e-12 USD per token")
    return int(value)


def tokens_of(rates, wrong=(), prefix=""):
    tokens = {}
    for kind, names in KINDS:
        for name in names:
            if prefix + name in rates and name not in wrong:
                tokens[kind] = pico(rates[prefix + name])
                break
    if tokens.get("reasoning") == tokens.get("output"):
        tokens.pop("reasoning", None)  # has no price of its own
    return tokens


def sheet_of(model, wrong):
    rates = model["usd_per_million_tokens"]
    sheet = {"tokens": tokens_of(rates, wrong)}
    if batch := tokens_of(rates, wrong, "batch_"):
        sheet["batch"] = batch
    if "tiers" in model:
        sheet["tiers"] = [{"abovePromptTokens": tier["above_input_tokens"], "tokens": tokens_of(tier)}
                          for tier in model["tiers"]]
    if model["provider"] == "perplexity":  # searches for every request
        levels = model["fees"]["web_search_per_request_usd"]
        sheet["perRequest"] = {level: int(Decimal(str(levels[level])) * 10**12) for level in ("low", "medium", "high")}
    return sheet


def periods_of(model, key):
    present = sheet_of(model, WRONG.get(key, ()))
    if key not in SCHEDULED:
        return [present]
    earlier, later = model["price_schedule"]["entries"]
    assert "from" not in earlier and "from" in later
    bare = lambda entry: {"tokens": tokens_of(entry)}
    # The catalogue's own entry has more than input, output and cache read: it is the one that agrees.
    same = lambda entry: all(bare(entry)["tokens"][k] == present["tokens"].get(k) for k in ("input", "output"))
    first = present if same(earlier) else bare(earlier)
    second = present if same(later) else bare(later)
    return [{"until": later["from"], **first}, {"from": later["from"], **second}]


def entry_of(model):
    key = (model["provider"], model["model"])
    entry = {"provider": key[0], "model": key[1]}
    if key in ALIASES:
        entry["aliases"] = ALIASES[key]
    if key[1].startswith(DATED.get(key[0], ("\0",))) and not key[1][-8:].isdigit():
        entry["datedIds"] = True
    agreeing = {check["source"] for check in model.get("checks", []) if check["agrees"]}
    # A schedule's source agrees with one of its periods.
    entry["sources"] = ["litellm"] + [s["id"] for s in SOURCES if s["id"] in agreeing]
    if key in SCHEDULED and "genai-prices" not in entry["sources"]:
        entry["sources"].append("genai-prices")
    if key in NOTES:
        entry["note"] = NOTES[key]
    return entry | {"periods": periods_of(model, key)}


def levels(value):
    if not isinstance(value, (dict, list)):
        return 0
    return 1 + max((levels(v) for v in (value.values() if isinstance(value, dict) else value)), default=0)


def text_of(value, level=0, used=0):
    """The layout of the program's own writer: small containers in one line of at most 100 bytes."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or not value:
        return flat
    if level > 0 and levels(value) <= 3 and used + len(flat.encode()) <= 100:
        return flat
    pad = "  " * (level + 1)
    if isinstance(value, dict):
        items = [(json.dumps(k, ensure_ascii=False) + ": ", v) for k, v in value.items()]
    else:
        items = [("", v) for v in value]
    lines = [pad + name + text_of(v, level + 1, len((pad + name).encode())) for name, v in items]
    ends = "{}" if isinstance(value, dict) else "[]"
    return ends[0] + "\n" + ",\n".join(lines) + "\n" + "  " * level + ends[1]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        catalogue = json.load(file)
    assert (catalogue["format"], catalogue["version"]) == ("price-catalog-sample", 1)
    models = [m for m in catalogue["models"] if (m["provider"], m["model"]) not in LEFT_OUT]
    for model in models:
        if not any(check["agrees"] for check in model["checks"]):
            raise SystemExit(f"nobody agrees on {model['provider']}/{model['model']}: decide, or leave it out")
    book = {
        "schemaVersion": 1,
        "version": catalogue["as_of"],
        "asOf": catalogue["as_of"],
        "note": "List prices without discounts, taxes and fees for tools. Prices are whole numbers of 1e-12 USD per token: 2500000 is 2.5 USD per million tokens.",
        "sources": SOURCES,
        "providers": PROVIDERS,
        "models": [entry_of(m) for m in models],
    }
    print(text_of(book))


main()
