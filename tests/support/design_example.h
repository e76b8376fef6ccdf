// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace signalbox::test {

/// The example of the design: the three layers of a policy file with nearly every construct once.
inline constexpr std::string_view kDesignExample = R"json({
  "schemaVersion": 1,
  "id": "support-desk", "name": "Support desk", "revision": 7,
  "models": [
    {"id": "gpt-4", "provider": "openai", "upstreamModel": "gpt-4", "baseUrl": "https://api.example.com/v1", "keyRef": "env:OPENAI_API_KEY",
     "price": {"inputPerMTok": 30.0, "outputPerMTok": 60.0, "asOf": "2023-06-13"}, "contextTokens": 8192,
     "styleGuide": "Answer in at most four sentences."}
  ],
  "baseline": "gpt-4",
  "signals": [
    {"id": "complexity", "source": "score", "scope": "lastUser", "base": 1, "min": 1, "max": 10, "terms": [
        {"add": 2, "when": {"signal": "chars", "op": "gt", "value": 200}},
        {"add": 2, "when": {"signal": "chars", "op": "gt", "value": 500}},
        {"add": 3, "when": {"signal": "expert words", "op": "eq", "value": true}},
        {"add": 1, "when": {"signal": "asks", "op": "eq", "value": false}}]},
    {"id": "chars", "source": "chars", "scope": "lastUser"},
    {"id": "expert words", "source": "keywords", "scope": "lastUser", "anyOf": ["legal", "medical", "code", "math"], "match": "substring"},
    {"id": "asks", "source": "contains", "scope": "lastUser", "text": "?"},
    {"id": "style", "source": "style", "default": "balanced"},
    {"id": "plan", "source": "metadata", "key": "plan", "type": "string"}
  ],
  "rules": [
    {"id": "hard", "label": "Hard questions", "when": {"any": [
        {"signal": "complexity", "op": "gte", "value": {"byStyle": {"concise": 8, "balanced": 7, "detailed": 5}}},
        {"all": [{"signal": "plan", "op": "eq", "value": "enterprise"}, {"not": {"signal": "asks", "op": "eq", "value": true}}]}]},
     "plan": {"call": {"model": "gpt-4"}}}
  ],
  "otherwise": {"chain": {"deadlineMs": 2000, "mode": "hedge", "on": ["timeout", "rateLimit", "serverError", "connect"], "steps": [
      {"split": {"sticky": "conversation", "salt": "2026-11", "arms": [
          {"weight": 9000, "plan": {"call": {"model": "palm-2", "firstTokenMs": 500}}},
          {"weight": 1000, "plan": {"call": {"model": "gpt-3.5-turbo", "firstTokenMs": 500}}}]}},
      {"call": {"model": "gpt-4"}}]}},
  "holdout": {"share": 0.03, "unit": "conversation", "salt": "h1", "model": "gpt-4"},
  "voice": {"words": [40, 160], "tone": {"warmth": [0.2, 0.8]}, "golden": ["a1", "a7"]},
  "gates": [
    {"metric": "costSaving", "atLeast": 0.40}, {"metric": "latencyP95Ms", "atMost": 2000},
    {"metric": "satisfactionRatio", "atLeast": 0.95, "per": "segment"}, {"metric": "consistency", "atLeast": 0.90}],
  "monitoring": {"outcomes": ["thumbs", "handover"], "alpha": 0.05, "detectWithinDays": 7},
  "tests": [{"request": {"messages": [{"role": "user", "content": "What is the capital of France?"}]}, "expect": {"rule": null, "model": "palm-2"}}]
})json";

} // namespace signalbox::test
