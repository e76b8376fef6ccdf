// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/projection/fallback_edges.h>

#include <QWidget>

#include <string>
#include <vector>

class QVBoxLayout;

namespace signalbox::ui {

/// The edges of one root plan, their paths inside it, and how much of a change of voice is allowed.
struct Takeovers
{
    std::vector<FallbackEdge> edges;
    double mostNoticeable = 1;
    bool operator==(const Takeovers&) const;
};

/// Those of a plan that is at `root` in the document, e.g. "rules[hard].plan".
[[nodiscard]] Takeovers takeoversWithin(const std::vector<FallbackEdge>& edges,
                                        const std::string& root, const PolicyDocument& document);
/// Those of a step of it.
[[nodiscard]] Takeovers takeoversInto(const Takeovers& takeovers, const std::string& step);

/// What the recorded answers say of a step that takes over from the one before it, for each model
/// that it may take over from: how often, how long the user has waited by then, what was paid for
/// nothing, and whether the change of voice is heard. To be read only.
class TakeoverView final : public QWidget
{
    Q_OBJECT
public:
    explicit TakeoverView(QWidget* parent = nullptr);

    void setTakeovers(const Takeovers& takeovers);

private:
    void addEdge(const FallbackEdge& edge);

    Takeovers m_takeovers;
    QVBoxLayout* m_layout = nullptr;
};

} // namespace signalbox::ui
