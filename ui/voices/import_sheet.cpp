// SPDX-License-Identifier: GPL-3.0-or-later
#include "import_sheet.h"

#include <core/base/clock.h>
#include <core/lab/conversation.h>
#include <core/sheets/workbook_reader.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/sheet_buttons.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/models/evidence_answers.h>

#include <QComboBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr QSize kSheetSize(760, 560);
constexpr std::size_t kPreviewed = 200;
constexpr std::size_t kRefusedShown = 4;
constexpr int kSegmentWidth = 150;
constexpr int kPromptWidth = 220;
constexpr int kMostShown = 300; ///< characters of a text in a row

constexpr PromptFormat kPromptFormats[] = {PromptFormat::Lines,     PromptFormat::Paragraphs,
                                           PromptFormat::Csv,       PromptFormat::Xlsx,
                                           PromptFormat::JsonLines, PromptFormat::JsonList};
constexpr AnswerFormat kAnswerFormats[] = {AnswerFormat::Csv, AnswerFormat::Xlsx,
                                           AnswerFormat::JsonLines, AnswerFormat::Promptfoo,
                                           AnswerFormat::Report};
constexpr int kFirstAnswerForm = 100; ///< in the list of forms; prompts' formats come before

QString formatWords(PromptFormat format)
{
    switch (format) {
    case PromptFormat::JsonLines:
        return ImportSheet::tr("prompts: JSON, one a line");
    case PromptFormat::JsonList:
        return ImportSheet::tr("prompts: JSON, a list");
    case PromptFormat::Csv:
        return ImportSheet::tr("prompts: a table (CSV), one a row");
    case PromptFormat::Lines:
        return ImportSheet::tr("prompts: text, one a line");
    case PromptFormat::Paragraphs:
        return ImportSheet::tr("prompts: text, one a paragraph");
    case PromptFormat::Xlsx:
        return ImportSheet::tr("prompts: a workbook (.xlsx), one a row");
    }
    return {};
}

QString formatWords(AnswerFormat format)
{
    switch (format) {
    case AnswerFormat::JsonLines:
        return ImportSheet::tr("answers: JSON, one a line");
    case AnswerFormat::Csv:
        return ImportSheet::tr("answers: a table (CSV)");
    case AnswerFormat::Promptfoo:
        return ImportSheet::tr("answers: results of promptfoo");
    case AnswerFormat::Xlsx:
        return ImportSheet::tr("answers: a workbook (.xlsx)");
    case AnswerFormat::Report:
        return ImportSheet::tr("answers: a report of Signalbox (HTML)");
    }
    return {};
}

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

/// "line 7: the record has no prompt", one a line, the rest counted.
/// @param isSheet  a workbook has rows
QString refusedWords(const ImportReport& report, bool isSheet)
{
    QStringList lines;
    for (const RefusedLine& refused : report.refused()) {
        if (lines.size() == static_cast<qsizetype>(kRefusedShown))
            break;
        const QString place =
            isSheet ? ImportSheet::tr("row %1: %2") : ImportSheet::tr("line %1: %2");
        lines << (refused.line == 0 ? text(refused.message)
                                    : place.arg(format::count(static_cast<qint64>(refused.line)),
                                                text(refused.message)));
    }
    if (const std::size_t more = report.refusedCount() - std::size_t(lines.size()); more > 0)
        lines << ImportSheet::tr("and %n more", nullptr, static_cast<int>(more));
    return lines.join(QLatin1Char('\n'));
}

QString tagWords(const LabPrompt& prompt)
{
    QStringList tags;
    for (const std::string& tag : prompt.tags)
        tags << withVisibleControls(text(tag));
    return tags.join(QStringLiteral(", "));
}

} // namespace

QString contextWords(const LabPrompt& prompt)
{
    QStringList parts;
    if (prompt.messages.front().role == Role::System)
        parts << ImportSheet::tr("system prompt");
    const auto turns = static_cast<int>(prompt.messages.size()) - (parts.isEmpty() ? 0 : 1) - 1;
    if (turns > 0)
        parts << ImportSheet::tr("%n earlier turn(s)", nullptr, turns);
    if (repliesNeeded(prompt.messages) > 0)
        parts << ImportSheet::tr("each model's own answers");
    return parts.join(QStringLiteral(", "));
}

