// SPDX-License-Identifier: GPL-3.0-or-later
#include "pair_view.h"

#include <core/voice/telling_passages.h>
#include <core/voice/voice_features.h>
#include <core/voice/voice_reason_words.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/model_look.h>
#include <ui/kit/spoken_parts.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {

namespace {

constexpr qsizetype kLongestPrompt = 260;

QString promptExcerpt(const QString& text)
{
    const QString whole = withVisibleControls(text).simplified();
    return whole.size() <= kLongestPrompt ? whole
                                          : whole.left(kLongestPrompt) + QStringLiteral("\u2026");
}

} // namespace

// StrengthBar

StrengthBar::StrengthBar(double share, int model, QWidget* parent)
    : QWidget(parent), m_share(std::clamp(share, 0.0, 1.0)), m_model(model)
{
    setFixedSize(kWidth, kHeight);
    setObjectName(QStringLiteral("strength"));
    setSpokenRole(this, QAccessible::Indicator);
    setAccessibleName(
        tr("%1 of the strongest", "strength of a reason").arg(format::percent(m_share, 0)));
}

void StrengthBar::paintEvent(QPaintEvent* /*event*/)
{
    constexpr double kLeast = 2; // seen, however weak
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(lookFor(m_model).color);
    const double wide = std::max(kLeast, m_share * width());
    const double left = layoutDirection() == Qt::RightToLeft ? width() - wide : 0;
    painter.drawRoundedRect(QRectF(left, 0, wide, height()), space::kTiny, space::kTiny);
}

// PairView

PairView::PairView(QWidget* parent) : QWidget(parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    m_title = new TextLabel({}, TextRole::BodyStrong, this);
    m_title->setWordWrap(true);
    m_sentence = new TextLabel({}, TextRole::Body, this);
    m_sentence->setWordWrap(true);
    m_order = new TextLabel(tr("Strongest first. Bar: how much the classifier goes by it."),
                            TextRole::Small, this);
    m_order->setMuted(true);
    m_order->setWordWrap(true);
    m_reasons = new QWidget(this);
    m_reasons->setObjectName(QStringLiteral("reasons"));
    m_example = new QWidget(this);
    m_example->setObjectName(QStringLiteral("example"));
    buildExample();
    for (QWidget* part : {static_cast<QWidget*>(m_title), static_cast<QWidget*>(m_sentence),
                          m_reasons, static_cast<QWidget*>(m_order), m_example})
        layout->addWidget(part);
    layout->addStretch(1);
    connect(&ThemeNotifier::instance(), &ThemeNotifier::themeChanged, this,
            [this] { refreshLook(); });
}

void PairView::buildExample()
{
    auto* grid = new QGridLayout(m_example);
    grid->setContentsMargins(0, space::kUnit, 0, 0);
    grid->setHorizontalSpacing(space::kSection);
    grid->setVerticalSpacing(space::kHalf);
    m_prompt = new TextLabel({}, TextRole::BodyStrong, m_example);
    m_prompt->setObjectName(QStringLiteral("examplePrompt"));
    m_prompt->setWordWrap(true);
    grid->addWidget(m_prompt, 0, 0, 1, 2);
    for (int column = 0; column < 2; ++column) {
        Quote& quote = m_quotes[static_cast<std::size_t>(column)];
        auto* head = new QHBoxLayout;
        head->setSpacing(space::kUnit);
        quote.mark = new QLabel(m_example);
        quote.name = new ElidedLabel({}, TextRole::BodyStrong, m_example);
        head->addWidget(quote.mark);
        head->addWidget(quote.name, 1);
        grid->addLayout(head, 1, column);
        quote.text = new QLabel(m_example);
        quote.text->setObjectName(QStringLiteral("quote"));
        quote.text->setTextFormat(Qt::RichText); // of our own making, the answer's text escaped
        quote.text->setWordWrap(true);
        grid->addWidget(quote.text, 2, column, Qt::AlignTop);
        grid->setColumnStretch(column, 1);
    }
    m_legend = new TextLabel({}, TextRole::Small, m_example);
    m_legend->setMuted(true);
    grid->addWidget(m_legend, 3, 0, 1, 2);
}

