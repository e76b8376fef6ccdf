// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "aimed_requests.h"

#include <core/routing/compiled_policy.h>

#include <cstddef>
#include <deque>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace signalbox::test {

/// Very many aimed requests at the price of a few: the parts of a request (its conversation, its
/// headers, its time ...) say nothing of each other, so the parts of a pool's requests are put
/// together anew, and so are the values that the policy's signals read in them.
class MixedRequests
{
public:
    /// @param policy  has to live on
    MixedRequests(const CompiledPolicy& policy, std::uint64_t seed)
        : m_policy(policy), m_random(seed + 1)
    {
        AimedRequests aimed(policy.document(), seed);
        CompiledPolicy::Scratch scratch(policy);
        for (std::size_t i = 0; i < kPool; ++i) {
            m_pool.push_back(aimed.next());
            for (const SignalSlot& slot : policy.extract(m_pool.back(), scratch))
                m_values.push_back(owned(slot));
        }
        for (const Request& request : m_pool)
            m_keys.push_back(routingKeysOf(request));
        for (const Signal& signal : policy.document().signalList) {
            m_parts.push_back(partOf(signal));
            m_hasScores |= std::holds_alternative<ScoreSource>(signal.source);
        }
        m_slots.resize(m_parts.size());
    }

    /// Draws the next request.
    void draw()
    {
        std::uint64_t bits = 0;
        for (int part = 0; part < kParts; ++part, bits >>= kPoolBits) {
            if (part % kDrawnTogether == 0)
                bits = m_random.next();
            m_from[part] = bits % kPool;
        }
    }

    /// The rule that wins it, by the values of the parts' signals.
    int winner()
    {
        // Plain pointers: tests are not optimised, and this runs a hundred million times.
        const std::size_t count = m_slots.size();
        const SignalSlot* const values = m_values.data();
        const Part* const parts = m_parts.data();
        SignalSlot* const slots = m_slots.data();
        for (std::size_t s = 0; s < count; ++s)
            slots[s] = values[m_from[parts[s]] * count + s];
        const RoutingKeys& keys = m_keys[m_from[kStyle]];
        if (m_hasScores)
            m_policy.addUpScores(m_slots, keys);
        return m_policy.route(m_slots, keys).rule;
    }

    /// The request itself.
    [[nodiscard]] Request request() const
    {
        const auto from = [this](Part part) -> const Request& { return m_pool[m_from[part]]; };
        Request request = from(kStyle);
        request.messages = from(kConversation).messages;
        request.metadata = from(kMetadata).metadata;
        request.headers = from(kHeaders).headers;
        request.requestedModel = from(kRequestedModel).requestedModel;
        request.maxTokens = from(kMaxTokens).maxTokens;
        request.hasTools = from(kTools).hasTools;
        request.timeMs = from(kTime).timeMs;
        request.usage = from(kUsage).usage;
        return request;
    }

private:
    static constexpr int kPoolBits = 11;
    static constexpr int kDrawnTogether = 64 / kPoolBits; ///< parts, of one random number
    static constexpr std::size_t kPool = std::size_t{1} << kPoolBits;
    enum Part {
        kConversation,
        kMetadata,
        kHeaders,
        kRequestedModel,
        kMaxTokens,
        kTools,
        kTime,
        kUsage,
        kStyle, ///< and whose the request is
        kParts
    };

    static Part partOf(const Signal& signal)
    {
        static_assert(std::variant_size_v<SignalSource> == 12, "say what the new signal reads");
        if (std::holds_alternative<MetadataSource>(signal.source))
            return kMetadata;
        if (std::holds_alternative<HeaderSource>(signal.source))
            return kHeaders;
        if (std::holds_alternative<TimeWindowSource>(signal.source))
            return kTime;
        if (std::holds_alternative<UsageSource>(signal.source))
            return kUsage;
        if (std::holds_alternative<StyleSource>(signal.source))
            return kStyle;
        if (const auto* source = std::get_if<FieldSource>(&signal.source)) {
            if (source->field == RequestField::RequestedModel)
                return kRequestedModel;
            if (source->field == RequestField::MaxTokens)
                return kMaxTokens;
            if (source->field == RequestField::HasTools)
                return kTools;
        }
        return kConversation; // scores, too, which are added up anew
    }

    SignalSlot owned(SignalSlot slot)
    {
        if (slot.kind == SignalSlot::Kind::String)
            slot.text = m_texts.emplace_back(slot.text);
        return slot;
    }

    const CompiledPolicy& m_policy;
    Random m_random;
    std::vector<Request> m_pool;
    std::vector<RoutingKeys> m_keys;  ///< per request of the pool
    std::vector<SignalSlot> m_values; ///< per request of the pool and signal
    std::deque<std::string> m_texts;  ///< of the values
    std::vector<Part> m_parts;        ///< per signal: what it reads
    bool m_hasScores = false;
    std::size_t m_from[kParts] = {}; ///< per part: from which request of the pool
    std::vector<SignalSlot> m_slots;
};

} // namespace signalbox::test
