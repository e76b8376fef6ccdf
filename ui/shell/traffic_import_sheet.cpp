// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic_import_sheet.h"

#include "log_field_table.h"
#include "log_words.h"

#include <core/base/files.h>
#include <core/traffic/known_logs.h>
#include <core/traffic/traffic_file.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/sheet_buttons.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QCheckBox>
#include <QComboBox>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTimeZone>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr QSize kSheetSize(980, 700);
constexpr int kMostColumnPx = 170; ///< of the first rows; prompts and answers have the rest
constexpr int kPatternLines = 2;
constexpr int kProgressSteps = 1000;
constexpr auto kTableEnding = ".traffic";

enum View { Fields, Rows, Problems };
enum RowColumn {
    Time,
    Conversation,
    User,
    Model,
    Prompt,
    Answer,
    Tokens,
    Cost,
    Latency,
    RowColumns
};

QString text(const std::string& utf8)
{
    return withVisibleControls(QString::fromStdString(utf8).simplified());
}

QString pathText(const std::filesystem::path& path)
{
    return QString::fromStdString(path.string());
}

QString kindWords(const std::string& kind)
{
    if (kind == "email")
        return TrafficImportSheet::tr("e-mail addresses");
    if (kind == "phone")
        return TrafficImportSheet::tr("phone numbers");
    if (kind == "card")
        return TrafficImportSheet::tr("card numbers");
    if (kind == "iban")
        return TrafficImportSheet::tr("bank accounts");
    return TrafficImportSheet::tr("keys and tokens");
}

/// Names of known logs are those of products.
QString formName(const LogMapping& mapping)
{
    return QString::fromStdString(mapping.name);
}

QTreeWidget* plainTree(const char* name, const QString& accessibleName, const QStringList& headers)
{
    auto* const tree = new QTreeWidget;
    tree->setObjectName(QLatin1String(name));
    tree->setAccessibleName(accessibleName);
    tree->setColumnCount(static_cast<int>(headers.size()));
    tree->setHeaderLabels(headers);
    tree->setRootIsDecorated(false);
    tree->setUniformRowHeights(true);
    return tree;
}

/// Of a pattern a line: "order=ORD-[0-9]+".
Result<std::vector<RedactionPattern>> patternsOf(const QString& lines)
{
    std::vector<RedactionPattern> patterns;
    for (const QString& line : lines.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        const QString pattern = line.trimmed();
        if (pattern.isEmpty())
            continue;
        const qsizetype equals = pattern.indexOf(QLatin1Char('='));
        if (equals <= 0)
            return signalbox::fail(ErrorCode::InvalidArgument,
                                   "a pattern is a word, \"=\" and an expression",
                                   pattern.toStdString(), "for example order=ORD-[0-9]+");
        patterns.push_back(
            {pattern.left(equals).toStdString(), pattern.mid(equals + 1).toStdString()});
    }
    return patterns;
}

/// "gateway.traffic", or "gateway-2.traffic": a log of the same name is another one.
QString freeName(const QDir& folder, const QString& log)
{
    QString path = folder.filePath(log + QLatin1String(kTableEnding));
    for (int number = 2; QFileInfo::exists(path); ++number)
        path =
            folder.filePath(log + QStringLiteral("-%1").arg(number) + QLatin1String(kTableEnding));
    return path;
}

bool isTable(const QString& path)
{
    constexpr qint64 kBeginBytes = 64;
    QFile file(path);
    return file.open(QIODevice::ReadOnly) && isTrafficFile(file.read(kBeginBytes).toStdString());
}

} // namespace

TrafficImportSheet::TrafficImportSheet(LogLook look, Desk desk, QWidget* parent)
    : QDialog(parent), m_look(std::move(look)), m_desk(std::move(desk)), m_scanner(m_look.path)
{
    setObjectName(QStringLiteral("trafficImport"));
    setWindowTitle(
        tr("Import traffic from %1", "a file").arg(QFileInfo(pathText(m_look.path)).fileName()));
    build();
    resize(kSheetSize);
    connectWork();
    chooseForm();
    m_take->setFocus();
}

TrafficImportSheet::~TrafficImportSheet() = default;