ImportSheet::ImportSheet(QByteArray bytes, const QString& from, std::vector<ModelSpec> models,
                         QWidget* parent)
    : QDialog(parent), m_bytes(std::move(bytes)), m_from(from), m_models(std::move(models))
{
    setObjectName(QStringLiteral("importSheet"));
    setWindowTitle(from.isEmpty() ? tr("Import from the clipboard")
                                  : tr("Import from %1", "a file").arg(from));
    build();
    resize(kSheetSize);
    const Form likely = guess();
    const auto* const answers = std::get_if<AnswerFormat>(&likely);
    const int shown = answers ? kFirstAnswerForm + static_cast<int>(*answers)
                              : static_cast<int>(std::get<PromptFormat>(likely));
    m_format->setCurrentIndex(m_format->findData(shown));
    read();
    (m_take->isEnabled() ? static_cast<QWidget*>(m_take) : m_format)->setFocus();
}

void ImportSheet::build()
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kWide, space::kWide, space::kWide, space::kWide);
    layout->setSpacing(space::kGap);
    m_summary = new TextLabel({}, TextRole::BodyStrong);
    m_summary->setObjectName(QStringLiteral("importSummary"));
    m_summary->setWordWrap(true);
    layout->addWidget(m_summary);
    m_evidence = new TextLabel({}, TextRole::Body);
    m_evidence->setObjectName(QStringLiteral("importEvidence"));
    m_evidence->setWordWrap(true);
    m_evidence->setMuted(true);
    layout->addWidget(m_evidence);
    buildForm();
    m_problems = new Callout(Tone::Caution);
    m_problems->setObjectName(QStringLiteral("importProblems"));
    layout->addWidget(m_problems);

    m_list = new QTreeWidget;
    m_list->setObjectName(QStringLiteral("importList"));
    m_list->setColumnCount(3);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->resizeSection(0, kSegmentWidth);
    m_list->header()->setSectionResizeMode(1, QHeaderView::Stretch);
    layout->addWidget(m_list, 1);

    m_take = addSheetButtons(this, layout, {}, QStringLiteral("importTake"), [this] {
        accept();
        emit taken();
    });
}

/// How it is to be read.
void ImportSheet::buildForm()
{
    auto* const how = new QHBoxLayout;
    how->setSpacing(space::kUnit);
    auto* const formatLabel = new QLabel(tr("&Read as"));
    m_format = new QComboBox;
    m_format->setObjectName(QStringLiteral("importFormat"));
    m_format->setAccessibleName(tr("Read as"));
    for (const PromptFormat format : kPromptFormats)
        m_format->addItem(formatWords(format), static_cast<int>(format));
    m_format->insertSeparator(m_format->count());
    for (const AnswerFormat format : kAnswerFormats)
        m_format->addItem(formatWords(format), kFirstAnswerForm + static_cast<int>(format));
    formatLabel->setBuddy(m_format);
    how->addWidget(formatLabel);
    how->addWidget(m_format);
    buildSheets(how);
    how->addStretch(1);
    static_cast<QVBoxLayout*>(layout())->addLayout(how);

    m_template = new QLineEdit;
    m_template->setObjectName(QStringLiteral("importTemplate"));
    m_template->setAccessibleName(tr("Prompt of a row that has none of its own"));
    m_template->setPlaceholderText(
        tr("where the table has no column for it: Translate {{word}} into {{language}}"));
    m_templateLine = makeLine(tr("&Prompt of a row"), m_template);
    m_model = new QLineEdit;
    m_model->setObjectName(QStringLiteral("importModel"));
    m_model->setAccessibleName(tr("Model of answers that name none"));
    m_model->setPlaceholderText(tr("who wrote the answers that do not say it"));
    m_modelLine = makeLine(tr("&Model"), m_model);
    connect(m_format, &QComboBox::activated, this, &ImportSheet::read);
    connect(m_template, &QLineEdit::textEdited, this, &ImportSheet::read);
    connect(m_model, &QLineEdit::textEdited, this, &ImportSheet::read);
}

/// Which sheet of a workbook; not shown for what has none or one.
void ImportSheet::buildSheets(QHBoxLayout* line)
{
    m_sheetLabel = new QLabel(tr("&Sheet"));
    m_sheet = new QComboBox;
    m_sheet->setObjectName(QStringLiteral("importWorkbookSheet"));
    m_sheet->setAccessibleName(tr("Sheet of the workbook"));
    m_sheetLabel->setBuddy(m_sheet);
    line->addSpacing(space::kGap);
    line->addWidget(m_sheetLabel);
    line->addWidget(m_sheet);
    if (const auto names =
            isWorkbook(bytes()) ? sheetNamesOf(bytes()) : Result<std::vector<std::string>>();
        names && names->size() > 1) {
        m_sheet->addItem(tr("the likely one"));
        for (const std::string& name : *names)
            m_sheet->addItem(withVisibleControls(text(name)), text(name));
    }
    connect(m_sheet, &QComboBox::activated, this, &ImportSheet::read);
}

