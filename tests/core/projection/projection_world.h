// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A small world for projection tests: lab prompts, what models did on them, how their voices
// differ, and traffic over them, all given by hand.
//
//     World world;
//     world.prompts("easy", 60).model("cheap", {.tokens = 100}).model("dear", {.tokens = 100});
//     world.voices("cheap", "dear", 0.4);
//     world.conversations(100, {0, 1});

#include <core/projection/evidence_table.h>
#include <core/projection/projection.h>
#include <core/traffic/traffic.h>
#include <core/traffic/traffic_builder.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace signalbox::test {

struct ModelBehaviour
{
    double firstTokenMs = 500;
    double totalMs = 2000;
    double tokens = 100;
    double satisfied = 1;
    double failureShare = 0;
    double failingMs = 50;
    AttemptFailure failureKind = AttemptFailure::RateLimit;
};

class World
{
public:
    static constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

    /// Adds lab prompts of one segment; their numbers go on from the last ones.
    World& prompts(const std::string& segment, std::size_t count)
    {
        EvidenceTable& table = *m_evidence;
        if (std::ranges::find(table.segments, segment) == table.segments.end())
            table.segments.push_back(segment);
        const auto at = std::ranges::find(table.segments, segment) - table.segments.begin();
        for (std::size_t i = 0; i < count; ++i) {
            char id[16];
            std::snprintf(id, sizeof id, "p%05zu", table.prompts.size());
            table.prompts.emplace_back(id);
            table.segmentOf.push_back(static_cast<std::uint16_t>(at));
        }
        return *this;
    }

    /// Adds a model with one sample on every prompt so far.
    World& model(const std::string& id, const ModelBehaviour& behaviour = {})
    {
        EvidenceTable& table = *m_evidence;
        const std::size_t prompts = table.prompts.size();
        EvidenceTable::ModelColumns columns;
        columns.outputTokens.assign(prompts, behaviour.tokens);
        columns.firstTokenMs.assign(prompts, behaviour.firstTokenMs);
        columns.totalMs.assign(prompts, behaviour.totalMs);
        columns.satisfied.assign(prompts, behaviour.satisfied);
        columns.failed.assign(prompts, behaviour.failureShare);
        columns.attempts.assign(prompts, 10);
        columns.firstTokenSamples.assign(prompts, {behaviour.firstTokenMs});
        columns.samples.assign(
            prompts, {AnswerSample{behaviour.firstTokenMs, behaviour.totalMs, behaviour.tokens}});
        columns.failureShare = behaviour.failureShare;
        columns.failureKind = behaviour.failureKind;
        if (behaviour.failureShare > 0)
            columns.failingMs = {behaviour.failingMs};
        table.models.emplace_back(id);
        table.columns.push_back(std::move(columns));
        table.floors.emplace_back();
        table.answers += prompts;
        return *this;
    }

    World& satisfied(const std::string& model, std::size_t prompt, double value)
    {
        columns(model).satisfied[prompt] = value;
        return *this;
    }
    EvidenceTable::ModelColumns& columns(const std::string& model)
    {
        return m_evidence
            ->columns[static_cast<std::size_t>(m_evidence->modelIndex(ModelId(model)))];
    }

    /// How far two voices are apart; after all models.
    World& voices(const std::string& a, const std::string& b, double noticeability,
                  std::size_t n = 100)
    {
        EvidenceTable& table = *m_evidence;
        sizeVoices();
        const std::size_t pair =
            table.pairIndex(static_cast<std::size_t>(table.modelIndex(ModelId(a))),
                            static_cast<std::size_t>(table.modelIndex(ModelId(b))));
        VoiceDistance& distance = table.voices.pairs[pair];
        distance.n = n;
        distance.noticeability = {noticeability, noticeability, noticeability, n};
        distance.aucSameDifferent = (noticeability + 1) / 2;
        distance.hasVerdict = n >= 50;
        return *this;
    }

