// SPDX-License-Identifier: GPL-3.0-or-later
#include "prompt_import_sheet.h"

#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr QSize kSheetSize(760, 560);
constexpr std::size_t kPreviewed = 200;
constexpr std::size_t kRefusedShown = 4;
constexpr int kSegmentWidth = 150;

constexpr PromptFormat kFormats[] = {PromptFormat::Lines, PromptFormat::Paragraphs,
                                     PromptFormat::Csv, PromptFormat::JsonLines,
                                     PromptFormat::JsonList};

QString formatWords(PromptFormat format)
{
    switch (format) {
    case PromptFormat::JsonLines:
        return PromptImportSheet::tr("JSON, one prompt a line");
    case PromptFormat::JsonList:
        return PromptImportSheet::tr("JSON, a list of prompts");
    case PromptFormat::Csv:
        return PromptImportSheet::tr("a table (CSV), one prompt a row");
    case PromptFormat::Lines:
        return PromptImportSheet::tr("text, one prompt a line");
    case PromptFormat::Paragraphs:
        return PromptImportSheet::tr("text, one prompt a paragraph");
    }
    return {};
}

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

/// "line 7: the record has no prompt", one a line, the rest counted.
QString refusedWords(const ImportReport& report)
{
    QStringList lines;
    for (const RefusedLine& refused : report.refused()) {
        if (lines.size() == static_cast<qsizetype>(kRefusedShown))
            break;
        lines << (refused.line == 0 ? text(refused.message)
                                    : PromptImportSheet::tr("line %1: %2")
                                          .arg(format::count(static_cast<qint64>(refused.line)),
                                               text(refused.message)));
    }
    if (const std::size_t more = report.refusedCount() - std::size_t(lines.size()); more > 0)
        lines << PromptImportSheet::tr("and %n more", nullptr, static_cast<int>(more));
    return lines.join(QLatin1Char('\n'));
}

/// What goes before the question, in short: a system prompt, earlier turns.
QString contextWords(const LabPrompt& prompt)
{
    QStringList parts;
    if (prompt.messages.front().role == Role::System)
        parts << PromptImportSheet::tr("system prompt");
    const auto turns = static_cast<int>(prompt.messages.size()) - (parts.isEmpty() ? 0 : 1) - 1;
    if (turns > 0)
        parts << PromptImportSheet::tr("%n earlier turn(s)", nullptr, turns);
    return parts.join(QStringLiteral(", "));
}

} // namespace

PromptImportSheet::PromptImportSheet(QByteArray bytes, const QString& from, QWidget* parent)
    : QDialog(parent), m_bytes(std::move(bytes)), m_from(from)
{
    setObjectName(QStringLiteral("promptImportSheet"));
    setWindowTitle(from.isEmpty() ? tr("Prompts from the clipboard")
                                  : tr("Prompts from %1", "a file").arg(from));
    build();
    resize(kSheetSize);
    read(std::nullopt);
    (m_take->isEnabled() ? static_cast<QWidget*>(m_take) : m_format)->setFocus();
}

void PromptImportSheet::build()
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kWide, space::kWide, space::kWide, space::kWide);
    layout->setSpacing(space::kGap);
    m_summary = new TextLabel({}, TextRole::BodyStrong);
    m_summary->setObjectName(QStringLiteral("importSummary"));
    m_summary->setWordWrap(true);
    layout->addWidget(m_summary);

    auto* const how = new QHBoxLayout;
    how->setSpacing(space::kUnit);
    auto* const formatLabel = new QLabel(tr("&Read as"));
    m_format = new QComboBox;
    m_format->setObjectName(QStringLiteral("importFormat"));
    m_format->setAccessibleName(tr("Read as"));
    for (const PromptFormat format : kFormats)
        m_format->addItem(formatWords(format), static_cast<int>(format));
    formatLabel->setBuddy(m_format);
    how->addWidget(formatLabel);
    how->addWidget(m_format);
    how->addStretch(1);
    layout->addLayout(how);

    m_templateBox = new QWidget;
    auto* const templateLine = new QHBoxLayout(m_templateBox);
    templateLine->setContentsMargins(0, 0, 0, 0);
    templateLine->setSpacing(space::kUnit);
    auto* const templateLabel = new QLabel(tr("&Prompt of a row"));
    m_template = new QLineEdit;
    m_template->setObjectName(QStringLiteral("importTemplate"));
    m_template->setAccessibleName(tr("Prompt of a row that has none of its own"));
    m_template->setPlaceholderText(
        tr("where the table has no column for it: Translate {{word}} into {{language}}"));
    templateLabel->setBuddy(m_template);
    templateLine->addWidget(templateLabel);
    templateLine->addWidget(m_template, 1);
    layout->addWidget(m_templateBox);

    m_problems = new Callout(Tone::Caution);
    m_problems->setObjectName(QStringLiteral("importProblems"));
    layout->addWidget(m_problems);

    m_list = new QTreeWidget;
    m_list->setObjectName(QStringLiteral("importList"));
    m_list->setAccessibleName(tr("Prompts that were read"));
    m_list->setHeaderLabels({tr("Segment"), tr("Prompt"), tr("Before it")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->resizeSection(0, kSegmentWidth);
    m_list->header()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
    layout->addWidget(m_list, 1);

    auto* const buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_take = buttons->addButton(QString(), QDialogButtonBox::AcceptRole);
    m_take->setObjectName(QStringLiteral("importTake"));
    m_take->setDefault(true);
    setButtonKind(m_take, ButtonKind::Primary);
    buttons->button(QDialogButtonBox::Cancel)->setAutoDefault(false);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        accept();
        emit taken();
    });
    const auto again = [this] { read(static_cast<PromptFormat>(m_format->currentData().toInt())); };
    connect(m_format, &QComboBox::activated, this, again);
    connect(m_template, &QLineEdit::textEdited, this, again);
}