bool ImportSheet::isSheet() const
{
    const Form chosen = form();
    const auto* const answers = std::get_if<AnswerFormat>(&chosen);
    const auto* const prompts = std::get_if<PromptFormat>(&chosen);
    return (prompts && *prompts == PromptFormat::Xlsx) ||
           (answers && *answers == AnswerFormat::Xlsx);
}

std::string ImportSheet::sheetName() const
{
    return m_sheet->currentData().toString().toStdString();
}

QWidget* ImportSheet::makeLine(const QString& label, QLineEdit* field)
{
    auto* const box = new QWidget(this);
    auto* const line = new QHBoxLayout(box);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(space::kUnit);
    auto* const name = new QLabel(label);
    name->setBuddy(field);
    line->addWidget(name);
    line->addWidget(field, 1);
    layout()->addWidget(box);
    return box;
}

std::string_view ImportSheet::bytes() const
{
    return {m_bytes.constData(), static_cast<std::size_t>(m_bytes.size())};
}

ImportSheet::Form ImportSheet::guess() const
{
    if (holdsAnswers(bytes()))
        return guessAnswerFormat(bytes());
    PromptReadOptions options;
    options.file = m_from.toStdString();
    const auto import = importPrompts(bytes(), options);
    return import ? import->format : guessPromptFormat(bytes(), options.file);
}

ImportSheet::Form ImportSheet::form() const
{
    const int chosen = m_format->currentData().toInt();
    if (chosen >= kFirstAnswerForm)
        return static_cast<AnswerFormat>(chosen - kFirstAnswerForm);
    return static_cast<PromptFormat>(chosen);
}

void ImportSheet::read()
{
    m_prompts.clear();
    m_answers.reset();
    m_list->clear();
    const Form chosen = form();
    const auto* const answers = std::get_if<AnswerFormat>(&chosen);
    const auto* const prompts = std::get_if<PromptFormat>(&chosen);
    m_templateLine->setVisible(prompts && (*prompts == PromptFormat::Csv || isSheet()));
    m_modelLine->setVisible(answers && *answers != AnswerFormat::Promptfoo &&
                            *answers != AnswerFormat::Report);
    m_sheetLabel->setVisible(isSheet() && m_sheet->count() > 0);
    m_sheet->setVisible(isSheet() && m_sheet->count() > 0);
    const auto done = answers ? readAnswers(*answers) : readPrompts(*prompts);
    m_evidence->setText(evidenceWords());
    m_evidence->setVisible(!m_evidence->text().isEmpty());
    if (!done)
        showFailure(done.error());
    const auto count = static_cast<int>(m_answers ? m_answers->answers.size() : m_prompts.size());
    m_take->setText(answers ? tr("Show %n answer(s)", nullptr, count)
                            : tr("Add %n prompt(s)", nullptr, count));
    m_take->setEnabled(count > 0);
}

Result<void> ImportSheet::readPrompts(PromptFormat format)
{
    PromptReadOptions options;
    options.name = QFileInfo(m_from).completeBaseName().toStdString();
    options.promptTemplate = m_template->text().toStdString();
    options.sheet = sheetName();
    auto import = importPrompts(bytes(), options, format);
    if (!import)
        return Unexpected(import.error());
    m_prompts = std::move(import->prompts);
    std::set<std::string> segments;
    for (const LabPrompt& prompt : m_prompts)
        segments.insert(prompt.segment);
    QString summary = tr("%n prompt(s)", nullptr, static_cast<int>(m_prompts.size()));
    if (segments.size() > 1)
        summary += tr(" in %n segment(s)", nullptr, static_cast<int>(segments.size()));
    if (m_prompts.size() > kPreviewed)
        summary += tr("; the first %1 are shown").arg(format::count(qint64(kPreviewed)));
    if (import->repeated > 0)
        summary +=
            tr("; %n repeated prompt(s) count once", nullptr, static_cast<int>(import->repeated));
    m_summary->setText(summary + QLatin1Char('.'));
    showReport(import->report);
    fillPrompts();
    return {};
}

Result<void> ImportSheet::readAnswers(AnswerFormat format)
{
    AnswerReadOptions options;
    options.name = QFileInfo(m_from).completeBaseName().toStdString();
    options.model = m_model->text().trimmed().toStdString();
    options.recordedAtMs = systemClock().unixMs();
    options.sheet = sheetName();
    auto import = importAnswers(bytes(), options, format);
    if (!import)
        return Unexpected(import.error());
    m_answers = std::move(*import);
    QString summary =
        tr("%1 of %2 to %3. Nothing is sent: they are kept, shown and measured.", "answers, models")
            .arg(tr("%n answer(s)", nullptr, static_cast<int>(m_answers->answers.size())),
                 tr("%n model(s)", nullptr, static_cast<int>(m_answers->models.size())),
                 tr("%n prompt(s)", nullptr, static_cast<int>(m_answers->prompts.size())));
    if (m_answers->answers.size() > kPreviewed)
        summary += tr(" The first %1 are shown here.").arg(format::count(qint64(kPreviewed)));
    m_summary->setText(summary);
    showReport(m_answers->report);
    fillAnswers();
    return {};
}

