// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_table_model.h"

#include "route_words.h"

#include <core/lab/policy_column.h>
#include <core/lab/recorded_plan.h>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr qsizetype kPreviewLength = 1000;
constexpr std::size_t kPreviewBytes = 4 * kPreviewLength;
constexpr qsizetype kSpokenLength = 200;

QString beginningOf(const std::string& text, qsizetype length)
{
    const auto bytes = static_cast<qsizetype>(std::min(text.size(), kPreviewBytes));
    return QString::fromUtf8(text.data(), bytes).left(length);
}

bool hasAnswer(const Cell& cell)
{
    return cell.state == CellState::Done;
}

QString failureText(FailureKind kind)
{
    switch (kind) {
    case FailureKind::Connect:
        return LabTableModel::tr("no connection");
    case FailureKind::NameUnknown:
        return LabTableModel::tr("no address", "the name of a server is unknown");
    case FailureKind::Untrusted:
        return LabTableModel::tr("not trusted", "the certificate of a server");
    case FailureKind::ConnectTimeout:
        return LabTableModel::tr("not connected in time");
    case FailureKind::NoBeginning:
        return LabTableModel::tr("no beginning in time", "of an answer");
    case FailureKind::Stalled:
        return LabTableModel::tr("fell silent", "in the middle of an answer");
    case FailureKind::Timeout:
        return LabTableModel::tr("took too long", "an answer");
    case FailureKind::RateLimit:
        return LabTableModel::tr("rate limit");
    case FailureKind::QuotaUsedUp:
        return LabTableModel::tr("no credit left");
    case FailureKind::Auth:
        return LabTableModel::tr("no access");
    case FailureKind::NotFound:
        return LabTableModel::tr("not found", "a model or an address");
    case FailureKind::BadRequest:
        return LabTableModel::tr("request not taken");
    case FailureKind::ServerError:
        return LabTableModel::tr("server error");
    case FailureKind::Protocol:
        return LabTableModel::tr("not readable", "what a server sent");
    case FailureKind::Truncated:
        return LabTableModel::tr("cut off", "an answer");
    case FailureKind::ContentFilter:
        return LabTableModel::tr("content filter");
    case FailureKind::TooLarge:
        return LabTableModel::tr("too large", "an answer");
    case FailureKind::Redirect:
        return LabTableModel::tr("sent elsewhere", "by a redirect");
    case FailureKind::KeyMissing:
        return LabTableModel::tr("no key");
    case FailureKind::Cancelled:
        return LabTableModel::tr("stopped");
    }
    return {};
}

} // namespace

QString oddEndText(const Cell& cell)
{
    if (cell.state != CellState::Done)
        return {};
    switch (cell.answer.state) {
    case AnswerState::Truncated:
        return LabTableModel::tr("cut short", "an answer");
    case AnswerState::Refused:
        return LabTableModel::tr("refused", "by the model");
    case AnswerState::Filtered:
        return LabTableModel::tr("withheld", "by the provider's content filter");
    default:
        return {};
    }
}

QString oddEndMeaning(const Cell& cell)
{
    if (cell.state != CellState::Done)
        return {};
    switch (cell.answer.state) {
    case AnswerState::Truncated:
        return LabTableModel::tr(
            "Cut short: the answer reached the longest length that was asked for, or its server "
            "did not say why it ends. Ask for something shorter, or ask again.");
    case AnswerState::Refused:
        return LabTableModel::tr(
            "Refused: the model declined to answer, in the words shown. Change the prompt, or ask "
            "another model.");
    case AnswerState::Filtered: {
        const QString why = QString::fromStdString(cell.status);
        return why.isEmpty()
                   ? LabTableModel::tr("Withheld: the provider's content filter stopped the prompt "
                                       "or the answer. Change the prompt, or ask another model.")
                   : LabTableModel::tr("Withheld: %1", "the reason, a sentence").arg(why);
    }
    default:
        return {};
    }
}

QString turnText(const Conversations& conversations, std::size_t prompt)
{
    return conversations.isPart(prompt) ? LabTableModel::tr("turn %1 of %2", "of a conversation")
                                              .arg(conversations.turn(prompt))
                                              .arg(conversations.length(prompt))
                                        : QString();
}

QString cellStateText(const Cell& cell)
{
    switch (cell.state) {
    case CellState::Queued:
        return LabTableModel::tr("queued");
    case CellState::Waiting:
        return LabTableModel::tr("waiting");
    case CellState::Writing:
        return LabTableModel::tr("writing");
    case CellState::Done:
        if (const QString odd = oddEndText(cell); !odd.isEmpty())
            return odd;
        return LabTableModel::tr("done");
    case CellState::Stopped:
        if (cell.heldBack)
            return LabTableModel::tr("not asked");
        return cell.answer.state == AnswerState::Stopped
                   ? LabTableModel::tr("stopped")
                   : LabTableModel::tr("not kept", "an answer that the disk refused");
    case CellState::Failed:
        return cell.answer.failureKind ? LabTableModel::tr("failed (%1)", "the kind of failure")
                                             .arg(failureText(*cell.answer.failureKind))
                                       : LabTableModel::tr("failed");
    }
    return {};
}

