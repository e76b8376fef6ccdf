// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "provider.h"

#include <core/sample/support_desk.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace signalbox {

/// The sample's models as a provider: simulateAnswer() played as a stream, word by word, without a
/// network. The times it reports are the simulated ones, whatever the speed it is played at.
class SimulatorProvider final : public ChatProvider
{
    Q_OBJECT
public:
    explicit SimulatorProvider(QObject* parent = nullptr);
    /// @param clock  of its streams; outlives them
    explicit SimulatorProvider(const Clock& clock, QObject* parent = nullptr);
    ~SimulatorProvider() override;

    /// 1: as the models would answer; 10: ten times as fast; 0 or infinity: at once. Counts for
    /// streams that start later.
    void setSpeed(double speed);
    [[nodiscard]] double speed() const { return m_speed; }

    /// What it says to requests that are none of the sample's, such as those to a judge.
    /// @return nothing: the sample's model answers
    using OtherReply = std::function<std::optional<std::string>(const std::vector<Message>&)>;
    /// Asked first, of streams that start later. See simulatedVerdict().
    void setOtherReply(OtherReply reply) { m_otherReply = std::move(reply); }

    [[nodiscard]] std::string name() const override { return "simulator"; }
    [[nodiscard]] std::unique_ptr<ChatStream> start(const ChatRequest& request) override;
    /// The simulated models; base URL and key are not looked at.
    void listModels(const std::string& baseUrl, const std::string& keyRef, QObject* context,
                    std::function<void(Result<std::vector<ModelListing>>)> done) override;

private:
    const Clock* m_clock;
    double m_speed = 1;
    OtherReply m_otherReply;
};

/// The script of a simulated answer: events with their simulated milliseconds after the request.
struct SimulatedEvent
{
    double atMs = 0;
    StreamEvent event;
};
/// @param maxTokens  the answer stops there, with FinishReason::Length
[[nodiscard]] std::vector<SimulatedEvent> scriptOf(const SimulatedAnswer& answer,
                                                   const std::string& upstreamModel,
                                                   std::optional<int> maxTokens);

} // namespace signalbox
