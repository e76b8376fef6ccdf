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

#include <algorithm>
#include <array>
#include <functional>
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

Unexpected unknownWord(const char* what, const std::string& word)
{
    return fail(ErrorCode::ParseError,
                std::string("an answer has the ") + what + " \"" + word +
                    "\", which this version does not know",
                {}, "update Signalbox; the file was not touched");
}

Result<AnswerState> stateNamed(const std::string& text)
{
    for (const auto& [value, name] : kStateNames) {
        if (text == name)
            return value;
    }
    return unknownWord("state", text);
}

/// What an answer is worth keeping: one that was paid for over a failed attempt over a stopped one.
/// In SQL kWorth says the same.
int worthOf(AnswerState state)
{
    switch (state) {
    case AnswerState::Done:
    case AnswerState::Truncated:
    case AnswerState::Refused:
        return 2;
    case AnswerState::Filtered:
    case AnswerState::Failed:
        return 1;
    case AnswerState::Stopped:
        return 0;
    }
    return 0;
}
constexpr auto kWorth =
    "CASE state WHEN 'stopped' THEN 0 WHEN 'failed' THEN 1 WHEN 'filtered' THEN 1 ELSE 2 END";

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
    "simulated, recorded_at, failure_kind, cost_stated";
constexpr int kWithFailureKind = 3; ///< the first schema version that has the column
constexpr int kWithCostStated = 4;  ///< likewise
constexpr int kWithLastAt = 5;      ///< likewise, of runs

/// After everything that happened to other runs, also within one millisecond or once the clock was
/// set back; takes now().
constexpr auto kLatest = "max(?, (SELECT coalesce(max(last_at), 0) + 1 FROM run))";

QVariant now()
{
    return QVariant(static_cast<qlonglong>(systemClock().unixMs()));
}

/// Reads a row whose columns are kAnswerColumns.
Result<Answer> answerOf(const QSqlQuery& row)
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
    const auto state = stateNamed(nextText());
    if (!state)
        return Unexpected(state.error());
    answer.state = *state;
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
    if (const QVariant kind = next(); !kind.isNull()) {
        answer.failureKind = failureKindNamed(kind.toString().toStdString());
        if (!answer.failureKind)
            return unknownWord("kind of failure", kind.toString().toStdString());
    }
    answer.costStated = next().toBool();
    return answer;
}

} // namespace

struct EvidenceStore::Impl
{
    QString connection = QUuid::createUuid().toString();
    QSqlDatabase database;
    std::filesystem::path path;
    int version = 0; ///< of the schema; older than the newest only if opened for reading

    Impl() = default;
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl()
    {
        database.close();
        database = {};
        QSqlDatabase::removeDatabase(connection);
    }

    [[nodiscard]] Result<void> changeRun(QSqlQuery& query, const RunId& run, const char* action);
    [[nodiscard]] Unexpected error(const char* action, const QSqlError& sql) const
    {
        Error result{ErrorCode::IoError,
                     std::string(action) + ": " + sql.databaseText().toStdString(), path.string(),
                     "what was recorded before is safe; free some disk space or check "
                     "the folder's permissions, then go on"};
        return Unexpected(std::move(result));
    }

    [[nodiscard]] Result<void> connect(const QString& name);
    [[nodiscard]] Result<void> open(const QString& name);
    [[nodiscard]] Result<void> openForReading(const QString& name);
    [[nodiscard]] Result<void> backUp() const;
    [[nodiscard]] Result<void> insert(const RunId& run, const Answer& answer);
    [[nodiscard]] QString columns() const;
    [[nodiscard]] Result<std::vector<Answer>> read(QSqlQuery& query) const;
    [[nodiscard]] Result<std::vector<RunInfo>>
    readRuns(const QString& condition, const std::function<void(QSqlQuery&)>& bind) const;
    [[nodiscard]] Result<void> touch(const RunId& run);
    [[nodiscard]] Error at(Error error) const
    {
        error.where = path.string();
        return error;
    }
};