QString failedSampleText(const LabRun& run, const CellId& shown)
{
    const int asked = run.plan().samples;
    CellId id = shown;
    for (id.sample = 0; id.sample < asked; ++id.sample) {
        const Cell& cell = run.cell(id);
        if (id.sample != shown.sample && cell.state == CellState::Failed)
            return LabTableModel::tr("answer %1 of %2 failed: %3", "number, how many, reason")
                .arg(QString::number(id.sample + 1), QString::number(asked),
                     QString::fromStdString(cell.status));
    }
    return {};
}

namespace {

/// Of the policy's cells; of a model's there is nothing.
QVariant routeData(const Cell& cell, int role)
{
    const auto route = parseRoute(cell.answer.route);
    if (!route)
        return {};
    switch (role) {
    case LabTableModel::RouteRole:
        return routeText(*route);
    case LabTableModel::RouteMeaningRole:
        return routeMeaning(*route);
    default:
        return route->hasFallenBack();
    }
}

} // namespace

LabTableModel::LabTableModel(LabSession& session, QObject* parent)
    : QAbstractTableModel(parent), m_session(session)
{
    connect(&session, &LabSession::aboutToReset, this, [this] { beginResetModel(); });
    connect(&session, &LabSession::wasReset, this, [this] {
        m_failed.clear();
        endResetModel();
    });
    connect(&session, &LabSession::costsChanged, this, [this] { updateAll(CostRole); });
    connect(&session, &LabSession::cellChanged, this, [this](const CellId& id) { updateCell(id); });
    connect(&session, &LabSession::answersCounted, this, [this] { updateAll(WordsRole); });
}

int LabTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_session.prompts().size());
}

int LabTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_session.models().size()) + 1;
}

CellId LabTableModel::cellIdOf(const QModelIndex& index)
{
    return {static_cast<std::size_t>(index.row()), static_cast<std::size_t>(index.column() - 1), 0};
}

/// Of the answers that a model was asked for to one prompt.
bool LabTableModel::anyFailed(const CellId& id) const
{
    const LabRun& run = m_session.run();
    return run.cell(id).state == CellState::Failed || !failedSampleText(run, id).isEmpty();
}

/// The table's head asks with every frame.
int LabTableModel::failedCount(std::size_t model) const
{
    m_failed.resize(m_session.models().size());
    if (!m_failed[model])
        m_failed[model] = countFailed(model);
    return *m_failed[model];
}

int LabTableModel::countFailed(std::size_t model) const
{
    const LabRun& run = m_session.run();
    int failed = 0;
    CellId id{0, model, 0};
    for (; id.prompt < m_session.prompts().size(); ++id.prompt) {
        for (id.sample = 0; id.sample < run.plan().samples; ++id.sample)
            failed += run.cell(id).state == CellState::Failed ? 1 : 0;
    }
    return failed;
}

QModelIndex LabTableModel::nextFailed(const QModelIndex& after) const
{
    const int columns = columnCount();
    const int cells = rowCount() * columns;
    const int begin = after.isValid() ? after.row() * columns + after.column() : -1;
    for (int step = 1; step <= cells; ++step) {
        const int place = (begin + step) % cells;
        const QModelIndex next = index(place / columns, place % columns);
        if (next.column() > 0 && anyFailed(cellIdOf(next)))
            return next;
    }
    return {};
}

void LabTableModel::updateCell(const CellId& id)
{
    if (id.model < m_failed.size())
        m_failed[id.model].reset();
    const QModelIndex changed = index(static_cast<int>(id.prompt), static_cast<int>(id.model) + 1);
    if (id.sample == 0)
        emit dataChanged(changed, changed);
    else
        emit dataChanged(changed, changed, {FailedSampleRole});
    emit headerDataChanged(Qt::Horizontal, changed.column(), changed.column()); // failures
}

void LabTableModel::updateAll(Role role)
{
    if (rowCount() > 0 && columnCount() > 1)
        emit dataChanged(index(0, 1), index(rowCount() - 1, columnCount() - 1), {role});
}

QVariant LabTableModel::data(const QModelIndex& index, int role) const
{
    if (!hasIndex(index.row(), index.column(), index.parent()))
        return {};
    return index.column() == 0 ? promptData(index.row(), role) : answerData(index, role);
}