/// Evidence is what was recorded under a model's name and style guide (answersFor()): whoever
/// recorded it. So it is said before it is taken.
QString ImportSheet::evidenceWords() const
{
    if (!m_answers)
        return {};
    QStringList counted;
    for (const ModelSpec& model : m_models) {
        const bool counts = std::ranges::any_of(
            m_answers->answers, [&](const Answer& answer) { return countsFor(model, answer); });
        if (counts)
            counted << withVisibleControls(text(model.id.value));
    }
    if (counted.isEmpty())
        return tr("No model of the policy is called so: they stand for themselves and change none "
                  "of its numbers.");
    return tr("The policy has models called %1: these answers count as evidence of them, in "
              "quality, voice and cost. If another model wrote them, name it otherwise in the "
              "file.",
              "a list of names")
        .arg(QLocale().createSeparatedList(counted));
}

void ImportSheet::showReport(const ImportReport& report)
{
    const std::size_t refused = report.refusedCount();
    QStringList notes;
    for (const std::string& note : report.notes())
        notes << text(note);
    m_problems->setVisible(refused > 0 || !notes.isEmpty());
    if (refused > 0)
        m_problems->setMessage(Tone::Caution,
                               tr("%n part(s) were left out.", nullptr, static_cast<int>(refused)),
                               refusedWords(report, isSheet()));
    else if (!notes.isEmpty())
        m_problems->setMessage(Tone::Accent, notes.join(QLatin1Char(' ')));
}

void ImportSheet::showFailure(const Error& error)
{
    m_summary->setText(std::holds_alternative<AnswerFormat>(form())
                           ? tr("No answers were found in it.")
                           : tr("No prompts were found in it."));
    m_problems->setMessage(Tone::Negative, tr("It cannot be read this way."),
                           QString::fromStdString(toString(error)));
    m_problems->show();
}

void ImportSheet::fillPrompts()
{
    m_list->setAccessibleName(tr("Prompts that were read"));
    m_list->setColumnCount(4);
    m_list->setHeaderLabels({tr("Segment"), tr("Prompt"), tr("Tags"), tr("Before it")});
    m_list->header()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
    m_list->header()->setSectionResizeMode(3, QHeaderView::ResizeToContents);
    QList<QTreeWidgetItem*> rows;
    for (std::size_t i = 0; i < std::min(m_prompts.size(), kPreviewed); ++i) {
        const QString question = text(m_prompts[i].messages.back().text);
        auto* const row = new QTreeWidgetItem({withVisibleControls(text(m_prompts[i].segment)),
                                               withVisibleControls(question.simplified()),
                                               tagWords(m_prompts[i]), contextWords(m_prompts[i])});
        row->setToolTip(1, plainToolTip(question));
        rows << row;
    }
    m_list->addTopLevelItems(rows);
    const bool hasTags = std::ranges::any_of(
        m_prompts, [](const LabPrompt& prompt) { return !prompt.tags.empty(); });
    m_list->setColumnHidden(2, !hasTags);
}

void ImportSheet::fillAnswers()
{
    m_list->setAccessibleName(tr("Answers that were read"));
    m_list->setColumnCount(3);
    m_list->setColumnHidden(2, false);
    m_list->setHeaderLabels({tr("Model"), tr("Answer"), tr("Prompt")});
    m_list->header()->setSectionResizeMode(2, QHeaderView::Interactive);
    m_list->header()->resizeSection(2, kPromptWidth);
    std::map<PromptId, QString> words;
    for (const LabPrompt& prompt : m_answers->prompts)
        words[prompt.id] = text(prompt.messages.back().text).simplified();
    QList<QTreeWidgetItem*> rows;
    for (std::size_t i = 0; i < std::min(m_answers->answers.size(), kPreviewed); ++i) {
        const Answer& answer = m_answers->answers[i];
        const QString said = answer.text.empty() ? text(answer.failure) : text(answer.text);
        rows << new QTreeWidgetItem({withVisibleControls(text(answer.model.value)),
                                     withVisibleControls(said.left(kMostShown).simplified()),
                                     withVisibleControls(words[answer.prompt].left(kMostShown))});
    }
    m_list->addTopLevelItems(rows);
}

} // namespace signalbox::ui