void PromptImportSheet::read(std::optional<PromptFormat> format)
{
    PromptReadOptions options;
    options.name = QFileInfo(m_from).completeBaseName().toStdString();
    options.promptTemplate = m_template->text().toStdString();
    const std::string_view bytes(m_bytes.constData(), static_cast<std::size_t>(m_bytes.size()));
    const auto import = importPrompts(bytes, options, format);
    const PromptFormat used = format ? *format : import ? import->format : guessPromptFormat(bytes);
    {
        const QSignalBlocker quiet(m_format);
        m_format->setCurrentIndex(m_format->findData(static_cast<int>(used)));
    }
    m_templateBox->setVisible(used == PromptFormat::Csv);
    if (import)
        show(*import);
    else
        showFailure(import.error());
    fillList();
    const auto count = static_cast<int>(m_prompts.size());
    m_take->setText(tr("Add %n prompt(s)", nullptr, count));
    m_take->setEnabled(count > 0);
}

void PromptImportSheet::show(const PromptImport& import)
{
    m_prompts = import.prompts;
    std::set<std::string> segments;
    for (const LabPrompt& prompt : m_prompts)
        segments.insert(prompt.segment);
    QString summary = tr("%n prompt(s)", nullptr, static_cast<int>(m_prompts.size()));
    if (segments.size() > 1)
        summary += tr(" in %n segment(s)", nullptr, static_cast<int>(segments.size()));
    if (m_prompts.size() > kPreviewed)
        summary += tr("; the first %1 are shown").arg(format::count(qint64(kPreviewed)));
    if (import.repeated > 0)
        summary +=
            tr("; %n repeated prompt(s) count once", nullptr, static_cast<int>(import.repeated));
    m_summary->setText(summary + QLatin1Char('.'));
    const std::size_t refused = import.report.refusedCount();
    QStringList notes;
    for (const std::string& note : import.report.notes())
        notes << text(note);
    m_problems->setVisible(refused > 0 || !notes.isEmpty());
    if (refused > 0)
        m_problems->setMessage(Tone::Caution,
                               tr("%n part(s) were left out.", nullptr, static_cast<int>(refused)),
                               refusedWords(import.report));
    else if (!notes.isEmpty())
        m_problems->setMessage(Tone::Accent, notes.join(QLatin1Char(' ')));
}

void PromptImportSheet::showFailure(const Error& error)
{
    m_prompts.clear();
    m_summary->setText(tr("No prompts were found in it."));
    m_problems->setMessage(Tone::Negative, tr("It cannot be read this way."),
                           QString::fromStdString(toString(error)));
    m_problems->show();
}

void PromptImportSheet::fillList()
{
    m_list->clear();
    QList<QTreeWidgetItem*> rows;
    for (std::size_t i = 0; i < std::min(m_prompts.size(), kPreviewed); ++i) {
        const QString question = text(m_prompts[i].messages.back().text);
        auto* const row = new QTreeWidgetItem({withVisibleControls(text(m_prompts[i].segment)),
                                               withVisibleControls(question.simplified()),
                                               contextWords(m_prompts[i])});
        row->setToolTip(1, plainToolTip(question));
        rows << row;
    }
    m_list->addTopLevelItems(rows);
}

} // namespace signalbox::ui