// ------------------------------------------------------------------ building

void TrafficImportSheet::build()
{
    auto* const rows = new QVBoxLayout(this);
    rows->setContentsMargins(space::kWide, space::kWide, space::kWide, space::kWide);
    rows->setSpacing(space::kUnit);
    m_summary = new TextLabel({}, TextRole::BodyStrong);
    m_summary->setObjectName(QStringLiteral("trafficImportSummary"));
    m_summary->setWordWrap(true);
    rows->addWidget(m_summary);
    buildForm(rows);
    buildViews(rows);
    m_missing = new Callout(Tone::Caution);
    m_missing->setObjectName(QStringLiteral("trafficImportMissing"));
    m_missing->hide();
    rows->addWidget(m_missing);
    buildRedaction(rows);
    buildTarget(rows);
    m_strip = new ProgressStrip;
    m_strip->setObjectName(QStringLiteral("trafficImportProgress"));
    rows->addWidget(m_strip);
    m_take = addSheetButtons(this, rows, tr("Import"), QStringLiteral("trafficImportTake"),
                             [this] { import(); });
}

/// What it was recognised as first, then what else we know.
void TrafficImportSheet::buildForm(QBoxLayout* rows)
{
    auto* const line = new QHBoxLayout;
    line->setSpacing(space::kUnit);
    auto* const label = new QLabel(tr("&Read as"));
    m_form = new QComboBox;
    m_form->setObjectName(QStringLiteral("trafficImportForm"));
    m_form->setAccessibleName(tr("Read as"));
    label->setBuddy(m_form);
    if (m_look.kept) {
        m_forms.push_back(*m_look.kept);
        m_form->addItem(tr("as the last time (%1)", "a kind of log").arg(formName(*m_look.kept)));
    }
    for (const LogGuess& guess : m_look.detection.guesses) {
        m_forms.push_back(guess.mapping);
        m_form->addItem(formName(guess.mapping));
    }
    const std::size_t recognised = m_forms.size();
    for (const LogMapping& known : knownLogs()) {
        const auto isSame = [&known](const LogMapping& form) { return form.name == known.name; };
        if (std::ranges::any_of(m_forms, isSame))
            continue;
        m_forms.push_back(known);
        m_form->addItem(formName(known));
    }
    // The separator counts as an entry: what is behind it is one further.
    m_form->insertSeparator(static_cast<int>(recognised));
    m_forms.insert(m_forms.begin() + static_cast<std::ptrdiff_t>(recognised), LogMapping());
    m_why = new TextLabel({}, TextRole::Small);
    m_why->setObjectName(QStringLiteral("trafficImportWhy"));
    m_why->setMuted(true);
    m_why->setWordWrap(true);
    line->addWidget(label);
    line->addWidget(m_form);
    line->addWidget(m_why, 1);
    rows->addLayout(line);
}

void TrafficImportSheet::buildViews(QBoxLayout* rows)
{
    m_view = new SegmentedControl(tr("What is shown of the log"));
    m_view->setObjectName(QStringLiteral("trafficImportView"));
    m_view->addSegment(tr("Fields"));
    m_view->addSegment(tr("First rows"));
    m_view->addSegment(tr("Lines with problems"));
    auto* const line = new QHBoxLayout;
    line->addWidget(m_view);
    line->addStretch(1);
    m_moreProblems = new TextLabel({}, TextRole::Small);
    m_moreProblems->setMuted(true);
    line->addWidget(m_moreProblems);
    m_saveProblems = new QPushButton(tr("Save the list..."));
    m_saveProblems->setObjectName(QStringLiteral("trafficImportSaveProblems"));
    m_saveProblems->setAutoDefault(false);
    line->addWidget(m_saveProblems);
    rows->addLayout(line);

    m_views = new QStackedWidget;
    m_fields = new LogFieldTable(m_look.detection);
    m_fields->setObjectName(QStringLiteral("trafficImportFields"));
    m_rows = plainTree("trafficImportRows", tr("First rows as they will be read"),
                       {tr("Time"), tr("Conversation"), tr("User"), tr("Model"), tr("Prompt"),
                        tr("Answer"), tr("Tokens"), tr("Cost"), tr("Latency")});
    m_rows->header()->setStretchLastSection(false);
    m_rows->header()->setSectionResizeMode(Prompt, QHeaderView::Stretch);
    m_rows->header()->setSectionResizeMode(Answer, QHeaderView::Stretch);
    for (const int column : {Tokens, Cost, Latency})
        m_rows->headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    m_problems = plainTree("trafficImportProblems", tr("Lines with problems"),
                           {tr("Line"), tr("What became of it"), tr("Why")});
    m_views->addWidget(m_fields);
    m_views->addWidget(m_rows);
    m_views->addWidget(m_problems);
    rows->addWidget(m_views, 1);
    connect(m_view, &SegmentedControl::currentChanged, this, [this](int view) {
        m_views->setCurrentIndex(view);
        refresh();
    });
    connect(m_saveProblems, &QPushButton::clicked, this, [this] { saveProblems(); });
}

