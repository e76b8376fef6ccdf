// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan_stream.h"

#include "lab_request.h"
#include "plan_hop.h"
#include "plan_verifier.h"
#include "plan_words.h"

#include <core/projection/evidence_table.h>
#include <core/routing/answer_check.h>
#include <core/routing/failure_of_kind.h>
#include <core/voice/normalize.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace signalbox {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kLongestTimerMs = 3'600'000; ///< then it looks again

} // namespace

PlanStream::PlanStream(Task task)
    : m_task(std::move(task)), m_machine(*m_task.decided.plan),
      m_limiter(&m_task.providers->limiter()), m_clock(m_limiter->clock()), m_wakeMs(kNever)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &PlanStream::go);
    m_timer.start(0);
}

PlanStream::~PlanStream()
{
    for (const auto& hop : m_hops)
        letGo(*hop);
}

bool PlanStream::isHeld() const
{
    return std::ranges::any_of(m_hops, [](const auto& hop) { return hop->isHeld; });
}

bool PlanStream::stands() const
{
    return std::ranges::any_of(m_hops,
                               [](const auto& hop) { return hop->isHeld && !hop->isBeside; });
}

PlanStream::Hop* PlanStream::attemptOf(int number) const
{
    const auto place = static_cast<std::size_t>(number);
    return number >= 0 && place < m_attempts.size() ? m_attempts[place] : nullptr;
}

void PlanStream::lookAgain()
{
    if (!m_isOver && isHeld())
        m_timer.start(0);
}

void PlanStream::go()
{
    if (m_isOver)
        return;
    m_timer.stop(); // of a look that would be too late now; see isStuck()
    if (m_hops.empty())
        obey(m_machine.start());
    for (const auto& hop : m_hops) {
        if (hop->isHeld)
            admit(*hop);
    }
    for (admitLeftAlone(); !m_isOver && !stands(); admitLeftAlone()) {
        const double dueMs = std::min(told().value_or(kNever), m_wakeMs);
        const double waitMs = dueMs - m_clock.nowMs();
        if (m_clock.isRunning() && waitMs > 0) {
            m_timer.start(static_cast<int>(std::ceil(std::min(waitMs, kLongestTimerMs))));
            break;
        }
        if (dueMs == kNever)
            break; // nothing will come: cannot be, with nothing under way
        step(dueMs);
    }
    flush();
}

PlanClock::Told PlanStream::told() const
{
    return m_due.empty() ? std::nullopt : PlanClock::Told(m_due.front().atMs);
}

/// What is due first; events that come together with the end of a budget are in time.
void PlanStream::step(double dueMs)
{
    m_clock.moveTo(dueMs, told());
    if (!m_due.empty() && m_due.front().atMs <= m_wakeMs) {
        const Due due = std::move(m_due.front());
        m_due.erase(m_due.begin());
        handle(due);
        return;
    }
    m_wakeMs = kNever;
    obey(m_machine.tick(m_clock.lastWholeMs()));
}

void PlanStream::handle(const Due& due)
{
    Hop& hop = *due.hop;
    if (hop.isOver)
        return;
    const CellAttempt::News news = hop.said.take({due.event});
    if (const auto* finished = std::get_if<StreamFinished>(&due.event.event))
        hop.finish = finished->reason;
    if (news.failed)
        hop.kind = news.failed->kind;
    if (news.servedModel)
        hop.answer.servedModel = *news.servedModel;
    hop.answer.reasoning += news.reasoning;
    hop.answer.text += news.text;
    if (m_delivered == &hop)
        show(news.text, news.reasoning);
    if (!news.text.empty() && !std::exchange(hop.hasBegun, true)) {
        hop.record.firstTokenMs = m_clock.lastMs();
        if (!hop.record.isVerifier)
            obey(m_machine.onFirstToken(hop.attempt, m_clock.lastWholeMs()));
    }
    if (news.end && !hop.isOver)
        end(hop, *news.end, hop.finish);
}

void PlanStream::obey(const std::vector<AttemptCommand>& commands)
{
    m_wakeMs = kNever;
    std::optional<AttemptCommand> written; // its check may be over at once, and have commands
    for (const AttemptCommand& command : commands) {
        Hop* const hop = attemptOf(command.attempt);
        switch (command.kind) {
        case AttemptCommand::Kind::Start:
            begin(command.attempt, *command.call);
            break;
        case AttemptCommand::Kind::Check:
            written = command;
            break;
        case AttemptCommand::Kind::Cancel:
            giveUp(*hop, command.isOverrun ? PolicyHop::End::Overrun : PolicyHop::End::Overtaken);
            break;
        case AttemptCommand::Kind::WakeAt:
            m_wakeMs = static_cast<double>(command.atMs);
            break;
        case AttemptCommand::Kind::Deliver:
            deliver(*hop);
            break;
        case AttemptCommand::Kind::Fail:
            m_failure = command.failure;
            break;
        }
    }
    if (written)
        check(*attemptOf(written->attempt), *written->accept);
    if (m_machine.isSettled())
        conclude();
}