/// Opens the connection and reads the version of the schema.
Result<void> EvidenceStore::Impl::connect(const QString& name)
{
    database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection);
    if (!database.isValid())
        return fail(ErrorCode::NotFound, "Qt's SQLite driver is not installed", {},
                    "install the package libqt6sql6-sqlite");
    database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=5000"));
    database.setDatabaseName(name);
    if (!database.open())
        return error("cannot open the evidence file", database.lastError());
    const auto found = evidenceSchemaVersion(database);
    if (!found) {
        Error wrong = at(found.error());
        wrong.hint = "move the file away and start again; it was not touched";
        return Unexpected(std::move(wrong));
    }
    version = *found;
    if (version > evidenceMigrations().size())
        return Unexpected(at(newerEvidence(version).value()));
    return {};
}

Result<void> EvidenceStore::Impl::open(const QString& name)
{
    if (auto connected = connect(name); !connected)
        return connected;
    QSqlQuery query(database);
    for (const char* pragma :
         {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON"}) {
        if (!query.exec(QLatin1String(pragma)))
            return error("cannot open the evidence file", query.lastError());
    }
    query.finish();
    if (version > 0 && version < evidenceMigrations().size()) {
        if (const auto copied = backUp(); !copied)
            return copied;
    }
    if (auto migrated = migrateEvidence(database); !migrated)
        return Unexpected(at(migrated.error()));
    version = static_cast<int>(evidenceMigrations().size());
    return {};
}

Result<void> EvidenceStore::Impl::openForReading(const QString& name)
{
    if (auto connected = connect(name); !connected)
        return connected;
    // Not QSQLITE_OPEN_READONLY: such a connection leaves the files of the write-ahead log behind.
    QSqlQuery query(database);
    if (!query.exec(QStringLiteral("PRAGMA query_only = ON")))
        return error("cannot open the evidence file", query.lastError());
    if (version == 0)
        return fail(ErrorCode::InvalidArgument, "the file holds no evidence", path.string(),
                    "name a file that the workbench or compare --evidence has written");
    return {};
}

/// A whole copy of the file before a migration changes it. Another program may migrate it at this
/// very moment: then it has made the copy, and ours, which came too late, is thrown away.
Result<void> EvidenceStore::Impl::backUp() const
{
    if (path.empty())
        return {};
    const std::string copy = path.string() + ".v" + std::to_string(version) + ".bak";
    const std::string fresh = copy + "." + connection.toStdString();
    QSqlQuery query(database);
    query.prepare(QStringLiteral("VACUUM INTO ?"));
    query.addBindValue(QString::fromStdString(fresh));
    if (!query.exec())
        return error("cannot copy the evidence file before bringing it up to date",
                     query.lastError());
    std::error_code failed;
    Impl copied;
    const auto opened = copied.openForReading(QString::fromStdString(fresh));
    const bool isOld = opened && copied.version == version;
    copied.database.close();
    if (isOld)
        std::filesystem::rename(fresh, copy, failed);
    else
        std::filesystem::remove(fresh, failed);
    if (!failed)
        return {};
    return fail(ErrorCode::IoError,
                "cannot copy the evidence file before bringing it up to date: " + failed.message(),
                copy, "free some disk space or check the folder's permissions");
}

/// kAnswerColumns, as far as the file has them.
QString EvidenceStore::Impl::columns() const
{
    QString names = QLatin1String(kAnswerColumns);
    if (version < kWithFailureKind)
        names.replace(QLatin1String("failure_kind"), QLatin1String("NULL"));
    if (version < kWithCostStated)
        names.replace(QLatin1String("cost_stated"), QLatin1String("0"));
    return names;
}

Result<void> EvidenceStore::Impl::insert(const RunId& run, const Answer& answer)
{
    QSqlQuery query(database);
    query.prepare(
        QStringLiteral(
            "INSERT OR REPLACE INTO answer (run, %1) "
            "SELECT ?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,? WHERE NOT EXISTS (SELECT 1 "
            "FROM answer WHERE run = ? AND prompt = ? AND model = ? AND sample = ? AND "
            "%2 > ?)")
            .arg(QLatin1String(kAnswerColumns), QLatin1String(kWorth)));
    const QVariantList values = {
        text(run.value),
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
        answer.cost ? QVariant(static_cast<qlonglong>(answer.cost->pico)) : QVariant(),
        optionalValue(answer.satisfied),
        text(answer.styleGuide),
        answer.simulated,
        static_cast<qlonglong>(answer.recordedAtMs),
        answer.failureKind ? QVariant(QLatin1String(failureKindName(*answer.failureKind)))
                           : QVariant(),
        answer.costStated};
    for (const QVariant& value : values)
        query.addBindValue(value);
    for (int i = 0; i < 4; ++i) // run, prompt, model, sample
        query.addBindValue(values[i]);
    query.addBindValue(worthOf(answer.state));
    if (!query.exec())
        return error("cannot record an answer", query.lastError());
    return {};
}

/// The run was answered just now.
Result<void> EvidenceStore::Impl::touch(const RunId& run)
{
    QSqlQuery query(database);
    query.prepare(
        QStringLiteral("UPDATE run SET last_at = %1 WHERE id = ?").arg(QLatin1String(kLatest)));
    query.addBindValue(now());
    query.addBindValue(text(run.value));
    return changeRun(query, run, "cannot record answers");
}

/// Runs a query whose columns begin with columns().
Result<std::vector<Answer>> EvidenceStore::Impl::read(QSqlQuery& query) const
{
    if (!query.exec())
        return error("cannot read the answers", query.lastError());
    std::vector<Answer> answers;
    while (query.next()) {
        auto answer = answerOf(query);
        if (!answer)
            return Unexpected(at(answer.error()));
        answers.push_back(std::move(*answer));
    }
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

Result<EvidenceStore> EvidenceStore::openExisting(const std::filesystem::path& path)
{
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored))
        return fail(ErrorCode::NotFound, "there is no such evidence file", path.string(),
                    "check the path; the workbench keeps its answers in a file named "
                    "evidence.sqlite");
    auto impl = std::make_unique<Impl>();
    impl->path = path;
    if (const auto opened = impl->openForReading(QString::fromStdString(path.string())); !opened)
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
    RunId id(QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString());
    QSqlQuery query(m_impl->database);
    query.prepare(
        QStringLiteral(
            "INSERT INTO run (id, name, started_at, last_at, plan) VALUES (?, ?, ?, %1, ?)")
            .arg(QLatin1String(kLatest)));
    const QVariant began = now();
    query.addBindValue(text(id.value));
    query.addBindValue(text(name));
    query.addBindValue(began);
    query.addBindValue(began);
    query.addBindValue(text(planJson));
    if (!query.exec())
        return m_impl->error("cannot begin a run", query.lastError());
    return id;
}