void TrafficImportSheet::buildRedaction(QBoxLayout* rows)
{
    auto* const line = new QHBoxLayout;
    line->setSpacing(space::kGap);
    line->addWidget(new QLabel(tr("Take out")));
    for (const std::string& kind : TextRedactor::builtInKinds()) {
        auto* const box = new QCheckBox(kindWords(kind));
        box->setObjectName(QStringLiteral("redact.") + QString::fromStdString(kind));
        box->setChecked(true);
        box->setToolTip(plainToolTip(
            tr("In prompts, answers, tags and metadata \"%1\" stands in its place. It is found by "
               "its shape.")
                .arg(QStringLiteral("[%1]").arg(QString::fromStdString(kind)))));
        connect(box, &QCheckBox::toggled, this, [this] { changeRedaction(); });
        m_kinds.push_back(box);
        line->addWidget(box);
    }
    m_patterns = new QPlainTextEdit;
    m_patterns->setObjectName(QStringLiteral("redactPatterns"));
    m_patterns->setAccessibleName(tr("Own patterns to take out"));
    m_patterns->setPlaceholderText(tr("own patterns, one a line: order=ORD-[0-9]+"));
    m_patterns->setTabChangesFocus(true);
    m_patterns->setFixedHeight(m_patterns->fontMetrics().lineSpacing() * kPatternLines +
                               space::kWide);
    connect(m_patterns, &QPlainTextEdit::textChanged, this, [this] { changeRedaction(); });
    line->addWidget(m_patterns, 1);
    rows->addLayout(line);
    m_withoutPrompts = new QCheckBox(
        m_desk.policy
            ? tr("Leave prompts and answers out, once the signals of \"%1\" are read from them")
                  .arg(withoutMnemonics(QString::fromStdString(m_desk.policy->name)))
            : tr("Leave prompts and answers out"));
    m_withoutPrompts->setObjectName(QStringLiteral("trafficImportWithoutPrompts"));
    m_withoutPrompts->setToolTip(plainToolTip(
        tr("Then no other signals of the texts can be asked for later, no request can be searched "
           "or tried with its words, and no prompts can be drawn.")));
    rows->addWidget(m_withoutPrompts);
}

void TrafficImportSheet::buildTarget(QBoxLayout* rows)
{
    auto* const line = new QHBoxLayout;
    line->setSpacing(space::kUnit);
    auto* const label = new QLabel(tr("&Table"));
    m_table = new QLineEdit;
    m_table->setObjectName(QStringLiteral("trafficImportTable"));
    m_table->setAccessibleName(tr("File of the table"));
    label->setBuddy(m_table);
    const QFileInfo log(pathText(m_look.path));
    const QString folder =
        m_desk.tableFolder.empty() ? log.absolutePath() : pathText(m_desk.tableFolder);
    m_table->setText(freeName(QDir(folder), log.completeBaseName()));
    auto* const choose = new QPushButton(tr("Choose..."));
    choose->setObjectName(QStringLiteral("trafficImportChoose"));
    choose->setAutoDefault(false);
    line->addWidget(label);
    line->addWidget(m_table, 1);
    line->addWidget(choose);
    rows->addLayout(line);
    m_obstacle = new TextLabel({}, TextRole::Small);
    m_obstacle->setObjectName(QStringLiteral("trafficImportObstacle"));
    m_obstacle->setMuted(true);
    m_obstacle->setWordWrap(true);
    rows->addWidget(m_obstacle);
    connect(m_table, &QLineEdit::textChanged, this, [this] { refresh(); });
    connect(choose, &QPushButton::clicked, this, [this] {
        const QString path =
            m_desk.fileToWrite ? m_desk.fileToWrite(this, m_table->text()) : QString();
        if (!path.isEmpty())
            m_table->setText(path);
    });
}

