// SPDX-License-Identifier: GPL-3.0-or-later
#include "export_sheet.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/sheet_buttons.h>
#include <ui/kit/theme.h>

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QRadioButton>
#include <QStyle>
#include <QVBoxLayout>

#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kSheetWidth = 600;
constexpr ExportForm kForms[] = {ExportForm::Html, ExportForm::Pdf, ExportForm::Xlsx,
                                 ExportForm::Csv, ExportForm::JsonLines};

QString formWords(ExportForm form)
{
    switch (form) {
    case ExportForm::Html:
        return ExportSheet::tr("Facts, numbers, how noticeable a change of the model is, and all "
                               "answers side by side, in one file without scripts. Opens in any "
                               "browser, prints well, and can be imported again.");
    case ExportForm::Pdf:
        return ExportSheet::tr("The same on pages for paper, the answers below each other. Cannot "
                               "be imported again.");
    case ExportForm::Xlsx:
        return ExportSheet::tr(
            "Answers, prompts, models and the run as sheets of a spreadsheet. No "
            "text in it is ever a formula. Can be imported again.");
    case ExportForm::Csv:
        return ExportSheet::tr("The answers alone, one a row, for any spreadsheet. Text that looks "
                               "like a formula has an apostrophe in front. Can be imported again.");
    case ExportForm::JsonLines:
        return ExportSheet::tr(
            "The answers alone, one object a line, for programs. Can be imported "
            "again.");
    }
    return {};
}

} // namespace

ExportSheet::ExportSheet(std::vector<ExportChoice> choices, ExportForm form, QWidget* parent)
    : QDialog(parent), m_choices(std::move(choices))
{
    setObjectName(QStringLiteral("exportSheet"));
    setWindowTitle(tr("Export a run"));
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kWide, space::kWide, space::kWide, space::kWide);
    layout->setSpacing(space::kGap);
    buildRuns(layout);
    buildForms(layout, form);
    buildButtons(layout);
    setFixedSize(kSheetWidth, layout->totalHeightForWidth(kSheetWidth));
    m_forms->checkedButton()->setFocus();
}

void ExportSheet::buildRuns(QVBoxLayout* layout)
{
    auto* const line = new QHBoxLayout;
    line->setSpacing(space::kUnit);
    auto* const label = new QLabel(tr("&Run"));
    m_runs = new QComboBox;
    m_runs->setObjectName(QStringLiteral("exportRun"));
    m_runs->setAccessibleName(tr("Run"));
    m_runs->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    for (const ExportChoice& choice : m_choices)
        m_runs->addItem(choice.words);
    label->setBuddy(m_runs);
    line->addWidget(label);
    line->addWidget(m_runs, 1);
    layout->addLayout(line);
}

void ExportSheet::buildForms(QVBoxLayout* layout, ExportForm form)
{
    m_forms = new QButtonGroup(this);
    for (const ExportForm each : kForms) {
        auto* const button = new QRadioButton(formName(each));
        button->setObjectName(QStringLiteral("export.") + fileEnding(each));
        button->setAccessibleDescription(formWords(each));
        m_forms->addButton(button, static_cast<int>(each));
        auto* const words = new TextLabel(formWords(each), TextRole::Small);
        words->setMuted(true);
        words->setWordWrap(true);
        const int indent = style()->pixelMetric(QStyle::PM_ExclusiveIndicatorWidth) +
                           style()->pixelMetric(QStyle::PM_RadioButtonLabelSpacing);
        words->setContentsMargins(indent, 0, 0, 0);
        auto* const part = new QVBoxLayout;
        part->setSpacing(space::kHalf);
        part->addWidget(button);
        part->addWidget(words);
        layout->addLayout(part);
    }
    m_forms->button(static_cast<int>(form))->setChecked(true);
}

void ExportSheet::buildButtons(QVBoxLayout* layout)
{
    addSheetButtons(this, layout, tr("Save as\u2026"), QStringLiteral("exportSave"), [this] {
        accept();
        emit exportRequested();
    });
}

const std::optional<RunId>& ExportSheet::run() const
{
    return m_choices[static_cast<std::size_t>(m_runs->currentIndex())].run;
}

ExportForm ExportSheet::form() const
{
    return static_cast<ExportForm>(m_forms->checkedId());
}

QString fileEnding(ExportForm form)
{
    switch (form) {
    case ExportForm::Html:
        return QStringLiteral("html");
    case ExportForm::Pdf:
        return QStringLiteral("pdf");
    case ExportForm::Xlsx:
        return QStringLiteral("xlsx");
    case ExportForm::Csv:
        return QStringLiteral("csv");
    case ExportForm::JsonLines:
        return QStringLiteral("jsonl");
    }
    return {};
}

QString formName(ExportForm form)
{
    switch (form) {
    case ExportForm::Html:
        return ExportSheet::tr("Report, one page (HTML)");
    case ExportForm::Pdf:
        return ExportSheet::tr("Report for paper (PDF)");
    case ExportForm::Xlsx:
        return ExportSheet::tr("Workbook (Excel, .xlsx)");
    case ExportForm::Csv:
        return ExportSheet::tr("Table (CSV)");
    case ExportForm::JsonLines:
        return ExportSheet::tr("JSON lines");
    }
    return {};
}

} // namespace signalbox::ui