/// @param query  of one run, with its values
Result<void> EvidenceStore::Impl::changeRun(QSqlQuery& query, const RunId& run, const char* action)
{
    if (!query.exec())
        return error(action, query.lastError());
    if (query.numRowsAffected() != 1)
        return fail(ErrorCode::NotFound, "there is no such run", run.value);
    return {};
}

Result<void> EvidenceStore::finishRun(const RunId& run)
{
    QSqlQuery query(m_impl->database);
    query.prepare(QStringLiteral("UPDATE run SET finished_at = ? WHERE id = ?"));
    query.addBindValue(now());
    query.addBindValue(text(run.value));
    return m_impl->changeRun(query, run, "cannot close the run");
}

Result<void> EvidenceStore::reopenRun(const RunId& run, const std::string& planJson)
{
    QSqlQuery query(m_impl->database);
    query.prepare(
        QStringLiteral("UPDATE run SET finished_at = 0, last_at = %1, plan = ? WHERE id = ?")
            .arg(QLatin1String(kLatest)));
    query.addBindValue(now());
    query.addBindValue(text(planJson));
    query.addBindValue(text(run.value));
    return m_impl->changeRun(query, run, "cannot go on with the run");
}

/// @param condition  of the run table, whose values `bind` adds; or empty
Result<std::vector<RunInfo>>
EvidenceStore::Impl::readRuns(const QString& condition,
                              const std::function<void(QSqlQuery&)>& bind) const
{
    QSqlQuery query(database);
    query.prepare(
        QStringLiteral("SELECT id, name, started_at, finished_at, plan, (SELECT count(*) FROM "
                       "answer WHERE answer.run = run.id) FROM run %1 "
                       "ORDER BY %2 DESC, started_at DESC, id")
            .arg(condition,
                 version < kWithLastAt ? QStringLiteral("started_at") : QStringLiteral("last_at")));
    bind(query);
    if (!query.exec())
        return error("cannot read the runs", query.lastError());
    std::vector<RunInfo> runs;
    while (query.next()) {
        runs.push_back({RunId(query.value(0).toString().toStdString()),
                        query.value(1).toString().toStdString(), query.value(2).toLongLong(),
                        query.value(3).toLongLong(), query.value(4).toString().toStdString(),
                        static_cast<std::size_t>(query.value(5).toULongLong())});
    }
    return runs;
}

