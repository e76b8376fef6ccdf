// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace signalbox::tests {

/// As promptfoo writes it, shortened to what counts.
inline constexpr const char* kPromptfooResults = R"({
 "evalId": "eval-x",
 "results": {"version": 3, "timestamp": "2025-01-15T10:30:00.000Z", "results": [
  {"provider": {"id": "openai:gpt-4o", "label": ""}, "promptIdx": 0, "testIdx": 0,
   "prompt": {"raw": "Say hi to Ann", "label": "Say hi to {{name}}"}, "vars": {"name": "Ann"},
   "testCase": {"vars": {"name": "Ann"}, "metadata": {"segment": "greetings"}},
   "response": {"output": "Hi Ann!", "tokenUsage": {"total": 20, "prompt": 12, "completion": 8},
     "cached": false, "cost": 0.0021, "finishReason": "stop"},
   "error": "Expected output to contain \"Hello\"", "failureReason": 1, "success": false, "score": 0,
   "latencyMs": 812, "cost": 0.0021,
   "gradingResult": {"pass": false, "score": 0, "reason": "x", "componentResults": [{"pass": false}]}},
  {"provider": {"id": "ollama:chat:llama3", "label": "our llama"},
   "prompt": {"raw": "Say hi to Ann", "label": "x"},
   "response": {"output": "Hello", "cached": true, "tokenUsage": {"total": 9, "cached": 9}},
   "failureReason": 0, "success": true, "score": 1, "latencyMs": 3, "cost": 0, "gradingResult": null},
  {"provider": {"id": "openai:gpt-4o"}, "prompt": {"raw": "Say hi to Ann"},
   "response": {"output": "Hi again", "finishReason": "length"}, "score": 1},
  {"provider": {"id": "openai:gpt-4o"},
   "prompt": {"raw": "[{\"role\": \"system\", \"content\": \"Be brief\"}, {\"role\": \"user\", \"content\": \"Now?\"}]"},
   "response": {"error": "429 Too Many Requests\nwith a long body"}, "error": "429 Too Many Requests\nwith a long body",
   "failureReason": 2, "success": false, "score": 0, "latencyMs": 0},
  {"provider": {"id": "openai:gpt-4o"}, "prompt": {"raw": "As JSON"}, "response": {"output": {"a": 1}}},
  7
 ]}, "config": {}})";

} // namespace signalbox::tests