void PairView::setComparison(const VoiceComparison& comparison, std::vector<int> looks)
{
    m_comparison = &comparison;
    m_looks = std::move(looks);
}

void PairView::showMark(QLabel* label, std::size_t model)
{
    std::erase_if(m_marks, [&](const auto& mark) { return !mark.first || mark.first == label; });
    m_marks.emplace_back(label, model);
    label->setPixmap(modelIcon(m_looks[model]).pixmap(kModelMarkPx, kModelMarkPx));
    label->setAccessibleName(nameOf(m_comparison->models[model]));
}

void PairView::refreshLook()
{
    for (const auto& [label, model] : m_marks) {
        if (label && model < m_looks.size())
            label->setPixmap(modelIcon(m_looks[model]).pixmap(kModelMarkPx, kModelMarkPx));
    }
    if (m_comparison && m_example->isVisibleTo(this))
        showQuotes();
}

void PairView::showOneModel()
{
    m_title->setText(tr("One model, asked twice"));
    m_reasons->hide();
    m_order->hide();
    m_example->hide();
    m_sentence->show();
    m_sentence->setText(tr("Two answers of one model differ by chance. A pair of models is "
                           "noticeable as far as it lies above this floor."));
}

void PairView::showPair(std::size_t a, std::size_t b)
{
    m_a = a;
    m_b = b;
    m_title->setText(tr("%1 and %2: what gives it away")
                         .arg(nameOf(m_comparison->models[a]), nameOf(m_comparison->models[b])));
    const bool isTold = !distance().reasons.empty();
    m_sentence->setVisible(!isTold);
    m_sentence->setText(tr("Nothing that is measured tells them apart."));
    m_reasons->setVisible(isTold);
    m_order->setVisible(isTold);
    m_example->setVisible(isTold);
    if (!isTold)
        return;
    showReasons();
    showExample();
}

/// One line a reason, in the order of their strength as they come: its number, by which it is found
/// in the example, the mark of the model that does it more, how much the classifier goes by it,
/// what it does, how much more.
void PairView::showReasons()
{
    qDeleteAll(m_reasons->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly));
    delete m_reasons->layout();
    auto* grid = new QGridLayout(m_reasons);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(space::kUnit);
    grid->setVerticalSpacing(space::kHalf);
    grid->setColumnStretch(4, 1);
    int row = 0;
    for (const VoiceReason& reason : distance().reasons)
        showReason(*grid, row++, reason);
}

void PairView::showReason(QGridLayout& grid, int row, const VoiceReason& reason)
{
    const VoiceReasonWords words = voiceReasonWords(reason.feature, reason.meanA, reason.meanB);
    const std::size_t model = reason.isMoreInA ? m_a : m_b;
    auto* number = new TextLabel(QString::number(row + 1), TextRole::Small, m_reasons);
    number->setMuted(true);
    auto* mark = new QLabel(m_reasons);
    showMark(mark, model);
    mark->setToolTip(plainToolTip(format::unbroken(QString::fromStdString(reason.sentence))));
    auto* trait = new TextLabel(QString::fromStdString(words.trait), TextRole::Body, m_reasons);
    trait->setToolTip(mark->toolTip());
    trait->setAccessibleName(QString::fromStdString(reason.sentence));
    auto* amount = new TextLabel(amountOf(reason), TextRole::Body, m_reasons);
    amount->setWordWrap(true); // rather than make the page wider
    const double strongest = std::abs(distance().reasons.front().weight);
    auto* bar = new StrengthBar(strongest > 0 ? std::abs(reason.weight) / strongest : 0,
                                m_looks[model], m_reasons);
    bar->setToolTip(bar->accessibleName());
    grid.addWidget(number, row, 0, Qt::AlignRight | Qt::AlignVCenter);
    grid.addWidget(mark, row, 1);
    grid.addWidget(bar, row, 2, Qt::AlignLeft | Qt::AlignVCenter);
    grid.addWidget(trait, row, 3);
    grid.addWidget(amount, row, 4);
    for (QWidget* part :
         {static_cast<QWidget*>(number), static_cast<QWidget*>(mark), static_cast<QWidget*>(bar),
          static_cast<QWidget*>(trait), static_cast<QWidget*>(amount)})
        part->show();
}

