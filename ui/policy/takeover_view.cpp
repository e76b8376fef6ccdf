// SPDX-License-Identifier: GPL-3.0-or-later
#include "takeover_view.h"

#include "fields.h"
#include "policy_paths.h"
#include "policy_words.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/theme.h>

#include <QGridLayout>
#include <QVBoxLayout>

#include <cmath>

namespace signalbox::ui {
namespace {

/// Equal also where both are unknown.
bool same(double a, double b)
{
    return a == b || (std::isnan(a) && std::isnan(b));
}

bool same(const FallbackEdge& a, const FallbackEdge& b)
{
    return a.path == b.path && a.rule == b.rule && a.from == b.from && a.to == b.to &&
           a.isCascade == b.isCascade && a.isSimulated == b.isSimulated &&
           same(a.probability, b.probability) && same(a.addedP50Ms, b.addedP50Ms) &&
           same(a.addedP95Ms, b.addedP95Ms) && same(a.wastedUsdPer1k, b.wastedUsdPer1k) &&
           same(a.noticeability, b.noticeability) && a.voicePrompts == b.voicePrompts &&
           a.answers == b.answers && a.good == b.good && a.goodCut == b.goodCut;
}

/// Never "unknown" alone: somebody can do something about it.
QString unknown(const QString& why)
{
    return TakeoverView::tr("unknown: %1", "a short reason").arg(why);
}

QString happens(const FallbackEdge& edge)
{
    return std::isnan(edge.probability)
               ? unknown(TakeoverView::tr("every attempt failed"))
               : TakeoverView::tr("%1 of its requests").arg(PolicyWords::share(edge.probability));
}

QString waited(const FallbackEdge& edge)
{
    if (std::isnan(edge.addedP50Ms))
        return edge.probability == 0 ? TakeoverView::tr("never happened")
                                     : unknown(TakeoverView::tr("no times recorded"));
    return TakeoverView::tr("p50 %1, p95 %2", "waits")
        .arg(format::milliseconds(edge.addedP50Ms), format::milliseconds(edge.addedP95Ms));
}

QString paid(const FallbackEdge& edge)
{
    if (std::isnan(edge.wastedUsdPer1k)) {
        if (edge.probability == 0)
            return TakeoverView::tr("never happened");
        return unknown(std::isnan(edge.probability) ? TakeoverView::tr("every attempt failed")
                                                    : TakeoverView::tr("no price, or no traffic"));
    }
    return TakeoverView::tr("%1 per 1,000", "money for 1,000 requests")
        .arg(format::money(edge.wastedUsdPer1k));
}

QString voice(const FallbackEdge& edge, double allowed)
{
    if (std::isnan(edge.noticeability))
        return unknown(edge.voicePrompts == 0 ? TakeoverView::tr("voices not compared yet")
                                              : TakeoverView::tr("too few prompts compared"));
    return TakeoverView::tr("%1, at most %2 wanted", "noticeability, its limit")
        .arg(format::number(edge.noticeability, 2), format::brief(allowed, 2));
}

QString grounds(const FallbackEdge& edge)
{
    const QString answers =
        TakeoverView::tr("%n recorded answers", "", static_cast<int>(edge.answers));
    const QString prompts =
        TakeoverView::tr("voices compared on %n prompts", "", static_cast<int>(edge.voicePrompts));
    QString text =
        edge.voicePrompts > 0 ? TakeoverView::tr("%1, %2").arg(answers, prompts) : answers;
    return edge.isSimulated ? TakeoverView::tr("Simulated: %1").arg(text) : text;
}

} // namespace

bool Takeovers::operator==(const Takeovers& other) const
{
    return mostNoticeable == other.mostNoticeable &&
           std::equal(edges.begin(), edges.end(), other.edges.begin(), other.edges.end(),
                      [](const FallbackEdge& a, const FallbackEdge& b) { return same(a, b); });
}

Takeovers takeoversWithin(const std::vector<FallbackEdge>& edges, const std::string& root,
                          const PolicyDocument& document)
{
    Takeovers within{{}, mostNoticeable(document)};
    for (const FallbackEdge& edge : edges) {
        if (auto path = pathBelow(root, edge.path)) {
            within.edges.push_back(edge);
            within.edges.back().path = std::move(*path);
        }
    }
    return within;
}

Takeovers takeoversInto(const Takeovers& takeovers, const std::string& step)
{
    Takeovers into{{}, takeovers.mostNoticeable};
    std::copy_if(takeovers.edges.begin(), takeovers.edges.end(), std::back_inserter(into.edges),
                 [&step](const FallbackEdge& edge) { return edge.path == step; });
    return into;
}

TakeoverView::TakeoverView(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("takeovers"));
    m_layout = new QVBoxLayout(this);
    m_layout->setContentsMargins(0, space::kTiny, space::kHalf, space::kHalf);
    m_layout->setSpacing(space::kUnit);
    hide();
}

