// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic_sheet.h"

#include "import_sheet.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/sheet_buttons.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr QSize kSheetSize(760, 600);
constexpr int kUsualCount = 100; ///< the least for a verdict on a voice
constexpr int kMostCount = 2'000;
constexpr int kSegmentsPx = 206; ///< six of them
constexpr int kNumberPx = 110;
constexpr int kSegmentPx = 180;
constexpr std::size_t kPreviewed = 200;

QString text(const std::string& utf8)
{
    return withVisibleControls(QString::fromStdString(utf8));
}

QTreeWidget* makeList(const char* name, const QString& spoken, const QStringList& heads)
{
    auto* const list = new QTreeWidget;
    list->setObjectName(QLatin1String(name));
    list->setAccessibleName(spoken);
    list->setColumnCount(static_cast<int>(heads.size()));
    list->setHeaderLabels(heads);
    list->setRootIsDecorated(false);
    list->setUniformRowHeights(true);
    list->header()->setStretchLastSection(false);
    return list;
}

} // namespace

TrafficSheet::TrafficSheet(std::shared_ptr<const Traffic> traffic, QWidget* parent)
    : QDialog(parent), m_traffic(std::move(traffic))
{
    setObjectName(QStringLiteral("trafficSheet"));
    setWindowTitle(tr("Prompts from the traffic"));
    build();
    resize(kSheetSize);
    draw();
    m_count->setFocus();
    m_count->selectAll();
}

void TrafficSheet::build()
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kWide, space::kWide, space::kWide, space::kWide);
    layout->setSpacing(space::kGap);
    m_summary = new TextLabel({}, TextRole::BodyStrong);
    m_summary->setObjectName(QStringLiteral("trafficSummary"));
    m_summary->setWordWrap(true);
    layout->addWidget(m_summary);
    layout->addWidget(makeChoices());
    buildLists();
    m_take = addSheetButtons(this, layout, {}, QStringLiteral("trafficTake"), [this] {
        accept();
        emit taken();
    });
}

/// A line a question: how many, of which segments, which of what was said.
QWidget* TrafficSheet::makeChoices()
{
    auto* const box = new QWidget(this);
    auto* const lines = new QFormLayout(box);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setHorizontalSpacing(space::kGap);
    lines->setVerticalSpacing(space::kUnit);
    lines->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    lines->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    m_count = new QSpinBox;
    m_count->setObjectName(QStringLiteral("trafficCount"));
    m_count->setRange(1, kMostCount);
    m_count->setValue(kUsualCount);
    m_unit = new QLabel;
    m_unit->setBuddy(m_count);
    lines->addRow(m_unit, m_count);
    const auto addChoice = [&](const QString& name, const QString& object) {
        auto* const choice = new SegmentedControl(name, box);
        choice->setObjectName(object);
        lines->addRow(name, choice);
        connect(choice, &SegmentedControl::currentChanged, this, &TrafficSheet::draw);
        return choice;
    };
    m_shares = addChoice(tr("Segments"), QStringLiteral("trafficShares"));
    m_shares->addSegment(tr("As in the traffic"));
    m_shares->addSegment(tr("As many of each"));
    m_turns = addChoice(tr("Of each conversation"), QStringLiteral("trafficTurns"));
    m_turns->addSegment(tr("First question"));
    m_turns->addSegment(
        tr("Any question"),
        plainToolTip(tr("A request by lot from each conversation, with what was said before it. "
                        "Requests that are nothing but a list of questions cannot be asked.")));
    m_turns->addSegment(
        tr("All of it"),
        plainToolTip(tr("Every question of a conversation, one after the other. Each model goes on "
                        "from its own answers; those in the traffic are left out.")));
    connect(m_count, &QSpinBox::valueChanged, this, &TrafficSheet::draw);
    return box;
}