/// "46 % more often"; of the length of answers, which is compared prompt by prompt, with the
/// interval: "1.55 times as long (1.44 to 1.67)".
QString PairView::amountOf(const VoiceReason& reason) const
{
    if (reason.feature != feature::LogWords)
        return format::unbroken(QString::fromStdString(
            voiceReasonWords(reason.feature, reason.meanA, reason.meanB).amount));
    // Of three voices on the same prompts the ratios multiply.
    const Estimate& ofA = m_comparison->verbosity[m_a].pairedRatio;
    const Estimate& ofB = m_comparison->verbosity[m_b].pairedRatio;
    const double ratio = ofA.value / ofB.value;
    if (!std::isfinite(ratio))
        return format::unbroken(QString::fromStdString(
            voiceReasonWords(reason.feature, reason.meanA, reason.meanB).amount));
    const QString text = QString::fromStdString(voiceReasonWords(reason.feature, ratio, 1).amount);
    if (m_a != 0)
        return format::unbroken(text);
    const double low = ofB.value >= 1 ? ofB.low : 1 / ofB.high;
    const double high = ofB.value >= 1 ? ofB.high : 1 / ofB.low;
    return format::unbroken(
        tr("%1 times as long (%2 to %3), prompt by prompt")
            .arg(twoPlaces(std::max(ratio, 1 / ratio)), twoPlaces(low), twoPlaces(high)));
}

void PairView::showExample()
{
    const std::size_t row = std::min(distance().tellingPrompt, m_comparison->prompts.size() - 1);
    const PromptId& id = m_comparison->prompts[row];
    QString text = m_source.text ? m_source.text(id).simplified() : QString();
    if (text.isEmpty())
        text = QString::fromStdString(id.value);
    m_prompt->setText(tr("Hear it on one prompt: \u201c%1\u201d").arg(promptExcerpt(text)));
    m_prompt->setToolTip(
        plainToolTip(tr("Prompt %1, the pair of answers that shows most of these reasons.")
                         .arg(QString::fromStdString(id.value))));
    showQuotes();
}

void PairView::showQuotes()
{
    const std::size_t row = std::min(distance().tellingPrompt, m_comparison->prompts.size() - 1);
    const std::array<std::size_t, 2> models = {m_a, m_b};
    std::set<int> heard;
    for (std::size_t i = 0; i < models.size(); ++i) {
        const std::string& text = m_comparison->texts[models[i]][row];
        showMark(m_quotes[i].mark, models[i]);
        m_quotes[i].name->setText(nameOf(m_comparison->models[models[i]]));
        const std::vector<HeardPassage> passages = heardIn(text);
        for (const HeardPassage& passage : passages)
            heard.insert(passage.trait);
        m_quotes[i].text->setText(markedExcerpt(text, passages));
        m_quotes[i].text->setAccessibleName(plainExcerpt(text, passages));
    }
    m_legend->setText(legendOf(heard));
    m_legend->setVisible(!heard.empty());
}

/// What the marks are, and which traits no passage shows, such as the length of sentences.
QString PairView::legendOf(const std::set<int>& heard) const
{
    QStringList silent;
    for (int trait = 1; trait <= static_cast<int>(distance().reasons.size()); ++trait) {
        if (!heard.contains(trait))
            silent << QString::number(trait);
    }
    const QString marked = tr("Marked: where each trait is heard first, by its number.");
    return silent.isEmpty() ? marked
                            : tr("%1 No single passage shows %2.", "a sentence, numbers of traits")
                                  .arg(marked, QLocale().createSeparatedList(silent));
}

/// Where each reason is heard first; of a lively answer nearly every word shows one of them, and
/// who marks all marks nothing.
std::vector<HeardPassage> PairView::heardIn(const std::string& text) const
{
    std::vector<HeardPassage> heard;
    const std::vector<VoiceReason>& reasons = distance().reasons;
    for (std::size_t i = 0; i < reasons.size(); ++i) {
        const std::vector<Passage> found = tellingPassages(text, reasons[i].feature);
        if (!found.empty())
            heard.push_back({found.front(), static_cast<int>(i) + 1});
    }
    return heard;
}

} // namespace signalbox::ui
