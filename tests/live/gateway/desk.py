# SPDX-License-Identifier: GPL-3.0-or-later
"""One policy, in Signalbox's form and in the router's, and the conversations that it answers.

A shop's desk: most questions go to a cheap model, those about money to a better one, which also takes
over where another one fails, and legal ones to the best.
"""
import random

TIERS = {  # of the policy: model on the wire, tier of the router, words that lead to it
    "economy": ("gpt-4.1-mini", "SIMPLE", []),
    "standard": ("gpt-4.1", "MEDIUM", ["invoice", "warranty", "refund"]),
    "expert": ("gpt-4o", "COMPLEX", ["liability", "contract", "lawyer"]),
}
RESCUE = "standard"
SEGMENTS = {"economy": "Orders", "standard": "Money", "expert": "Legal"}
PROMPTS = {"economy": 80, "standard": 45, "expert": 40}
SHARES = {"economy": 0.66, "standard": 0.24, "expert": 0.10}  # of questions
GROUP = "desk"  # what clients ask the router for

THINGS = ["lamp", "plug", "camera", "sensor", "heater", "doorbell", "bulb", "switch", "speaker", "lock"]
OPENINGS = ["Good morning,", "Hello there,", "Please help me,", "Another thing,", "Excuse me,"]
STORIES = ["it came last week and the box was torn", "my neighbour took it in and opened it",
           "I have two of them and only one works", "the app does not find it any more",
           "it was a present for my sister who moved abroad", "the blue light stays on all night",
           "I wrote to you twice and nobody answered", "it is for the office on the third floor"]
QUESTIONS = {
    "economy": ["where is the {thing}", "when will the {thing} come", "how do I send the {thing} back",
                "can I have the {thing} in white", "does the {thing} work outside"],
    "standard": ["the invoice for the {thing} is wrong", "is the {thing} still under warranty",
                 "when do I get the refund for the {thing}"],
    "expert": ["who takes the liability for the burnt {thing}", "which contract covers the {thing}",
               "my lawyer asks for the papers of the {thing}"],
}


def system_of(order):
    return f"You answer for a shop that sells devices for the home. The customer's order is {order}."


def prompts():
    """[{id, segment, system, prompt, tier}], each of another text."""
    dice = random.Random(19)
    made = []
    texts = set()
    for tier, count in PROMPTS.items():
        while count:
            said = [dice.choice(OPENINGS)] + dice.sample(STORIES, dice.randint(0, 3))
            text = " and ".join(said[1:] + [dice.choice(QUESTIONS[tier]).format(thing=dice.choice(THINGS))])
            text = f"{said[0]} {text}?"
            if text in texts:
                continue
            texts.add(text)
            made.append({"id": f"{tier}-{count:03}", "segment": SEGMENTS[tier], "system": system_of("new"),
                         "prompt": text, "tier": tier})
            count -= 1
    return made


def deck(cards, dice):
    """All cards in some order, then all of them in another one, and so on."""
    while True:
        yield from dice.sample(cards, len(cards))


def conversations(count):
    """[{session, order, user, stream, questions: [prompt]}] of one to four turns.

    Questions are dealt, not drawn, so that each is asked as often as the others of its tier: what is to
    be compared is how two programs count, and not the luck of a draw.
    """
    dice = random.Random(20)
    of_tier = {tier: deck([each for each in prompts() if each["tier"] == tier], dice) for tier in TIERS}
    return [{"session": f"s{number:05}", "order": 40_000 + 7 * number, "user": f"u{dice.randint(1, 400):03}",
             "stream": dice.random() < 0.3,
             "questions": [next(of_tier[dice.choices(list(SHARES), list(SHARES.values()))[0]])
                           for _ in range(dice.choices([1, 2, 3, 4], [3, 3, 2, 2])[0])]}
            for number in range(count)]


def policy(prices, upstream):
    """As Signalbox reads it. prices: model on the wire -> USD per million tokens, in and out."""
    def call(tier):
        return {"call": {"model": tier, "retry": {"count": 1}}}

    def plan(tier):
        return call(tier) if tier == RESCUE else {"chain": {"steps": [call(tier), call(RESCUE)]}}

    return {
        "schemaVersion": 1, "id": "desk", "name": "Desk",
        "models": [{"id": tier, "provider": "openai", "upstreamModel": model, "baseUrl": upstream,
                    "price": {"inputPerMTok": prices[model][0], "outputPerMTok": prices[model][1]}}
                   for tier, (model, _, _) in TIERS.items()],
        "baseline": "expert",
        "signals": [{"id": tier, "source": "keywords", "match": "word", "anyOf": words}
                    for tier, (_, _, words) in TIERS.items() if words],
        "rules": [{"id": "legal", "when": {"signal": "expert", "op": "eq", "value": True}, "plan": plan("expert")},
                  {"id": "money", "when": {"signal": "standard", "op": "eq", "value": True}, "plan": plan(RESCUE)}],
        "otherwise": plan("economy"),
    }


def router(upstream, log):
    """As LiteLLM reads it (JSON is YAML)."""
    deployments = [{"model_name": tier,
                    "litellm_params": {"model": f"openai/{model}", "api_base": upstream, "api_key": "none",
                                       "max_retries": 0}}
                   for tier, (model, _, _) in TIERS.items()]
    tiers = {name: tier for tier, (_, name, _) in TIERS.items()} | {"REASONING": "expert"}
    rules = [{"keywords": words, "tier": name} for _, name, words in TIERS.values() if words]
    desk = {"model": "auto_router/complexity_router", "complexity_router_default_model": "economy",
            "complexity_router_config": {
                "tiers": tiers, "keyword_tier_rules": rules,
                # Only the words decide: no score goes over these limits, no text holds that word.
                "tier_boundaries": {"simple_medium": 10, "medium_complex": 11, "complex_reasoning": 12},
                "reasoning_keywords": ["xyzzy"]}}
    return {
        "model_list": deployments + [{"model_name": GROUP, "litellm_params": desk}],
        "router_settings": {"num_retries": 1, "disable_cooldowns": True, "fallbacks": [{GROUP: [RESCUE]}]},
        "litellm_settings": {"callbacks": ["sink"]},
        "callback_settings": {"sink": {"callback_type": "generic_api", "endpoint": log, "log_format": "ndjson",
                                       "headers": {"x-source": "router"}}},
    }