void TrafficSheet::buildLists()
{
    m_segments = makeList("trafficSegments", tr("Segments of the traffic"),
                          {tr("Segment"), tr("Requests"), tr("Share"), tr("Prompts")});
    m_segments->setFixedHeight(kSegmentsPx);
    m_segments->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    for (int column = 1; column < m_segments->columnCount(); ++column) {
        m_segments->header()->resizeSection(column, kNumberPx);
        m_segments->headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    }
    layout()->addWidget(m_segments);
    m_prompts = makeList("trafficPrompts", tr("Prompts that were drawn"),
                         {tr("Segment"), tr("Prompt"), tr("Before it")});
    m_prompts->header()->resizeSection(0, kSegmentPx);
    m_prompts->header()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_prompts->header()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
    static_cast<QVBoxLayout*>(layout())->addWidget(m_prompts, 1);
}

void TrafficSheet::draw()
{
    TrafficChoice choice;
    choice.count = static_cast<std::size_t>(m_count->value());
    choice.shares = m_shares->currentIndex() == 1 ? TrafficChoice::Shares::Equal
                                                  : TrafficChoice::Shares::AsInTraffic;
    choice.turns = static_cast<TrafficChoice::Turns>(m_turns->currentIndex()); // in that order
    const bool isWhole = choice.turns == TrafficChoice::Turns::All;
    m_unit->setText(isWhole ? tr("&Conversations") : tr("&Prompts"));
    m_count->setAccessibleName(isWhole ? tr("How many conversations") : tr("How many prompts"));
    m_segments->headerItem()->setText(3, isWhole ? tr("Conversations") : tr("Prompts"));
    m_drawn = promptsFromTraffic(*m_traffic, choice);
    m_summary->setText(summary());
    showSegments();
    showPrompts();
    const auto count = static_cast<int>(m_drawn.prompts.size());
    m_take->setText(tr("Add %n prompt(s)", nullptr, count));
    m_take->setEnabled(count > 0);
}

QString TrafficSheet::summary() const
{
    QString said = tr("%1: %2 in %3.", "name of the traffic, requests, conversations")
                       .arg(text(m_traffic->name),
                            tr("%Ln request(s)", nullptr, static_cast<int>(m_traffic->rowCount())),
                            tr("%Ln conversation(s)", nullptr,
                               static_cast<int>(m_traffic->conversationCount())));
    if (m_traffic->synthetic)
        said += tr(" They are synthetic.");
    const auto missing = static_cast<int>(m_count->value()) - static_cast<int>(m_drawn.chosen);
    if (missing > 0)
        said += m_turns->currentIndex() == static_cast<int>(TrafficChoice::Turns::All)
                    ? tr(" There are no more different conversations than these.")
                    : tr(" There are no more different prompts than these.");
    if (m_drawn.unusable > 0)
        said += tr(" %n request(s) cannot be asked and were passed over.", nullptr,
                   static_cast<int>(m_drawn.unusable));
    return said;
}

void TrafficSheet::showSegments()
{
    m_segments->clear();
    const auto all = static_cast<double>(m_traffic->rowCount());
    QList<QTreeWidgetItem*> rows;
    for (const TrafficPrompts::Segment& segment : m_drawn.segments) {
        auto* const row = new QTreeWidgetItem(
            {text(segment.name), format::count(static_cast<qint64>(segment.requests)),
             format::percent(static_cast<double>(segment.requests) / all),
             format::count(static_cast<qint64>(segment.chosen))});
        for (int column = 1; column < m_segments->columnCount(); ++column)
            row->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
        rows << row;
    }
    m_segments->addTopLevelItems(rows);
}

void TrafficSheet::showPrompts()
{
    m_prompts->clear();
    QList<QTreeWidgetItem*> rows;
    for (std::size_t i = 0; i < std::min(m_drawn.prompts.size(), kPreviewed); ++i) {
        const LabPrompt& prompt = m_drawn.prompts[i];
        const QString question = QString::fromStdString(prompt.messages.back().text);
        auto* const row =
            new QTreeWidgetItem({text(prompt.segment), withVisibleControls(question.simplified()),
                                 contextWords(prompt)});
        row->setToolTip(1, plainToolTip(question));
        rows << row;
    }
    m_prompts->addTopLevelItems(rows);
}

} // namespace signalbox::ui
