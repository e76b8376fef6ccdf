// SPDX-License-Identifier: GPL-3.0-or-later
#include "judge_sheet.h"

#include "spending_words.h"

#include <core/tasting/judge_calibration.h>
#include <core/voice/tone.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/sheet_buttons.h>
#include <ui/kit/theme.h>
#include <ui/models/background.h>

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr int kSheetWidth = 680;
constexpr int kAdvisedPrompts = 40;
constexpr int kAxisColumns = 2;
constexpr int kFollowMs = 120;
constexpr double kMostUsd = 10'000;

QString utf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

TextLabel* wrapped(TextRole role, const char* name, QVBoxLayout* layout)
{
    auto* const label = new TextLabel({}, role);
    label->setObjectName(QLatin1String(name));
    label->setWordWrap(true);
    layout->addWidget(label);
    return label;
}

QString worstOf(const RunForecast& forecast)
{
    return forecast.worst ? JudgeSheet::tr("at most %1").arg(spending::money(forecast.worst))
                          : QString();
}

} // namespace

JudgeSheet::JudgeSheet(const JudgeSession& session, const Tasting& tasting, QWidget* parent)
    : QDialog(parent), m_session(session)
{
    setObjectName(QStringLiteral("judgeSheet"));
    setWindowTitle(tr("Ask a model to judge"));
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kWide, space::kWide, space::kWide, space::kWide);
    layout->setSpacing(space::kGap);
    auto* const about = wrapped(TextRole::Body, "judgeAbout", layout);
    about->setText(tr("It reads the answers of this tasting without names. What it says is kept "
                      "apart: it is no vote, and in none of the other numbers."));
    buildChoices(layout, tasting);
    buildForecast(layout);
    buildButtons(layout);
    m_next.setSingleShot(true);
    m_next.setInterval(kFollowMs);
    connect(&m_next, &QTimer::timeout, this, [this] { forecast(); });
    setFixedWidth(kSheetWidth);
    forecast();
    m_judge->setFocus();
}

void JudgeSheet::buildChoices(QVBoxLayout* layout, const Tasting& tasting)
{
    auto* const grid = new QGridLayout;
    grid->setHorizontalSpacing(space::kGap);
    grid->setVerticalSpacing(space::kUnit);
    grid->setColumnStretch(2, 1);
    int row = 0;
    const auto add = [&](const QString& text, QWidget* field, const char* object) {
        auto* const label = new QLabel(text);
        label->setBuddy(field);
        field->setObjectName(QLatin1String(object));
        field->setAccessibleName(plainText(QAction(text)));
        grid->addWidget(label, row, 0);
        grid->addWidget(field, row++, 1);
    };
    m_judge = new QComboBox;
    for (const ModelSpec& model : m_session.models()) {
        const QString id = QString::fromStdString(model.id.value);
        m_judge->addItem(model.provider == "simulator" ? tr("%1 (simulated)").arg(id) : id, id);
    }
    add(tr("&Judge"), m_judge, "judgeModel");
    m_prompts = new QSpinBox;
    m_prompts->setRange(1, std::max(1, static_cast<int>(tasting.prompts.size())));
    m_prompts->setValue(kAdvisedPrompts);
    m_prompts->setToolTip(tr("Those that people have judged come first"));
    add(tr("&Prompts"), m_prompts, "judgePrompts");
    m_cap = new QDoubleSpinBox;
    m_cap->setRange(0, kMostUsd);
    m_cap->setDecimals(2);
    m_cap->setPrefix(QStringLiteral("$"));
    m_cap->setSpecialValueText(tr("no cap"));
    add(tr("&Spend at most"), m_cap, "judgeCap");
    m_preference = new QCheckBox(tr("&Which of two answers is better: each pair in both orders"));
    m_preference->setObjectName(QStringLiteral("judgePreference"));
    m_preference->setChecked(true);
    grid->addWidget(m_preference, row++, 0, 1, 3);
    buildTone(grid, row, tasting);
    layout->addLayout(grid);
    connect(m_judge, &QComboBox::currentIndexChanged, this, [this] { refresh(); });
    connect(m_prompts, &QSpinBox::valueChanged, this, [this] { refresh(); });
    connect(m_preference, &QCheckBox::toggled, this, [this] { refresh(); });
}