    /// Adds conversations whose turns are these lab prompts (-1: a request of its own, in
    /// `segment`); every request says `text` and holds 1,000 input tokens.
    World& conversations(std::size_t count, const std::vector<int>& turns,
                         const std::string& text = "hello", const std::string& segment = "")
    {
        for (std::size_t c = 0; c < count; ++c) {
            const std::string id = "c" + std::to_string(m_conversations);
            std::vector<Message> messages;
            for (std::size_t turn = 0; turn < turns.size(); ++turn) {
                messages.push_back({Role::User, text});
                Request request;
                request.messages = messages;
                request.requestId = id + "-" + std::to_string(turn);
                request.conversationId = id;
                request.userId = "u" + id;
                m_requests.push_back(
                    {std::move(request), segmentIndex(turns[turn], segment),
                     turns[turn] < 0 ? Traffic::kNone : static_cast<std::uint32_t>(turns[turn])});
                messages.push_back({Role::Assistant, "answer"});
            }
            ++m_conversations;
        }
        m_isCurrent = false;
        return *this;
    }

    /// Changes what a request says; those after it in its conversation stay as they are.
    World& edit(std::size_t row, const std::function<void(Request&)>& change)
    {
        change(m_requests.at(row).request);
        m_isCurrent = false;
        return *this;
    }
    World& say(std::size_t row, const std::string& text)
    {
        return edit(row, [&text](Request& request) { request.messages.back().text = text; });
    }
    /// What a request asks.
    [[nodiscard]] const std::string& said(std::size_t row) const
    {
        return m_requests.at(row).request.messages.back().text;
    }

    /// Its columns may be written to once all is said.
    Traffic& traffic()
    {
        if (!m_isCurrent)
            rebuild();
        return *m_traffic;
    }
    EvidenceTable& evidence() { return *m_evidence; }

    [[nodiscard]] Projector projector()
    {
        sizeVoices();
        traffic();
        return Projector(m_traffic, m_evidence);
    }

private:
    std::shared_ptr<Traffic> m_traffic = std::make_shared<Traffic>();
    std::shared_ptr<EvidenceTable> m_evidence = std::make_shared<EvidenceTable>();
    std::uint32_t m_conversations = 0;

    void sizeVoices()
    {
        EvidenceTable& table = *m_evidence;
        const std::size_t models = table.models.size();
        const std::size_t pairs = models < 2 ? 0 : models * (models - 1) / 2;
        table.voices.models.clear();
        for (const ModelId& id : table.models)
            table.voices.models.push_back(id.value);
        table.voices.pairs.resize(pairs);
        table.noticeabilityInfluence.resize(pairs, std::vector<double>(table.prompts.size(), 0));
        table.inVoicePanel.resize(pairs, std::vector<std::uint8_t>(table.prompts.size(), 1));
    }

    struct Asked
    {
        Request request;
        std::uint16_t segment = 0;
        std::uint32_t prompt = Traffic::kNone;
    };
    std::vector<Asked> m_requests;
    bool m_isCurrent = false;

    [[nodiscard]] std::uint16_t segmentIndex(int prompt, const std::string& segment) const
    {
        if (prompt >= 0)
            return m_evidence->segmentOf[static_cast<std::size_t>(prompt)];
        const auto found = std::ranges::find(m_evidence->segments, segment);
        return static_cast<std::uint16_t>(found - m_evidence->segments.begin());
    }

    void rebuild()
    {
        TrafficBuilder rows;
        std::vector<std::uint16_t> segments;
        std::vector<std::uint32_t> prompts;
        for (const Asked& asked : m_requests) {
            if (!rows.add(asked.request, {.inputTokens = 1000}))
                std::abort();
            segments.push_back(asked.segment);
            prompts.push_back(asked.prompt);
        }
        *m_traffic = std::move(rows.take("").value());
        // Those of the lab, whether or not somebody asks them.
        m_traffic->segments = m_evidence->segments;
        if (m_traffic->segments.empty())
            m_traffic->segments.emplace_back(Traffic::kUnlabelled);
        m_traffic->prompts = m_evidence->prompts;
        m_traffic->segmentOf = std::move(segments);
        m_traffic->promptOf = std::move(prompts);
        m_isCurrent = true;
    }
};

} // namespace signalbox::test