void PlanStream::end(Hop& hop, const AnswerEnd& end, FinishReason reason)
{
    hop.isOver = true;
    hop.record.endMs = m_clock.lastMs();
    hop.sentence = end.failure;
    if (hop.record.isReused)
        hop.answer.state = stateOf(reason);
    else if (hop.model)
        hop.answer = hop.answerAt(end, tokenizerOf(hop));
    hop.noteBilled(end.kind);
    if (hop.record.isVerifier)
        return noteVerdict(hop, end);
    const bool isAnswer = end.state == AnswerState::Done || end.state == AnswerState::Truncated ||
                          end.state == AnswerState::Refused;
    if (isAnswer) {
        obey(m_machine.onFinished(hop.attempt, m_clock.lastWholeMs()));
        return;
    }
    const AttemptFailure failure = end.state == AnswerState::Filtered
                                       ? AttemptFailure::ContentFilter
                                       : attemptFailureOf(hop.kind);
    hop.record.end = PolicyHop::End::Failed;
    hop.record.reason = phraseOf(failure);
    restAfter(hop, failure);
    obey(m_machine.onFailed(hop.attempt, failure, m_clock.lastWholeMs()));
}

/// After a failure of a real call that the policy tries again: the clock goes on.
void PlanStream::restAfter(const Hop& failed, AttemptFailure failure)
{
    const Retry& retry = failed.call->retry;
    const auto tries = std::ranges::count(m_attempts, failed.call, &Hop::call);
    if (!failed.isReal() || failed.hasBegun || failure == AttemptFailure::Timeout ||
        tries > retry.count)
        return;
    m_clock.restUntil(static_cast<double>(m_clock.lastWholeMs()) +
                      backoffMs(retry, static_cast<int>(tries) - 1));
}

void PlanStream::check(Hop& hop, const Acceptance& accept)
{
    const auto rules = AnswerCheck::compile(accept);
    if (!rules)
        return tellVerdict(hop, false, "its check cannot be read");
    // A refusal that the provider states is one, in whatever words.
    const bool isRefusal = !accept.refusals.empty() && hop.answer.state == AnswerState::Refused;
    if (isRefusal || !rules->passes(hop.answer.text))
        return tellVerdict(hop, false, "not accepted");
    if (!accept.verifier)
        return tellVerdict(hop, true, {});
    askVerifier(hop, *accept.verifier);
}

void PlanStream::askVerifier(Hop& hop, const Verifier& verifier)
{
    auto asked = std::make_unique<Hop>();
    asked->attempt = hop.attempt;
    asked->record.isVerifier = true;
    asked->record.model = verifier.model;
    asked->model = m_task.policy->policy().findModel(verifier.model);
    if (asked->model) {
        LabPrompt question;
        question.messages = verifierMessages(verifier, m_task.prompt, hop.answer.text);
        asked->request = callRequest(*m_task.plan, *asked->model, question, m_task.sample);
        asked->request.styleGuide.clear(); // it is to say one word, not to write for users
    }
    m_hops.push_back(std::move(asked));
    admit(*m_hops.back());
}

/// A verifier that cannot be asked consents to nothing.
void PlanStream::noteVerdict(Hop& verifier, const AnswerEnd& end)
{
    Hop& checked = *attemptOf(verifier.attempt);
    const bool hasSpoken = end.state == AnswerState::Done || end.state == AnswerState::Truncated;
    const bool isAccepted =
        hasSpoken && (verifier.isSimulated() ? simulatedConsent(m_task.prompt, checked.answer.text)
                                             : consents(verifier.answer.text));
    verifier.record.end = hasSpoken ? PolicyHop::End::Checked : PolicyHop::End::Failed;
    if (!hasSpoken)
        verifier.record.reason = phraseOf(attemptFailureOf(verifier.kind));
    tellVerdict(checked, isAccepted,
                hasSpoken ? checked.record.model.value + " was not accepted by " +
                                verifier.record.model.value
                          : std::string("its check failed"));
}