Result<std::vector<RunInfo>> EvidenceStore::runs() const
{
    return m_impl->readRuns({}, [](QSqlQuery&) {});
}

Result<RunInfo> EvidenceStore::run(const RunId& id) const
{
    constexpr std::size_t kMostNamed = 5;
    const auto found = m_impl->readRuns(QStringLiteral("WHERE id = ?"), [&](QSqlQuery& query) {
        query.addBindValue(text(id.value));
    });
    if (!found)
        return Unexpected(found.error());
    if (!found->empty())
        return found->front();
    const auto all = runs();
    if (!all)
        return Unexpected(all.error());
    std::string latest;
    for (std::size_t i = 0; i < std::min(kMostNamed, all->size()); ++i)
        latest += (i == 0 ? "" : ", ") + (*all)[i].id.value + " (" + (*all)[i].name + ", " +
                  std::to_string((*all)[i].answers) + " answers)";
    return fail(ErrorCode::NotFound, "there is no such run", id.value,
                latest.empty() ? "no run was recorded in this file" : "the latest are " + latest);
}

Result<void> EvidenceStore::record(const RunId& run, const Answer& answer)
{
    return recordAll(run, {answer});
}

Result<void> EvidenceStore::recordAll(const RunId& run, const std::vector<Answer>& answers)
{
    if (!m_impl->database.transaction())
        return m_impl->error("cannot record answers", m_impl->database.lastError());
    Result<void> done;
    for (auto answer = answers.begin(); done && answer != answers.end(); ++answer)
        done = m_impl->insert(run, *answer);
    if (done)
        done = m_impl->touch(run);
    if (!done) {
        m_impl->database.rollback();
        return done;
    }
    if (!m_impl->database.commit()) {
        const QSqlError wrong = m_impl->database.lastError();
        m_impl->database.rollback();
        return m_impl->error("cannot record answers", wrong);
    }
    return {};
}

Result<std::vector<Answer>> EvidenceStore::answers(const RunId& run) const
{
    QSqlQuery query(m_impl->database);
    query.setForwardOnly(true);
    query.prepare(QStringLiteral("SELECT %1 FROM answer WHERE run = ? "
                                 "ORDER BY prompt, model, sample")
                      .arg(m_impl->columns()));
    query.addBindValue(text(run.value));
    return m_impl->read(query);
}

Result<std::vector<Answer>> EvidenceStore::allAnswers() const
{
    // SQLite takes the other columns of the row that holds the maximum (its documentation, section
    // on bare columns in aggregate queries). Times are under 10^15 ms for the next 30,000 years.
    QSqlQuery query(m_impl->database);
    query.setForwardOnly(true);
    query.prepare(
        QStringLiteral("SELECT %1, max((state <> 'stopped') * 1000000000000000 + recorded_at) "
                       "FROM answer GROUP BY prompt, model, sample, style_guide "
                       "ORDER BY prompt, model, sample")
            .arg(m_impl->columns()));
    return m_impl->read(query);
}

std::filesystem::path EvidenceStore::path() const
{
    return m_impl->path;
}

} // namespace signalbox
