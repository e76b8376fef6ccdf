// SPDX-License-Identifier: GPL-3.0-or-later
#include "evidence_store.h"

#include "evidence_schema.h"

#include <core/base/clock.h>
#include <core/base/utf8.h>

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QUuid>
#include <QVariant>

#include <array>
#include <string_view>
#include <utility>

namespace signalbox {

namespace {

constexpr std::array<std::pair<AnswerState, std::string_view>, 6> kStateNames = {{
    {AnswerState::Done, "done"},
    {AnswerState::Truncated, "truncated"},
    {AnswerState::Refused, "refused"},
    {AnswerState::Filtered, "filtered"},
    {AnswerState::Failed, "failed"},
    {AnswerState::Stopped, "stopped"},
}};

QString nameOf(AnswerState state)
{
    for (const auto& [value, name] : kStateNames) {
        if (value == state)
            return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
    }
    return QStringLiteral("failed");
}

AnswerState stateNamed(const QString& text)
{
    for (const auto& [value, name] : kStateNames) {
        if (text == QLatin1String(name.data(), static_cast<qsizetype>(name.size())))
            return value;
    }
    return AnswerState::Failed;
}

/// Model output may hold any bytes; what is stored is text.
QString text(const std::string& utf8)
{
    return QString::fromStdString(firstInvalidUtf8(utf8) ? toValidUtf8(utf8) : utf8);
}

template<class T> QVariant optionalValue(const std::optional<T>& value)
{
    return value ? QVariant::fromValue(*value) : QVariant();
}

QVariant optionalValue(const std::optional<std::int64_t>& value)
{
    return value ? QVariant(static_cast<qlonglong>(*value)) : QVariant();
}

std::optional<double> doubleOf(const QVariant& value)
{
    return value.isNull() ? std::nullopt : std::optional(value.toDouble());
}

std::optional<std::int64_t> integerOf(const QVariant& value)
{
    return value.isNull() ? std::nullopt
                          : std::optional(static_cast<std::int64_t>(value.toLongLong()));
}

constexpr auto kAnswerColumns =
    "prompt, model, sample, served_model, segment, text, reasoning, state, failure, input_tokens, "
    "output_tokens, tokens_estimated, first_token_ms, total_ms, cost_pico, satisfied, style_guide, "
    "simulated, recorded_at";

/// Reads a row whose columns are kAnswerColumns.
Answer answerOf(const QSqlQuery& row)
{
    int column = 0;
    const auto next = [&] { return row.value(column++); };
    const auto nextText = [&] { return next().toString().toStdString(); };
    Answer answer;
    answer.prompt = PromptId(nextText());
    answer.model = ModelId(nextText());
    answer.sample = next().toInt();
    answer.servedModel = nextText();
    answer.segment = nextText();
    answer.text = nextText();
    answer.reasoning = nextText();
    answer.state = stateNamed(next().toString());
    answer.failure = nextText();
    answer.inputTokens = integerOf(next());
    answer.outputTokens = integerOf(next());
    answer.tokensEstimated = next().toBool();
    answer.firstTokenMs = doubleOf(next());
    answer.totalMs = doubleOf(next());
    if (const auto pico = integerOf(next()))
        answer.cost = Money{*pico};
    answer.satisfied = doubleOf(next());
    answer.styleGuide = nextText();
    answer.simulated = next().toBool();
    answer.recordedAtMs = next().toLongLong();
    return answer;
}

} // namespace

struct EvidenceStore::Impl
{
    QString connection = QUuid::createUuid().toString();
    QSqlDatabase database;
    std::filesystem::path path;

    Impl() = default;
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl()
    {
        database.close();
        database = {};
        QSqlDatabase::removeDatabase(connection);
    }

    [[nodiscard]] Unexpected error(const char* action, const QSqlError& sql) const
    {
        Error result{ErrorCode::IoError,
                     std::string(action) + ": " + sql.databaseText().toStdString(), path.string(),
                     "what was recorded before is safe; free some disk space or check "
                     "the folder's permissions, then go on"};
        return Unexpected(std::move(result));
    }

