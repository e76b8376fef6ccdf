// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_fixtures.h"

namespace signalbox::test {

namespace {

// Written from the names of the fields; no line was taken from anywhere.
constexpr LogFixture
    kFixtures[] =
        {
            {"Signalbox", "Signalbox traffic",
             R"({"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is it?"}],"conversationId":"c1","userId":"u1","style":"concise","metadata":{"plan":"pro","seats":3},"segment":"orders","promptId":"p7","inputTokens":120,"timeMs":1693785600000})",
             "session=c1 | user=u1 | start=1693785600000 | in=120 | style=concise | segment=orders "
             "| "
             "prompt=p7 | says=system:Be brief. | says=user:Where is it? | meta=plan:pro | "
             "meta=seats:3"},

            {"OpenAI pair", "OpenAI requests and responses",
             R"({"request":{"model":"gpt-x","messages":[{"role":"developer","content":"Help."},{"role":"user","content":[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"data:"}}]}],"stream":true,"max_completion_tokens":50,"user":"u2"},"response":{"id":"r1","created":1693785600,"model":"gpt-x-1","choices":[{"message":{"role":"assistant","content":"A cat."}}],"usage":{"prompt_tokens":11,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":2}}},"latency_ms":812.5,"cost_usd":0.0004})",
             "id=r1 | user=u2 | start=1693785600000 | latency=812.5 | asked=gpt-x | served=gpt-x-1 "
             "| in=11 "
             "| out=3 | cached=4 | reasoning=2 | cost=0.0004 | max=50 | streamed=yes | "
             "says=system:Help. | "
             "says=user:What is this?+1 images | answer=A cat."},
            {"OpenAI Responses API", "OpenAI requests and responses",
             R"({"request":{"model":"gpt-x","input":"Say hi","instructions":"Be kind."},"response":{"id":"r2","created_at":1693785600,"model":"gpt-x-1","output":[{"type":"reasoning","summary":[]},{"type":"message","content":[{"type":"output_text","text":"Hi"}]}],"usage":{"input_tokens":5,"output_tokens":1}}})",
             "id=r2 | start=1693785600000 | asked=gpt-x | served=gpt-x-1 | in=5 | out=1 | "
             "says=system:Be "
             "kind. | says=user:Say hi | answer=Hi"},
            {"OpenAI batch input", "OpenAI batch input",
             R"({"custom_id":"b1","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-x","messages":[{"role":"user","content":"One"}],"max_tokens":9}})",
             "id=b1 | asked=gpt-x | max=9 | says=user:One"},
            {"OpenAI batch output", "OpenAI batch output",
             R"({"id":"x","custom_id":"b1","response":{"status_code":200,"request_id":"q1","body":{"id":"c","model":"gpt-x-1","choices":[{"message":{"role":"assistant","content":"Two"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}},"error":null})",
             "id=b1 | trace=q1 | served=gpt-x-1 | status=success | http=200 | in=3 | out=1 | "
             "answer=Two"},
            {"OpenAI lines", "OpenAI chat lines",
             R"({"messages":[{"role":"user","content":"Hi"}],"model":"gpt-x","temperature":1,"response":"Hello","session_id":"s","timestamp":"2023-09-04T00:00:00.250Z","status_code":429})",
             "session=s | start=1693785600250 | asked=gpt-x | status=failure | http=429 | "
             "says=user:Hi | "
             "answer=Hello"},

            {"LiteLLM spend log", "LiteLLM spend logs",
             R"({"request_id":"l1","call_type":"acompletion","spend":0.0125,"prompt_tokens":100,"completion_tokens":20,"startTime":"2023-09-04 00:00:00.000","endTime":"2023-09-04 00:00:02.500","completionStartTime":"2023-09-04 00:00:00.400","model":"small-1","model_group":"auto","custom_llm_provider":"acme","user":"svc","end_user":"u9","team_id":"t1","metadata":"{\"routing_decision\":{\"router_model_name\":\"smart\",\"routed_model\":\"small-1\",\"cause\":\"complexity_scorer\",\"tier\":\"SIMPLE\",\"score\":0.1},\"usage_object\":{\"prompt_tokens_details\":{\"cached_tokens\":40}}}","cache_hit":"False","request_tags":"[\"web\",\"beta\"]","session_id":"s1","status":"success","messages":"[{\"role\":\"user\",\"content\":\"Why?\"}]","response":"{\"choices\":[{\"message\":{\"content\":\"Because.\"}}]}"})",
             "id=l1 | session=s1 | user=u9 | tenant=t1 | start=1693785600000 | latency=2500 | "
             "ttft=400 | "
             "asked=smart | served=small-1 | provider=acme | route=SIMPLE | rule=complexity_scorer "
             "| "
             "status=success | in=100 | out=20 | cached=40 | cost=0.0125 | hit=no | says=user:Why? "
             "| "
             "answer=Because. | tag=web | tag=beta"},
            {"LiteLLM spend log without prompts", "LiteLLM spend logs",
             R"({"request_id":"l2","call_type":"acompletion","spend":0,"model_group":"auto","model":"m","request_duration_ms":700,"startTime":"2023-09-04T00:00:00Z","messages":{},"response":{},"metadata":{},"status":"failure"})",
             "id=l2 | start=1693785600000 | latency=700 | asked=auto | served=m | status=failure | "
             "cost=0"},
            {"LiteLLM payload", "LiteLLM logging payload",
             R"({"id":"p1","trace_id":"t1","call_type":"acompletion","response_cost":0.002,"status":"failure","prompt_tokens":9,"completion_tokens":0,"startTime":1693785600.0,"endTime":1693785601.5,"completionStartTime":1693785600.25,"response_time":1.5,"model":"m1","model_group":"g","metadata":{"user_api_key_team_id":"team","requester_metadata":{"session_id":"s","plan":"pro"}},"cache_hit":null,"request_tags":["a"],"end_user":"u","messages":[{"role":"user","content":"Q"}],"response":null,"error_information":{"error_code":"429","error_class":"RateLimitError","llm_provider":"acme"},"model_parameters":{"stream":true,"max_tokens":7}})",
             "id=p1 | trace=t1 | session=s | user=u | tenant=team | start=1693785600000 | "
             "latency=1500 | "
             "ttft=250 | asked=g | served=m1 | provider=acme | status=failure | http=429 | "
             "error=RateLimitError | in=9 | out=0 | cost=0.002 | max=7 | streamed=yes | "
             "says=user:Q | tag=a "
             "| meta=session_id:s | meta=plan:pro"},

            {"Portkey export", "Portkey export",
             R"({"id":"k1","trace_id":"t","created_at":"2023-09-04T02:00:00+02:00","request":{"model":"m","messages":[{"role":"user","content":"Q"}],"stream":false},"response":{"choices":[{"message":{"content":"A"}}]},"is_success":true,"ai_org":"acme","ai_model":"m-1","req_units":7,"res_units":2,"cost":0.5,"cost_currency":"USD","response_time":333,"response_status_code":200,"mode":"fallback","config":"cfg","metadata":{"_user":"u","_organisation":"o","_environment":"prod"}})",
             "id=k1 | trace=t | user=u | tenant=o | start=1693785600000 | latency=333 | asked=m | "
             "served=m-1 | provider=acme | route=cfg | arm=fallback | status=success | http=200 | "
             "in=7 | "
             "out=2 | cost=0.5 | streamed=no | says=user:Q | answer=A | meta=_user:u | "
             "meta=_organisation:o "
             "| meta=_environment:prod"},
            {"Portkey log stream", "Portkey log stream",
             R"({"time":"2023-09-04T00:00:00Z","method":"POST","endpoint":"/v1/chat/completions","status":200,"duration":900,"requestOptions":[{"providerOptions":{"provider":"acme"},"requestParams":{"model":"big","messages":[{"role":"user","content":"Q"}]},"originalResponse":{"status":503},"response":{"status":503},"createdAt":"2023-09-04T00:00:00Z","executionTime":300},{"providerOptions":{"provider":"bolt","overrideParams":{"model":"mid"}},"requestParams":{"model":"big"},"response":{"status":200,"model":"mid-1","usage":{"prompt_tokens":4,"completion_tokens":2}},"createdAt":"2023-09-04T00:00:00.300Z","executionTime":600}]})",
             "start=1693785600000 | latency=900 | asked=big | served=mid-1 | provider=bolt | "
             "retries=1 | "
             "status=success | http=200 | in=4 | out=2 | says=user:Q | try=acme/big:failure 300ms "
             "| "
             "try=bolt/mid-1:success 600ms"},
            {"Bifrost", "Bifrost",
             R"({"id":"f1","parent_request_id":"f0","timestamp":"2023-09-04T00:00:00Z","object_type":"chat.completion","provider":"acme","model":"m","number_of_retries":1,"fallback_index":1,"routing_rule_id":"r9","routing_rule_name":"eu first","virtual_key_name":"vk","input_history":"[{\"role\":\"user\",\"content\":\"Q\"}]","output_message":{"role":"assistant","content":"A"},"latency":120.5,"token_usage":"{\"prompt_tokens\":6,\"completion_tokens\":3}","cost":0.001,"status":"success","stream":false,"metadata":"{\"x-session-id\":\"s\",\"x-user-id\":\"u\"}"})",
             "id=f1 | parent=f0 | session=s | user=u | tenant=vk | start=1693785600000 | "
             "latency=120.5 | "
             "served=m | provider=acme | route=eu first | rule=r9 | attempt=1 | retries=1 | "
             "status=success "
             "| in=6 | out=3 | cost=0.001 | streamed=no | says=user:Q | answer=A | "
             "meta=x-session-id:s | "
             "meta=x-user-id:u"},
            {"Cloudflare",
             "Cloudflare AI Gateway", R"({"id":"w1","cached":false,"created_at":"2023-09-04T00:00:00Z","duration":410,"model":"m","path":"chat","provider":"acme","success":true,"tokens_in":5,"tokens_out":2,"cost":0.0002,"metadata":"{\"user\":\"u\",\"trace_id\":\"t\"}","status_code":200,"step":0,"feedback":-1,"score":80,"request_head":"{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"Q\"}]}","response_head":"{\"choices\":[{\"message\":{\"content\":\"A\"}}]}"})",
             "id=w1 | trace=t | user=u | start=1693785600000 | latency=410 | asked=auto | served=m "
             "| "
             "provider=acme | attempt=0 | status=success | http=200 | in=5 | out=2 | cost=0.0002 | "
             "hit=no | "
             "says=user:Q | answer=A | feedback=feedback/user=-1[-1..1] | "
             "feedback=score=80[0..100] | "
             "meta=user:u | meta=trace_id:t"},

            {"Langfuse trace", "Langfuse traces",
             R"({"id":"t1","observations":[{"id":"o0","traceId":"t1","type":"SPAN","startTime":"2023-09-04T00:00:00Z"},{"id":"o1","traceId":"t1","type":"GENERATION","name":"answer","startTime":"2023-09-04T00:00:00Z","endTime":"2023-09-04T00:00:01.250Z","completionStartTime":"2023-09-04T00:00:00.500Z","model":"m","level":"DEFAULT","usageDetails":{"input":8,"output":4},"costDetails":{"input":0.25,"output":0.5},"input":[{"role":"user","content":"Q"}],"output":"A"}],"userId":"u","sessionId":"s","tags":["x"],"scores":[{"name":"helpful","value":0.5,"source":"ANNOTATION"},{"observationId":"o0","name":"other","value":1,"source":"API"}]})",
             "id=o1 | trace=t1 | session=s | user=u | start=1693785600000 | latency=1250 | "
             "ttft=500 | "
             "served=m | route=answer | status=success | in=8 | out=4 | cost=0.75 | says=user:Q | "
             "answer=A "
             "| feedback=helpful/ANNOTATION=0.5 | tag=x"},
            {"Langfuse observation", "Langfuse observations",
             R"({"id":"o1","traceId":"t1","type":"GENERATION","startTime":"2023-09-04T00:00:00Z","latency":1.25,"timeToFirstToken":0.5,"model":"m","usageDetails":{"input":8,"output":4},"costDetails":{"total":0.75},"level":"ERROR","input":{"messages":[{"role":"user","content":"Q"}]},"output":{"role":"assistant","content":"A"}})",
             "id=o1 | trace=t1 | start=1693785600000 | latency=1250 | ttft=500 | served=m | "
             "status=failure "
             "| in=8 | out=4 | cost=0.75 | says=user:Q | answer=A"},

            {"OTLP", "OpenTelemetry GenAI (OTLP)",
             R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[{"traceId":"t","spanId":"s1","startTimeUnixNano":"1693785600000000000","endTimeUnixNano":"1693785600750500000","status":{"code":1},"attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},{"key":"gen_ai.request.model","value":{"stringValue":"m"}},{"key":"gen_ai.response.model","value":{"stringValue":"m-1"}},{"key":"gen_ai.provider.name","value":{"stringValue":"acme"}},{"key":"gen_ai.usage.input_tokens","value":{"intValue":"12"}},{"key":"gen_ai.usage.output_tokens","value":{"intValue":3}},{"key":"gen_ai.conversation.id","value":{"stringValue":"c"}},{"key":"gen_ai.request.stream","value":{"boolValue":true}},{"key":"gen_ai.response.time_to_first_chunk","value":{"doubleValue":0.25}},{"key":"gen_ai.system_instructions","value":{"stringValue":"[{\"type\":\"text\",\"content\":\"Be kind.\"}]"}},{"key":"gen_ai.input.messages","value":{"stringValue":"[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Q\"}]}]"}},{"key":"gen_ai.output.messages","value":{"stringValue":"[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"A\"}],\"finish_reason\":\"stop\"}]"}}],"events":[{"name":"gen_ai.evaluation.result","attributes":[{"key":"gen_ai.evaluation.name","value":{"stringValue":"relevance"}},{"key":"gen_ai.evaluation.score.value","value":{"doubleValue":0.75}}]},{"name":"exception","attributes":[]}]},{"traceId":"t","spanId":"s2","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"execute_tool"}}]}]}]}]})",
             "id=s1 | trace=t | session=c | tenant=shop | start=1693785600000 | latency=750.5 | "
             "ttft=250 | "
             "asked=m | served=m-1 | provider=acme | status=success | in=12 | out=3 | streamed=yes "
             "| "
             "says=system:Be kind. | says=user:Q | answer=A | feedback=relevance=0.75"},
            {"GenAI span", "OpenTelemetry GenAI (a span a line)",
             R"({"name":"chat m","context":{"trace_id":"t","span_id":"s1"},"start_time":"2023-09-04T00:00:00.000000Z","end_time":"2023-09-04T00:00:02Z","status":{"status_code":"ERROR"},"attributes":{"gen_ai.operation.name":"chat","gen_ai.system":"acme","gen_ai.request.model":"m","gen_ai.usage.prompt_tokens":5,"gen_ai.usage.completion_tokens":0,"error.type":"timeout","gen_ai.prompt.1.role":"user","gen_ai.prompt.1.content":"Q","gen_ai.prompt.0.role":"system","gen_ai.prompt.0.content":"S","gen_ai.completion.0.content":"A","user.id":"u"}})",
             "id=s1 | trace=t | user=u | start=1693785600000 | latency=2000 | asked=m | served=m | "
             "provider=acme | status=failure | error=timeout | in=5 | out=0 | says=system:S | "
             "says=user:Q | "
             "answer=A"},
            {"OpenInference span", "OpenInference (a span a line)",
             R"({"name":"llm","context":{"trace_id":"t","span_id":"s"},"start_time":"2023-09-04T00:00:00Z","end_time":"2023-09-04T00:00:01Z","status_code":"OK","attributes":{"openinference.span.kind":"LLM","llm.model_name":"m","llm.provider":"acme","llm.token_count.prompt":3,"llm.token_count.completion":2,"llm.token_count.prompt_details.cache_read":1,"llm.cost.prompt":0.25,"llm.cost.completion":0.5,"llm.invocation_parameters":"{\"max_tokens\":20}","llm.input_messages.0.message.role":"user","llm.input_messages.0.message.content":"Q","llm.output_messages.0.message.role":"assistant","llm.output_messages.0.message.content":"A","session.id":"c","user.id":"u","tag.tags":["x","y"],"metadata":"{\"plan\":\"pro\"}"}})",
             "id=s | trace=t | session=c | user=u | start=1693785600000 | latency=1000 | asked=m | "
             "served=m "
             "| provider=acme | status=success | in=3 | out=2 | cached=1 | cost=0.75 | max=20 | "
             "says=user:Q | answer=A | tag=x | tag=y | meta=plan:pro"},
            {"OpenInference OTLP", "OpenInference (OTLP)",
             R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"t","spanId":"s","startTimeUnixNano":"1693785600000000000","endTimeUnixNano":"1693785601000000000","attributes":[{"key":"openinference.span.kind","value":{"stringValue":"LLM"}},{"key":"llm.model_name","value":{"stringValue":"m"}},{"key":"tag.tags","value":{"arrayValue":{"values":[{"stringValue":"x"},{"stringValue":"y"}]}}},{"key":"llm.input_messages.0.message.role","value":{"stringValue":"user"}},{"key":"llm.input_messages.0.message.content","value":{"stringValue":"Q"}},{"key":"output.value","value":{"stringValue":"A"}}]}]}]}]})",
             "id=s | trace=t | start=1693785600000 | latency=1000 | asked=m | served=m | "
             "says=user:Q | "
             "answer=A | tag=x | tag=y"},
};

} // namespace

std::span<const LogFixture> logFixtures()
{
    return kFixtures;
}

} // namespace signalbox::test