void TakeoverView::setTakeovers(const Takeovers& takeovers)
{
    if (takeovers == m_takeovers)
        return;
    m_takeovers = takeovers;
    clearLayout(m_layout);
    for (const FallbackEdge& edge : m_takeovers.edges)
        addEdge(edge);
    setVisible(!m_takeovers.edges.empty());
}

void TakeoverView::addEdge(const FallbackEdge& edge)
{
    auto* const box = new QWidget;
    auto* const grid = new QGridLayout(box);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(space::kUnit);
    grid->setVerticalSpacing(space::kTiny);
    grid->setColumnStretch(1, 1);
    const QString model = PolicyWords::text(edge.from.value);
    auto* const title = new TextLabel(tr("Takes over from %1").arg(model), TextRole::Caption);
    title->setMuted(true);
    grid->addWidget(title, 0, 0, 1, 2);
    QStringList spoken = {title->text()};
    const auto addLine = [&](const QString& name, const QString& value, const QString& meaning) {
        const int row = grid->rowCount();
        auto* const caption = new TextLabel(name, TextRole::Small);
        caption->setMuted(true);
        auto* const figure = new TextLabel(value, TextRole::Small);
        figure->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        figure->setWordWrap(true);
        caption->setToolTip(meaning);
        figure->setToolTip(meaning);
        grid->addWidget(caption, row, 0);
        grid->addWidget(figure, row, 1);
        spoken << tr("%1: %2", "what, how much").arg(name, value);
        return figure;
    };
    if (edge.answers == 0) {
        addLine(tr("Recorded answers"), tr("none yet"),
                tr("Send %1 the prompts on the Voices page.").arg(model));
    } else {
        addLine(tr("Happens to"), happens(edge),
                edge.isCascade
                    ? tr("Share of the requests asked of %1 that it fails, answers too late, or "
                         "answers in a way that the test rejects.")
                          .arg(model)
                    : tr("Share of the requests asked of %1 that it fails or answers too late.")
                          .arg(model));
        addLine(tr("Waited by then"), waited(edge),
                tr("How long a user has waited when this step begins: half of them at most the "
                   "first time, 95 of 100 at most the second."));
        addLine(tr("Paid for nothing"), paid(edge),
                tr("What the attempts cost that nobody sees an answer of, retries included, for "
                   "1,000 requests that come here."));
    }
    TextLabel* const jump =
        addLine(tr("Voice jump"), voice(edge, m_takeovers.mostNoticeable),
                tr("How surely a user notices the change of voice: 0 not at all, 1 every time."));
    if (edge.noticeability > m_takeovers.mostNoticeable)
        jump->setTone(Tone::Caution);
    if (edge.answers > 0) {
        auto* const basis = new TextLabel(grounds(edge), TextRole::Caption);
        basis->setMuted(true);
        basis->setWordWrap(true);
        grid->addWidget(basis, grid->rowCount(), 0, 1, 2);
        spoken << basis->text();
    }
    box->setAccessibleName(spoken.join(QStringLiteral(". ")));
    m_layout->addWidget(box);
}

} // namespace signalbox::ui