void TrafficImportSheet::connectWork()
{
    connect(m_form, &QComboBox::activated, this, [this] { chooseForm(); });
    connect(m_fields, &LogFieldTable::assigned, this, [this] { readAnew(); });
    connect(&m_scanner, &TrafficScanner::previewed, this, &TrafficImportSheet::showRows);
    connect(&m_scanner, &TrafficScanner::progressed, this, [this] { showProgress(); });
    connect(&m_scanner, &TrafficScanner::scanned, this, [this] { showScan(); });
    connect(&m_scanner, &TrafficScanner::failed, this,
            [this](const Error& why) { showFailure(tr("It cannot be read this way."), why); });
    connect(&m_session, &TrafficImportSession::progressed, this, [this] { showProgress(); });
    connect(&m_session, &TrafficImportSession::finished, this, &TrafficImportSheet::finish);
    connect(&m_session, &TrafficImportSession::failed, this, &TrafficImportSheet::fail);
    connect(m_strip, &ProgressStrip::cancelRequested, this, [this] {
        if (m_session.isRunning())
            m_session.cancel();
        else
            m_scanner.stop();
        refresh();
    });
}

// ------------------------------------------------------------------ reading

void TrafficImportSheet::chooseForm()
{
    const int index = m_form->currentIndex();
    const LogMapping& chosen = m_forms.at(static_cast<std::size_t>(index));
    const auto guess = std::ranges::find(m_look.detection.guesses, chosen.name,
                                         [](const LogGuess& each) { return each.mapping.name; });
    m_why->setText(m_look.kept && index == 0 ? tr("A log with the same columns was imported so.")
                   : guess != m_look.detection.guesses.end()
                       ? text(guess->why)
                       : tr("The first lines do not look like it."));
    m_fields->setMapping(chosen);
    readAnew();
}

void TrafficImportSheet::readAnew()
{
    m_missing->hide();
    m_scanner.start(m_fields->mapping());
    changeRedaction();
}

void TrafficImportSheet::changeRedaction()
{
    const auto taking = redactor();
    if (taking)
        m_scanner.preview(m_fields->mapping(), *taking);
    refresh();
}

Result<std::shared_ptr<const TextRedactor>> TrafficImportSheet::redactor() const
{
    const auto own = patternsOf(m_patterns->toPlainText());
    if (!own)
        return Unexpected(own.error());
    std::vector<std::string> leaves;
    const std::vector<std::string>& kinds = TextRedactor::builtInKinds();
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (!m_kinds[i]->isChecked())
            leaves.push_back(kinds[i]);
    }
    if (own->empty() && leaves.size() == kinds.size())
        return std::shared_ptr<const TextRedactor>();
    auto made = TextRedactor::make(*own, std::move(leaves));
    if (!made) { // its place is the number of the pattern
        Error error = made.error();
        const std::size_t number = QString::fromStdString(error.where).toULongLong();
        error.where = number < own->size() ? (*own)[number].kind : std::string();
        return Unexpected(std::move(error));
    }
    return std::make_shared<const TextRedactor>(std::move(*made));
}

void TrafficImportSheet::showScan()
{
    const LogScan& scan = *m_scanner.scan();
    m_problems->clear();
    QList<QTreeWidgetItem*> lines;
    for (const LogProblem& problem : scan.report.problems)
        lines << new QTreeWidgetItem({format::count(static_cast<qint64>(problem.line)),
                                      problemKindWords(problem.kind), text(problem.message)});
    m_problems->addTopLevelItems(lines);
    m_problems->resizeColumnToContents(0);
    m_problems->resizeColumnToContents(1);
    const QStringList missing = missingWords(scan);
    m_missing->setVisible(scan.requests == 0 || !missing.isEmpty());
    if (scan.requests == 0)
        m_missing->setMessage(
            Tone::Negative, tr("No request was found in it this way."),
            tr("Choose what it is to be read as, or assign its columns to fields: messages or a "
               "prompt first."));
    else
        m_missing->setMessage(Tone::Caution, tr("What the log does not say"),
                              missing.join(QLatin1Char('\n')));
    refresh();
}