QVariant LabTableModel::promptData(int row, int role) const
{
    const auto place = static_cast<std::size_t>(row);
    const LabPrompt& prompt = m_session.prompts()[place];
    const Conversations& conversations = m_session.run().conversations();
    switch (role) {
    case Qt::DisplayRole:
    case TextRole:
        return QString::fromStdString(prompt.messages.back().text);
    case TagsRole: {
        QStringList tags;
        for (const std::string& tag : prompt.tags)
            tags << QString::fromStdString(tag);
        return tags;
    }
    case SegmentRole:
        return prompt.id == typedPrompt(prompt.messages.back().text).id || prompt.segment.empty()
                   ? tr("yours", "a prompt that the person brought")
                   : QString::fromStdString(prompt.segment);
    case ConversationRole:
        return conversations.isPart(place)
                   ? QVariant(static_cast<int>(conversations.beginning(place)))
                   : QVariant();
    case TurnRole:
        return turnText(conversations, place);
    case Qt::AccessibleTextRole: {
        const QString words = QString::fromStdString(prompt.messages.back().text);
        const QString number = QString::fromStdString(conversations.label(place));
        const QString turn = turnText(conversations, place);
        return turn.isEmpty()
                   ? tr("Prompt %1: %2").arg(number, words)
                   : tr("Prompt %1, %2: %3", "number, which turn, words").arg(number, turn, words);
    }
    default:
        return {};
    }
}

QVariant LabTableModel::answerData(const QModelIndex& index, int role) const
{
    const CellId id = cellIdOf(index);
    const Cell& cell = m_session.run().cell(id);
    switch (role) {
    case Qt::DisplayRole:
    case TextRole:
        return beginningOf(cell.answer.text, kPreviewLength);
    case StateRole:
        return static_cast<int>(cell.state);
    case StateTextRole:
        return cellStateText(cell);
    case StatusRole:
        return QString::fromStdString(cell.status);
    case WordsRole: {
        const auto size = m_session.sizeOf(id);
        return size ? QVariant(size->words) : QVariant();
    }
    case FirstTokenMsRole:
        return hasAnswer(cell) && cell.answer.firstTokenMs ? QVariant(*cell.answer.firstTokenMs)
                                                           : QVariant();
    case ReusedRole:
        return cell.answer.reused;
    case CostRole: {
        const auto cost = hasAnswer(cell) ? m_session.costOf(id) : std::nullopt;
        return cost ? QVariant(cost->usd()) : QVariant();
    }
    case TokensRole:
        return cell.answer.outputTokens
                   ? QVariant(static_cast<qlonglong>(*cell.answer.outputTokens))
                   : QVariant();
    case TokensEstimatedRole:
        return cell.answer.tokensEstimated;
    case SatisfiedRole:
        return hasAnswer(cell) && cell.answer.satisfied ? QVariant(*cell.answer.satisfied)
                                                        : QVariant();
    case ModelIndexRole:
        return headerData(index.column(), Qt::Horizontal, ModelIndexRole);
    case SimulatedRole:
        return cell.answer.simulated;
    case FailedSampleRole:
        return failedSampleText(m_session.run(), id);
    case OddEndRole:
        return oddEndText(cell);
    case OddEndMeaningRole:
        return oddEndMeaning(cell);
    case RouteRole:
    case RouteMeaningRole:
    case FallbackRole:
        return routeData(cell, role);
    case Qt::AccessibleTextRole: {
        const QString beside = failedSampleText(m_session.run(), id);
        const QString way = routeData(cell, RouteRole).toString();
        const QString spoken = way.isEmpty() ? QString() : way + QStringLiteral(". ");
        return tr("%1, prompt %2: %3. %4")
            .arg(headerData(index.column(), Qt::Horizontal).toString(),
                 QString::fromStdString(m_session.run().conversations().label(id.prompt)),
                 beside.isEmpty() ? cellStateText(cell)
                                  : tr("%1, %2", "state of a cell, what failed beside it")
                                        .arg(cellStateText(cell), beside),
                 spoken + beginningOf(cell.answer.text, kSpokenLength));
    }
    default:
        return {};
    }
}

QVariant LabTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical)
        return role == Qt::DisplayRole
                   ? QVariant(QString::fromStdString(
                         m_session.run().conversations().label(static_cast<std::size_t>(section))))
                   : QVariant();
    if (section == 0)
        return role == Qt::DisplayRole ? QVariant(tr("Prompt")) : QVariant();
    const auto place = static_cast<std::size_t>(section - 1);
    if (place >= m_session.models().size())
        return {};
    const ModelSpec& model = m_session.models()[place];
    switch (role) {
    case Qt::DisplayRole:
        return columnName(model);
    case RouteRole:
        return isPolicyColumn(model);
    case SimulatedRole:
        return m_session.isSimulated(model);
    case ModelIndexRole:
        return m_session.policyIndexOf(model.id);
    case FailedCountRole:
        return failedCount(place);
    case Qt::AccessibleTextRole: {
        const QString name = columnName(model);
        const int failed = failedCount(place);
        return failed == 0 ? name : tr("%1, %n failed", "model, answers", failed).arg(name);
    }
    default:
        return {};
    }
}

} // namespace signalbox::ui
