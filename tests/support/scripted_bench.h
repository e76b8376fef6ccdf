// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "manual_clock.h"
#include "scripted_provider.h"

#include <core/evidence/evidence_store.h>
#include <core/policy/document.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace signalbox::test {

/// A model of the scripted provider, at 30 and 60 USD a million tokens.
inline ModelSpec scriptedModel(const std::string& id)
{
    ModelSpec model;
    model.id = ModelId(id);
    model.provider = "scripted";
    model.upstreamModel = id + "-upstream";
    model.price =
        Price{pricePerTokenFromUsdPerMTok(30), pricePerTokenFromUsdPerMTok(60), "2023-06-13"};
    return model;
}

/// Registry, provider and store of one test of the lab.
struct ScriptedBench
{
    ScriptedBench() { addProvider(); }
    explicit ScriptedBench(const Clock& clock) : registry(clock) { addProvider(); }

    void answerEverythingLive(const std::string& text = "Your refund is on its way.") const
    {
        for (ScriptedStream* stream : provider->live()) {
            stream->say(text);
            stream->finish();
        }
    }
    /// Live calls by what the server calls the model.
    [[nodiscard]] std::vector<ScriptedStream*> liveOf(const std::string& upstreamModel) const
    {
        auto live = provider->live();
        std::erase_if(live, [&](const ScriptedStream* stream) {
            return stream->request.upstreamModel != upstreamModel;
        });
        return live;
    }
    [[nodiscard]] std::size_t sent() const { return provider->streams.size(); }

    ProviderRegistry registry;
    ScriptedProvider* provider = nullptr; ///< the registry's
    EvidenceStore store = std::move(*EvidenceStore::openTemporary());

private:
    void addProvider()
    {
        auto owned = std::make_unique<ScriptedProvider>();
        provider = owned.get();
        registry.add(std::move(owned));
    }
};

/// First a clock, which a bench is made with.
struct ClockOfBench
{
    ManualClock clock;
};

/// The same in time that the test moves.
struct TimedBench : ClockOfBench, ScriptedBench
{
    TimedBench() : ScriptedBench(clock) {}
};

} // namespace signalbox::test