void TrafficImportSheet::showRows(const std::vector<LogRowPreview>& rows)
{
    m_rows->clear();
    QList<QTreeWidgetItem*> items;
    const auto number = [](std::int64_t count) {
        return count < 0 ? QStringLiteral("\u2013") : format::count(count);
    };
    for (const LogRowPreview& row : rows) {
        const QString time = row.startMs == 0
                                 ? QString()
                                 : QDateTime::fromMSecsSinceEpoch(row.startMs, QTimeZone::utc())
                                       .toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
        auto* const item =
            new QTreeWidgetItem({time, text(row.session), text(row.user), text(row.model),
                                 text(row.prompt), text(row.response),
                                 tr("%1 + %2", "input and output tokens")
                                     .arg(number(row.tokensIn), number(row.tokensOut)),
                                 format::money(row.costUsd), format::milliseconds(row.latencyMs)});
        for (const int column : {Tokens, Cost, Latency})
            item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
        items << item;
    }
    m_rows->addTopLevelItems(items);
    for (const int column : {Time, Conversation, User, Model, Tokens, Cost, Latency}) {
        m_rows->resizeColumnToContents(column);
        m_rows->setColumnWidth(column, std::min(m_rows->columnWidth(column), kMostColumnPx));
    }
}

void TrafficImportSheet::showProgress()
{
    const auto parts = [](double share) { return static_cast<int>(share * kProgressSteps); };
    if (m_session.isRunning()) {
        const auto state = m_session.state();
        const QString step = state.step == TrafficImportSession::Step::Reading
                                 ? tr("Importing: %1 requests")
                                       .arg(format::count(static_cast<qint64>(state.requests)))
                             : state.step == TrafficImportSession::Step::KeepingSignals
                                 ? tr("Reading the signals of the policy")
                                 : tr("Writing the table");
        m_strip->setText(step);
        m_strip->setProgress(parts(state.share), state.share > 0 ? kProgressSteps : 0);
        return;
    }
    m_strip->setText(tr("Reading the log"));
    m_strip->setProgress(parts(m_scanner.share()), kProgressSteps);
}

void TrafficImportSheet::showFailure(const QString& title, const Error& error)
{
    m_missing->setMessage(Tone::Negative, title, QString::fromStdString(toString(error)));
    m_missing->show();
    refresh();
}

// ------------------------------------------------------------------ what is possible

std::filesystem::path TrafficImportSheet::table() const
{
    return m_table->text().trimmed().toStdString();
}

QString TrafficImportSheet::obstacle() const
{
    if (const auto taking = redactor(); !taking)
        return QString::fromStdString(toString(taking.error()));
    if (m_table->text().trimmed().isEmpty())
        return tr("Say where the table goes.");
    const QFileInfo target(m_table->text().trimmed());
    const QFileInfo log(pathText(m_look.path));
    if (target.exists() && target.canonicalFilePath() == log.canonicalFilePath())
        return tr("The table would take the place of the log. Choose another name.");
    if (target.isDir())
        return tr("There is a folder of that name. Choose another one.");
    // Lines that cannot be read are kept beside the table.
    const QFileInfo aside(pathText(asideOf(table())));
    if (aside.exists() && aside.canonicalFilePath() == log.canonicalFilePath())
        return tr("The lines that cannot be read would take the place of the log. Choose another "
                  "name.");
    if (target.exists() && !isTable(target.filePath()))
        return tr("There is a file of that name that is no table. Choose another name.");
    if (m_scanner.scan() && m_scanner.scan()->requests == 0)
        return tr("There is nothing to import.");
    return {};
}