void PlanStream::tellVerdict(Hop& hop, bool isAccepted, const std::string& reason)
{
    if (!isAccepted) {
        hop.record.end = PolicyHop::End::Rejected;
        hop.record.reason = reason;
    }
    obey(m_machine.onChecked(hop.attempt, isAccepted, m_clock.lastWholeMs()));
}

void PlanStream::deliver(Hop& hop)
{
    m_delivered = &hop;
    m_firstTextMs = m_clock.lastMs();
    if (!hop.answer.servedModel.empty())
        m_out.push_back({0, StreamStarted{{}, hop.answer.servedModel}});
    show(hop.answer.text, hop.answer.reasoning);
}

void PlanStream::show(const std::string& text, const std::string& reasoning)
{
    if (!reasoning.empty())
        m_out.push_back({0, ReasoningDelta{reasoning}});
    if (!text.empty())
        m_out.push_back({0, TextDelta{text}});
}

/// Stops whatever is under way. @return false: it was over already
bool PlanStream::close()
{
    if (std::exchange(m_isOver, true))
        return false;
    m_timer.stop();
    for (const auto& hop : m_hops) {
        if (!hop->isOver)
            giveUp(*hop, PolicyHop::End::Overtaken);
    }
    return true;
}

void PlanStream::conclude()
{
    if (!close())
        return;
    if (m_delivered && !m_failure) {
        m_delivered->record.end = PolicyHop::End::Answered;
        m_delivered->record.reason.clear();
        m_out.push_back({0, StreamFinished{reasonOf(m_delivered->answer.state), {}}});
    } else if (m_delivered && m_delivered->answer.state == AnswerState::Filtered) {
        m_out.push_back({0, StreamFinished{FinishReason::Filtered, {}}});
    } else {
        m_out.push_back({0, failureOf(m_hops, m_delivered)});
    }
    flush();
}

void PlanStream::cancel()
{
    if (!close())
        return;
    QMetaObject::invokeMethod(
        this,
        [this] {
            StreamFailed failed;
            failed.kind = FailureKind::Cancelled;
            failed.error = {ErrorCode::Cancelled, "The answer was stopped.", {}, {}};
            m_out.push_back({0, failed});
            flush();
        },
        Qt::QueuedConnection);
}

/// Also where nothing is shown yet and status() is another one. The receiver may delete this stream
/// a little later.
void PlanStream::flush()
{
    const std::string before = std::exchange(m_said, status());
    if (!m_out.empty() || (!m_isOver && before != m_said))
        emit eventsArrived(std::exchange(m_out, {}));
}

StreamTimes PlanStream::times() const
{
    StreamTimes times;
    times.firstTextMs = m_firstTextMs;
    times.endMs = m_clock.lastMs();
    return times;
}

PlanCourse PlanStream::course() const
{
    PlanCourse course;
    course.route.rule = m_task.decided.rule;
    course.route.label = m_task.decided.label;
    course.route.tier = m_task.decided.tier;
    course.route.print = m_task.decided.print;
    for (const auto& hop : m_hops) {
        course.route.hops.push_back(hop->record);
        course.isSimulated = hop->isSimulated();
    }
    course.billed = course.route.sentCost();
    if (!m_delivered)
        return course;
    const Answer& answer = m_delivered->answer;
    course.isSimulated = m_delivered->isSimulated();
    course.inputTokens = answer.inputTokens;
    course.outputTokens = answer.outputTokens;
    course.isEstimated = answer.tokensEstimated;
    course.text = answer.text;
    const AnswerStyle style =
        m_delivered->call->overrides.answerStyle.value_or(m_task.policy->policy().answerStyle);
    if (!style.isNeutral() && m_delivered->record.end == PolicyHop::End::Answered) {
        course.text = normalizeAnswer(answer.text, normalizeOptionsOf(style));
        course.route.isRewritten = course.text != answer.text;
    }
    return course;
}

std::vector<const ModelSpec*> PlanStream::underWay() const
{
    std::vector<const ModelSpec*> models;
    for (const auto& hop : m_hops) {
        if (hop->stream)
            models.push_back(hop->model);
    }
    return models;
}

std::vector<const ModelSpec*> PlanStream::waitingForRoom() const
{
    std::vector<const ModelSpec*> models;
    for (const auto& hop : m_hops) {
        if (hop->isHeld && hop->waitsFor == Permission::For::Room)
            models.push_back(hop->model);
    }
    return models;
}

bool PlanStream::isStuck() const
{
    return isHeld() && underWay().empty() && waitingForRoom().empty() && !m_timer.isActive();
}

std::string PlanStream::status() const
{
    return statusText(m_hops, m_delivered);
}

} // namespace signalbox