void JudgeSheet::buildTone(QGridLayout* grid, int row, const Tasting& tasting)
{
    grid->addWidget(new QLabel(tr("How each answer sounds, asked twice, the second time with the "
                                  "scale turned round:")),
                    row, 0, 1, 3);
    auto* const boxes = new QGridLayout;
    boxes->setContentsMargins(space::kSection, 0, 0, 0);
    boxes->setHorizontalSpacing(space::kGap);
    boxes->setVerticalSpacing(space::kHalf);
    for (const ToneAxis& axis : toneAxes()) {
        auto* const box =
            new QCheckBox(tr("%1: %2 to %3", "a tone axis and its ends")
                              .arg(utf8(axis.label), utf8(axis.low), utf8(axis.high)));
        box->setObjectName(QStringLiteral("judge.") + utf8(axis.id));
        box->setChecked(std::ranges::find(tasting.axes, axis.id) != tasting.axes.end());
        const int place = static_cast<int>(m_axes.size());
        boxes->addWidget(box, place / kAxisColumns, place % kAxisColumns);
        connect(box, &QCheckBox::toggled, this, [this] { refresh(); });
        m_axes.emplace_back(axis.id, box);
    }
    grid->addLayout(boxes, row + 1, 0, 1, 3);
}

void JudgeSheet::buildForecast(QVBoxLayout* layout)
{
    layout->addWidget(makeLine(Qt::Horizontal));
    m_amount = wrapped(TextRole::BodyStrong, "judgeAmount", layout);
    m_common = wrapped(TextRole::Small, "judgeCommon", layout);
    m_common->setMuted(true);
    m_doubts = wrapped(TextRole::Small, "judgeDoubts", layout);
}

void JudgeSheet::buildButtons(QVBoxLayout* layout)
{
    m_send = addSheetButtons(this, layout, tr("Ask it"), QStringLiteral("judgeSend"), [this] {
        accept();
        emit judgeChosen();
    });
}

ModelId JudgeSheet::judge() const
{
    return ModelId(m_judge->currentData().toString().toStdString());
}

JudgeChoices JudgeSheet::choices() const
{
    JudgeChoices choices;
    choices.prompts = static_cast<std::size_t>(m_prompts->value());
    choices.preference = m_preference->isChecked();
    for (const auto& [axis, box] : m_axes) {
        if (box->isChecked())
            choices.axes.push_back(axis);
    }
    return choices;
}

RunCaps JudgeSheet::caps() const
{
    RunCaps caps;
    if (m_cap->value() > 0)
        caps.cost = Money::fromUsd(m_cap->value());
    return caps;
}

/// Nothing is sent on a forecast of something else.
void JudgeSheet::refresh()
{
    m_send->setEnabled(false);
    ++m_question;
    m_next.start();
}

void JudgeSheet::forecast()
{
    m_send->setEnabled(false);
    inBackground(this, m_session.preflight(judge(), choices()),
                 [this, question = ++m_question](const JudgePreflight& flight) {
                     if (question == m_question)
                         showForecast(flight);
                 });
}

void JudgeSheet::showForecast(const JudgePreflight& flight)
{
    m_send->setEnabled(flight.calls > 0);
    m_common->setVisible(flight.pairs > 0);
    QStringList doubts;
    if (flight.calls == 0) {
        m_amount->setText(tr("Nothing is asked."));
    } else {
        QStringList parts = {
            tr("%n call(s)", nullptr, static_cast<int>(flight.calls)),
            flight.forecast.isSimulated
                ? tr("nobody bills them")
                : spending::money(flight.forecast.cost
                                      ? std::optional(flight.forecast.cost->expected)
                                      : std::nullopt),
            flight.forecast.isSimulated ? QString() : worstOf(flight.forecast),
            spending::time(flight.forecast)};
        parts.removeAll(QString());
        m_amount->setText(parts.join(QStringLiteral(", ")));
    }
    const std::size_t missing = kFewestCommon - std::min(kFewestCommon, flight.common);
    m_common->setText(
        missing == 0
            ? tr("People have judged %1 of its %2 pairs: enough to show how far they agree.")
                  .arg(format::count(qint64(flight.common)), format::count(qint64(flight.pairs)))
            : tr("People have judged %1 of its %2 pairs; it takes %3 to show how far they agree.")
                  .arg(format::count(qint64(flight.common)), format::count(qint64(flight.pairs)),
                       format::count(qint64(kFewestCommon))));
    if (flight.forecast.isSimulated)
        doubts << tr("The simulator does not read: it goes by the number of words. It shows how a "
                     "judge works, and judges nothing.");
    if (flight.judgesItself)
        doubts << tr("Its own answers are among those that it judges, and models tend to prefer "
                     "their own.");
    m_doubts->setText(doubts.join(QLatin1Char('\n')));
    m_doubts->setVisible(!doubts.isEmpty());
    adjustSize();
}

} // namespace signalbox::ui