void TrafficImportSheet::refresh()
{
    const bool isImporting = m_session.isRunning();
    const auto& scan = m_scanner.scan();
    m_summary->setText(scan                     ? scanWords(*scan)
                       : m_scanner.isScanning() ? tr("The log is being read ...")
                                                : tr("The log was not read to its end."));
    const std::size_t problems = scan ? scan->report.badLines + scan->report.partlyRead : 0;
    const std::size_t listed = scan ? scan->report.problems.size() : 0;
    m_moreProblems->setText(problems > listed
                                ? tr("the first %1 of %2", "lines with problems")
                                      .arg(format::count(static_cast<qint64>(listed)),
                                           format::count(static_cast<qint64>(problems)))
                                : QString());
    m_moreProblems->setVisible(m_view->currentIndex() == Problems);
    m_saveProblems->setVisible(m_view->currentIndex() == Problems);
    m_saveProblems->setEnabled(listed > 0);

    const QString stands = obstacle();
    const bool replaces = QFileInfo::exists(m_table->text().trimmed());
    m_obstacle->setText(!stands.isEmpty() ? stands
                        : replaces ? tr("There is a table of that name; the new one replaces it.")
                                   : QString());
    m_obstacle->setVisible(!m_obstacle->text().isEmpty());
    m_take->setEnabled(!isImporting && stands.isEmpty());
    m_strip->setVisible(isImporting || m_scanner.isScanning());
    m_strip->setCancellable(true);
    for (QWidget* part :
         std::initializer_list<QWidget*>{m_form, m_fields, m_patterns, m_withoutPrompts, m_table})
        part->setEnabled(!isImporting);
    for (QCheckBox* box : m_kinds)
        box->setEnabled(!isImporting);
    if (!m_strip->isHidden())
        showProgress();
}

// ------------------------------------------------------------------ importing

void TrafficImportSheet::import()
{
    const auto taking = redactor();
    if (!taking || m_session.isRunning() || !obstacle().isEmpty())
        return;
    const std::filesystem::path target = table();
    if (target.parent_path() == m_desk.tableFolder)
        QDir().mkpath(pathText(m_desk.tableFolder)); // if it fails, the import says so
    m_scanner.stop();                                // the import reads it all the same
    TrafficImportOrder order;
    order.log = m_look.path;
    order.table = target;
    order.mapping = m_fields->mapping();
    order.redactor = *taking;
    order.leavesOutPrompts = m_withoutPrompts->isChecked();
    order.policy = m_desk.policy;
    order.styles = m_desk.styles;
    m_missing->hide();
    m_session.start(std::move(order));
    refresh();
}

/// That the mapping is kept is a convenience: without it, the log is recognised again.
void TrafficImportSheet::finish(const ImportedTable& done)
{
    if (m_isClosing) { // cancelled when it was written: the present traffic stays
        QDialog::reject();
        return;
    }
    if (!m_desk.mappings.empty())
        (void)rememberMapping(m_look, m_fields->mapping(), m_desk.mappings);
    accept();
    emit imported(done);
}

void TrafficImportSheet::fail(const Error& why)
{
    if (m_isClosing) {
        QDialog::reject();
        return;
    }
    if (why.code == ErrorCode::Cancelled) {
        m_missing->setMessage(Tone::Neutral, tr("The import was cancelled."),
                              tr("Nothing was written."));
        m_missing->show();
        refresh();
        return;
    }
    showFailure(tr("The log was not imported."), why);
}

void TrafficImportSheet::reject()
{
    if (!m_session.isRunning()) {
        QDialog::reject();
        return;
    }
    m_isClosing = true;
    m_session.cancel();
}

void TrafficImportSheet::saveProblems()
{
    const QString name =
        QFileInfo(pathText(m_look.path)).completeBaseName() + QStringLiteral("-problems.csv");
    const QString path = m_desk.fileToWrite ? m_desk.fileToWrite(this, name) : QString();
    if (path.isEmpty() || !m_scanner.scan())
        return;
    if (const auto written =
            writeFileAtomically(path.toStdString(), problemsCsv(m_scanner.scan()->report));
        !written)
        tellProblem(this, tr("The list was not saved"),
                    QString::fromStdString(toString(written.error())));
}

} // namespace signalbox::ui