    [[nodiscard]] Result<void> open(const QString& name);
    [[nodiscard]] Result<void> backUp(int version) const;
    [[nodiscard]] Result<void> insert(const RunId& run, const Answer& answer);
    [[nodiscard]] Result<std::vector<Answer>> select(const QString& where,
                                                     const QVariantList& values) const;
};

Result<void> EvidenceStore::Impl::open(const QString& name)
{
    database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection);
    if (!database.isValid())
        return fail(ErrorCode::NotFound, "Qt's SQLite driver is not installed", {},
                    "install the package libqt6sql6-sqlite");
    database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=5000"));
    database.setDatabaseName(name);
    if (!database.open())
        return error("cannot open the evidence file", database.lastError());
    const auto version = evidenceSchemaVersion(database);
    if (!version) {
        Error wrong = version.error();
        wrong.where = path.string();
        wrong.hint = "move the file away and start again; it was not touched";
        return Unexpected(std::move(wrong));
    }
    QSqlQuery query(database);
    for (const char* pragma :
         {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON"}) {
        if (*version <= evidenceMigrations().size() && !query.exec(QLatin1String(pragma)))
            return error("cannot open the evidence file", query.lastError());
    }
    query.finish();
    if (*version > 0 && *version < evidenceMigrations().size()) {
        if (const auto copied = backUp(*version); !copied)
            return copied;
    }
    if (auto migrated = migrateEvidence(database); !migrated) {
        Error wrong = migrated.error();
        wrong.where = path.string();
        return Unexpected(std::move(wrong));
    }
    return {};
}

/// A whole copy of the file before a migration changes it.
Result<void> EvidenceStore::Impl::backUp(int version) const
{
    if (path.empty())
        return {};
    const std::string copy = path.string() + ".v" + std::to_string(version) + ".bak";
    std::error_code ignored;
    std::filesystem::remove(copy, ignored);
    QSqlQuery query(database);
    query.prepare(QStringLiteral("VACUUM INTO ?"));
    query.addBindValue(QString::fromStdString(copy));
    if (!query.exec())
        return error("cannot copy the evidence file before bringing it up to date",
                     query.lastError());
    return {};
}

Result<void> EvidenceStore::Impl::insert(const RunId& run, const Answer& answer)
{
    QSqlQuery query(database);
    query.prepare(QStringLiteral("INSERT OR REPLACE INTO answer (run, %1) VALUES "
                                 "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
                      .arg(QLatin1String(kAnswerColumns)));
    const QVariantList values = {text(run.value),
                                 text(answer.prompt.value),
                                 text(answer.model.value),
                                 answer.sample,
                                 text(answer.servedModel),
                                 text(answer.segment),
                                 text(answer.text),
                                 text(answer.reasoning),
                                 nameOf(answer.state),
                                 text(answer.failure),
                                 optionalValue(answer.inputTokens),
                                 optionalValue(answer.outputTokens),
                                 answer.tokensEstimated,
                                 optionalValue(answer.firstTokenMs),
                                 optionalValue(answer.totalMs),
                                 answer.cost ? QVariant(static_cast<qlonglong>(answer.cost->pico))
                                             : QVariant(),
                                 optionalValue(answer.satisfied),
                                 text(answer.styleGuide),
                                 answer.simulated,
                                 static_cast<qlonglong>(answer.recordedAtMs)};
    for (const QVariant& value : values)
        query.addBindValue(value);
    if (!query.exec())
        return error("cannot record an answer", query.lastError());

    query.prepare(QStringLiteral(
        "DELETE FROM partial WHERE run = ? AND prompt = ? AND model = ? AND sample = ?"));
    for (int i = 0; i < 4; ++i)
        query.addBindValue(values[i]);
    if (!query.exec())
        return error("cannot record an answer", query.lastError());
    return {};
}

Result<std::vector<Answer>> EvidenceStore::Impl::select(const QString& where,
                                                        const QVariantList& values) const
{
    QSqlQuery query(database);
    query.setForwardOnly(true);
    query.prepare(
        QStringLiteral("SELECT %1 FROM answer %2").arg(QLatin1String(kAnswerColumns), where));
    for (const QVariant& value : values)
        query.addBindValue(value);
    if (!query.exec())
        return error("cannot read the answers", query.lastError());
    std::vector<Answer> answers;
    while (query.next())
        answers.push_back(answerOf(query));
    return answers;
}

EvidenceStore::EvidenceStore(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
EvidenceStore::EvidenceStore(EvidenceStore&&) noexcept = default;
EvidenceStore& EvidenceStore::operator=(EvidenceStore&&) noexcept = default;
EvidenceStore::~EvidenceStore() = default;

Result<EvidenceStore> EvidenceStore::open(const std::filesystem::path& path)
{
    std::error_code failed;
    if (!path.parent_path().empty())
        std::filesystem::create_directories(path.parent_path(), failed);
    if (failed)
        return fail(ErrorCode::IoError,
                    "cannot make the folder for the evidence: " + failed.message(),
                    path.parent_path().string());
    auto impl = std::make_unique<Impl>();
    impl->path = path;
    if (const auto opened = impl->open(QString::fromStdString(path.string())); !opened)
        return Unexpected(opened.error());
    return EvidenceStore(std::move(impl));
}

Result<EvidenceStore> EvidenceStore::openInMemory()
{
    auto impl = std::make_unique<Impl>();
    if (const auto opened = impl->open(QStringLiteral(":memory:")); !opened)
        return Unexpected(opened.error());
    return EvidenceStore(std::move(impl));
}

Result<RunId> EvidenceStore::beginRun(const std::string& name, const std::string& planJson)
{
    const RunId id(QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString());
    QSqlQuery query(m_impl->database);
    query.prepare(
        QStringLiteral("INSERT INTO run (id, name, started_at, plan) VALUES (?, ?, ?, ?)"));
    query.addBindValue(text(id.value));
    query.addBindValue(text(name));
    query.addBindValue(static_cast<qlonglong>(systemClock().unixMs()));
    query.addBindValue(text(planJson));
    if (!query.exec())
        return m_impl->error("cannot begin a run", query.lastError());
    return id;
}

Result<void> EvidenceStore::finishRun(const RunId& run)
{
    QSqlQuery query(m_impl->database);
    query.prepare(QStringLiteral("UPDATE run SET finished_at = ? WHERE id = ?"));
    query.addBindValue(static_cast<qlonglong>(systemClock().unixMs()));
    query.addBindValue(text(run.value));
    if (!query.exec())
        return m_impl->error("cannot close the run", query.lastError());
    if (query.numRowsAffected() != 1)
        return fail(ErrorCode::NotFound, "there is no such run", run.value);
    return {};
}

Result<std::vector<RunInfo>> EvidenceStore::runs() const
{
    QSqlQuery query(m_impl->database);
    if (!query.exec(
            QStringLiteral("SELECT id, name, started_at, finished_at, plan, "
                           "(SELECT count(*) FROM answer WHERE answer.run = run.id) FROM run "
                           "ORDER BY started_at DESC, id")))
        return m_impl->error("cannot read the runs", query.lastError());
    std::vector<RunInfo> runs;
    while (query.next()) {
        runs.push_back({RunId(query.value(0).toString().toStdString()),
                        query.value(1).toString().toStdString(), query.value(2).toLongLong(),
                        query.value(3).toLongLong(), query.value(4).toString().toStdString(),
                        static_cast<std::size_t>(query.value(5).toULongLong())});
    }
    return runs;
}

Result<void> EvidenceStore::record(const RunId& run, const Answer& answer)
{
    return recordAll(run, {answer});
}

Result<void> EvidenceStore::recordAll(const RunId& run, const std::vector<Answer>& answers)
{
    if (!m_impl->database.transaction())
        return m_impl->error("cannot record answers", m_impl->database.lastError());
    for (const Answer& answer : answers) {
        if (auto inserted = m_impl->insert(run, answer); !inserted) {
            m_impl->database.rollback();
            return inserted;
        }
    }
    if (!m_impl->database.commit()) {
        const QSqlError wrong = m_impl->database.lastError();
        m_impl->database.rollback();
        return m_impl->error("cannot record answers", wrong);
    }
    return {};
}

Result<void> EvidenceStore::recordPartial(const RunId& run, const PromptId& prompt,
                                          const ModelId& model, int sample,
                                          const std::string& partialText)
{
    QSqlQuery query(m_impl->database);
    query.prepare(QStringLiteral("INSERT OR REPLACE INTO partial (run, prompt, model, sample, "
                                 "text) VALUES (?, ?, ?, ?, ?)"));
    query.addBindValue(text(run.value));
    query.addBindValue(text(prompt.value));
    query.addBindValue(text(model.value));
    query.addBindValue(sample);
    query.addBindValue(text(partialText));
    if (!query.exec())
        return m_impl->error("cannot keep the text so far", query.lastError());
    return {};
}

Result<std::vector<Answer>> EvidenceStore::answers(const RunId& run) const
{
    return m_impl->select(QStringLiteral("WHERE run = ? ORDER BY prompt, model, sample"),
                          {text(run.value)});
}

Result<std::vector<Answer>> EvidenceStore::allAnswers() const
{
    // SQLite takes the other columns of the row that holds the maximum (its documentation, section
    // on bare columns in aggregate queries).
    QSqlQuery query(m_impl->database);
    query.setForwardOnly(true);
    if (!query.exec(QStringLiteral("SELECT %1, max(recorded_at) FROM answer "
                                   "GROUP BY prompt, model, sample, style_guide "
                                   "ORDER BY prompt, model, sample")
                        .arg(QLatin1String(kAnswerColumns))))
        return m_impl->error("cannot read the answers", query.lastError());
    std::vector<Answer> answers;
    while (query.next())
        answers.push_back(answerOf(query));
    return answers;
}

Result<std::vector<Answer>> EvidenceStore::partials(const RunId& run) const
{
    QSqlQuery query(m_impl->database);
    query.prepare(QStringLiteral("SELECT prompt, model, sample, text FROM partial WHERE run = ? "
                                 "ORDER BY prompt, model, sample"));
    query.addBindValue(text(run.value));
    if (!query.exec())
        return m_impl->error("cannot read unfinished answers", query.lastError());
    std::vector<Answer> answers;
    while (query.next()) {
        Answer answer;
        answer.prompt = PromptId(query.value(0).toString().toStdString());
        answer.model = ModelId(query.value(1).toString().toStdString());
        answer.sample = query.value(2).toInt();
        answer.text = query.value(3).toString().toStdString();
        answer.state = AnswerState::Stopped;
        answers.push_back(std::move(answer));
    }
    return answers;
}

std::filesystem::path EvidenceStore::path() const
{
    return m_impl->path;
}

} // namespace signalbox
