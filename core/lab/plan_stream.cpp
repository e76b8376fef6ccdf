// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan_stream.h"

#include "call_pacing.h"
#include "cell_attempt.h"
#include "lab_request.h"

#include <core/base/clock.h>
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
constexpr double kNsPerMs = 1e6;
constexpr double kLongestTimerMs = 3'600'000; ///< then it looks again
constexpr double kSatisfied = 0.5;
constexpr double kShortestInSecondsMs = 100;

std::int64_t wholeMs(double ms)
{
    return std::llround(ms);
}

/// "0.5 s", "12 s"; "20 ms" where tenths of a second would not tell it from none.
std::string timeText(double ms)
{
    if (ms < kShortestInSecondsMs)
        return std::to_string(wholeMs(ms)) + " ms";
    const auto tenths = std::llround(ms / 100);
    std::string text = std::to_string(tenths / 10);
    if (tenths % 10 != 0)
        text += "." + std::to_string(tenths % 10);
    return text + " s";
}

/// One phrase; the sentence of the failure is for whoever asks the model itself.
std::string phraseOf(AttemptFailure failure)
{
    switch (failure) {
    case AttemptFailure::Timeout:
        return "too slow";
    case AttemptFailure::RateLimit:
        return "rate limit";
    case AttemptFailure::ServerError:
        return "server error";
    case AttemptFailure::Connect:
        return "no connection";
    case AttemptFailure::ContentFilter:
        return "content filter";
    case AttemptFailure::BadAnswer:
        return "no usable answer";
    }
    return {};
}

FinishReason reasonOf(AnswerState state)
{
    switch (state) {
    case AnswerState::Truncated:
        return FinishReason::Length;
    case AnswerState::Refused:
        return FinishReason::Refusal;
    case AnswerState::Filtered:
        return FinishReason::Filtered;
    default:
        return FinishReason::Stop;
    }
}

/// What a verifier is told; it is to answer with one word.
std::vector<Message> verifierMessages(const Verifier& verifier, const LabPrompt& prompt,
                                      const std::string& answer)
{
    std::string rule = "You check an answer before a user sees it. ";
    rule += verifier.instruction.empty()
                ? std::string("Is it right, whole, and an answer to what was asked?")
                : verifier.instruction;
    rule += "\nReply with one word: YES if it may be shown, NO if it may not.";
    return {{Role::System, rule, 0},
            {Role::User,
             "Question:\n" + prompt.messages.back().text + "\n\nAnswer:\n" + answer +
                 "\n\nMay it be shown? YES or NO.",
             0}};
}

/// The first of the two words that stands in the reply; anything else is no consent.
bool saysYes(std::string reply)
{
    std::ranges::transform(reply, reply.begin(), [](unsigned char c) {
        return static_cast<char>(c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
    });
    const std::size_t yes = reply.find("YES");
    return yes != std::string::npos && yes < reply.find("NO");
}

} // namespace

Answer PlanCourse::applied(Answer answer) const
{
    answer.route = toRouteJson(route);
    answer.text = text;
    answer.inputTokens = inputTokens;
    answer.outputTokens = outputTokens;
    answer.tokensEstimated = isEstimated;
    answer.cost = billed;
    answer.costStated = false;
    answer.simulated = isSimulated;
    answer.reused = route.isReused() && answer.state == AnswerState::Done;
    return answer;
}

/// One call: an attempt of the machine, or a verifier of one.
struct PlanStream::Hop
{
    int attempt = 0;                  ///< the machine's number; of a verifier: what it checks
    const ModelSpec* model = nullptr; ///< of the policy
    const Call* call = nullptr;       ///< null of a verifier
    ChatRequest request;
    std::unique_ptr<ChatStream> stream;
    std::optional<ServerAccount> account;
    CallNumber number = 0;
    std::int64_t startNs = 0;
    double lastMs = 0; ///< of what has come
    CellAttempt said;
    Answer answer;
    PolicyHop record;
    bool wasSent = false;
    bool isHeld = false;
    Permission::For waitsFor = Permission::For::Room;
    bool isOver = false;
    bool hasBegun = false; ///< there is text
    FinishReason finish = FinishReason::Stop;
    FailureKind kind = FailureKind::Protocol; ///< if it failed
    std::string sentence;                     ///< likewise
};

PlanStream::PlanStream(Task task)
    : m_task(std::move(task)), m_machine(*m_task.decided.plan),
      m_limiter(&m_task.providers->limiter()), m_wakeMs(kNever)
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

double PlanStream::nowMs() const
{
    if (m_running == 0)
        return m_baseMs;
    return m_baseMs + static_cast<double>(m_limiter->clock().monotonicNs() - m_sinceNs) / kNsPerMs;
}

/// When the last call ends, the clock goes back to what is not looked at yet: it was read then, and
/// told a little later.
void PlanStream::setRunning(int calls)
{
    if (m_running == 0 && calls > 0) {
        m_sinceNs = m_limiter->clock().monotonicNs();
    } else if (m_running > 0 && calls == 0) {
        const double toldMs = m_due.empty() ? nowMs() : m_due.front().atMs;
        m_baseMs = std::max(m_lastMs, std::min(nowMs(), toldMs));
    }
    m_running = calls;
}

/// After a failure of a real call that the policy tries again: the clock goes on.
void PlanStream::rest(const Hop& failed, AttemptFailure failure)
{
    const Retry& retry = failed.call->retry;
    const auto tries = std::ranges::count(m_attempts, failed.call, &Hop::call);
    const bool isReal = failed.wasSent && failed.model->provider != "simulator";
    if (!isReal || failed.hasBegun || failure == AttemptFailure::Timeout || tries > retry.count)
        return;
    const double untilMs =
        static_cast<double>(wholeMs(m_lastMs)) + backoffMs(retry, static_cast<int>(tries) - 1);
    m_restsUntilMs = std::max(m_restsUntilMs, untilMs);
    if (!std::exchange(m_rests, true))
        setRunning(m_running + 1);
}

void PlanStream::endRest()
{
    if (std::exchange(m_rests, false))
        setRunning(m_running - 1);
}

bool PlanStream::isHeld() const
{
    return std::ranges::any_of(m_hops, [](const auto& hop) { return hop->isHeld; });
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
    if (m_hops.empty())
        obey(m_machine.start());
    for (const auto& hop : m_hops) {
        if (hop->isHeld)
            admit(*hop);
    }
    while (!m_isOver && !isHeld()) {
        const double eventMs = m_due.empty() ? kNever : m_due.front().atMs;
        const double dueMs = std::min(eventMs, m_wakeMs);
        const double waitMs = dueMs - nowMs();
        if (m_running > 0 && waitMs > 0) {
            m_timer.start(static_cast<int>(std::ceil(std::min(waitMs, kLongestTimerMs))));
            break;
        }
        if (dueMs == kNever)
            break; // nothing will come: cannot be, with nothing under way
        step(dueMs);
    }
    flush();
}

/// What is due first; events that come together with the end of a budget are in time.
void PlanStream::step(double dueMs)
{
    if (m_rests && dueMs >= m_restsUntilMs)
        endRest();
    if (m_running == 0)
        m_baseMs = std::max(m_baseMs, dueMs);
    m_lastMs = std::max(m_lastMs, dueMs);
    if (!m_due.empty() && m_due.front().atMs <= m_wakeMs) {
        const Due due = std::move(m_due.front());
        m_due.erase(m_due.begin());
        handle(due);
        return;
    }
    m_wakeMs = kNever;
    obey(m_machine.tick(wholeMs(m_lastMs)));
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
        hop.record.firstTokenMs = m_lastMs;
        if (!hop.record.isVerifier)
            obey(m_machine.onFirstToken(hop.attempt, wholeMs(m_lastMs)));
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

void PlanStream::begin(int attempt, const Call& call)
{
    auto hop = std::make_unique<Hop>();
    hop->attempt = attempt;
    hop->call = &call;
    hop->model = m_task.policy->policy().findModel(call.model);
    hop->record.model = call.model;
    if (hop->model)
        hop->request = overridden(
            labRequest(*m_task.plan, *hop->model, m_task.prompt, m_task.sample), call.overrides);
    m_attempts.push_back(hop.get());
    m_hops.push_back(std::move(hop));
    admit(*m_hops.back());
}

/// Sends the call, or takes what it would give, or holds it as long as the clock can stand.
void PlanStream::admit(Hop& hop)
{
    hop.isHeld = false;
    hop.record.startMs = hop.lastMs = std::max(m_lastMs, nowMs());
    if (!hop.model) {
        StreamFailed failed;
        failed.error = {ErrorCode::NotFound, "the policy has no such model", {}, {}};
        put(hop, hop.record.startMs, failed);
        return;
    }
    const bool mayWait = m_running == (m_rests ? 1 : 0);
    const Permission permission = m_task.askLeave(*hop.model, hop.request, mayWait);
    switch (permission.kind) {
    case Permission::Kind::Wait:
        endRest(); // the clock stands
        hop.isHeld = true;
        hop.waitsFor = permission.waitsFor;
        return;
    case Permission::Kind::Take:
        return take(hop, *permission.answer);
    case Permission::Kind::Send:
        return send(hop);
    }
}

void PlanStream::take(Hop& hop, const Answer& answer)
{
    hop.record.isReused = true;
    hop.answer = answer;
    if (answer.reused || !answer.cost)
        hop.answer.cost = costOf(answer, *hop.model); // taken from the store it cost nothing there
    hop.answer.text.clear();                          // it comes by its times
    hop.answer.reasoning.clear();
    const double firstMs = hop.record.startMs + answer.firstTokenMs.value_or(0);
    const double endMs =
        hop.record.startMs + std::max(answer.totalMs.value_or(0), answer.firstTokenMs.value_or(0));
    if (!answer.servedModel.empty())
        put(hop, firstMs, StreamStarted{{}, answer.servedModel});
    if (!answer.reasoning.empty())
        put(hop, firstMs, ReasoningDelta{answer.reasoning});
    if (!answer.text.empty())
        put(hop, firstMs, TextDelta{answer.text});
    put(hop, endMs, StreamFinished{reasonOf(answer.state), {}});
}

void PlanStream::send(Hop& hop)
{
    ChatProvider* const provider = m_task.providers->find(hop.model->provider);
    if (!provider) {
        StreamFailed failed;
        failed.kind = FailureKind::NotFound;
        failed.error = {ErrorCode::NotFound,
                        "no provider named \"" + hop.model->provider + "\" is known",
                        {},
                        {}};
        put(hop, hop.record.startMs, failed);
        return;
    }
    hop.account = accountOf(*hop.model);
    if (hop.account)
        hop.number = m_limiter->begin({*hop.account, hop.model->upstreamModel,
                                       estimatedTokens(hop.request.messages),
                                       hop.request.maxTokens.value_or(0)});
    hop.wasSent = true;
    setRunning(m_running + 1);
    hop.startNs = m_limiter->clock().monotonicNs();
    hop.stream = provider->start(hop.request);
    connect(hop.stream.get(), &ChatStream::eventsArrived, this,
            [this, &hop](const std::vector<TimedEvent>& events) { receive(hop, events); });
}

void PlanStream::receive(Hop& hop, const std::vector<TimedEvent>& events)
{
    noteCall(*m_limiter, hop.number, events);
    bool isEnd = false;
    for (const TimedEvent& timed : events) {
        const std::int64_t atNs =
            timed.atNs > hop.startNs ? timed.atNs : m_limiter->clock().monotonicNs();
        put(hop, hop.record.startMs + static_cast<double>(atNs - hop.startNs) / kNsPerMs,
            timed.event);
        isEnd = isEnd || std::holds_alternative<StreamFinished>(timed.event) ||
                std::holds_alternative<StreamFailed>(timed.event);
    }
    if (isEnd) {
        hop.said.setTimes(hop.stream->times());
        hop.number = 0;
        letGo(hop);
    }
    go();
}

void PlanStream::put(Hop& hop, double atMs, StreamEvent event)
{
    hop.lastMs = std::max({hop.lastMs, m_lastMs, atMs});
    const auto later = std::ranges::upper_bound(m_due, hop.lastMs, {}, &Due::atMs);
    m_due.insert(later, {hop.lastMs, &hop, {0, std::move(event)}});
}

void PlanStream::end(Hop& hop, const AnswerEnd& end, FinishReason reason)
{
    hop.isOver = true;
    hop.record.endMs = m_lastMs;
    hop.sentence = end.failure;
    if (hop.record.isReused) {
        hop.answer.state = reason == FinishReason::Length    ? AnswerState::Truncated
                           : reason == FinishReason::Refusal ? AnswerState::Refused
                                                             : AnswerState::Done;
    } else if (hop.model) {
        hop.answer = answerOf(hop, end);
    }
    noteBilled(hop, end.kind);
    if (hop.record.isVerifier)
        return noteVerdict(hop, end);
    const bool isAnswer = end.state == AnswerState::Done || end.state == AnswerState::Truncated ||
                          end.state == AnswerState::Refused;
    if (isAnswer) {
        obey(m_machine.onFinished(hop.attempt, wholeMs(m_lastMs)));
        return;
    }
    const AttemptFailure failure = end.state == AnswerState::Filtered
                                       ? AttemptFailure::ContentFilter
                                       : attemptFailureOf(hop.kind);
    hop.record.end = PolicyHop::End::Failed;
    hop.record.reason = phraseOf(failure);
    rest(hop, failure);
    obey(m_machine.onFailed(hop.attempt, failure, wholeMs(m_lastMs)));
}

/// Nobody bills a call that was not sent, or turned away before its first word.
void PlanStream::noteBilled(Hop& hop, std::optional<FailureKind> failure)
{
    const Answer& answer = hop.answer;
    hop.record.cost = answer.cost;
    if (answer.inputTokens && answer.outputTokens)
        hop.record.tokens = *answer.inputTokens + *answer.outputTokens;
    const bool wasTurnedAway = answer.text.empty() && failure && isTurnedAway(*failure);
    const bool isFree = wasTurnedAway || (!hop.wasSent && !hop.record.isReused);
    if (isFree && !answer.cost)
        hop.record.cost = Money{};
    if (isFree && !hop.record.tokens)
        hop.record.tokens = 0;
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
        asked->request = labRequest(*m_task.plan, *asked->model, question, m_task.sample);
        asked->request.styleGuide.clear(); // it is to say one word, not to write for users
    }
    m_hops.push_back(std::move(asked));
    admit(*m_hops.back());
}

/// A verifier that cannot be asked consents to nothing. A simulated one can only write about the
/// sample's subject: what it would say is what the sample knows of the answer.
void PlanStream::noteVerdict(Hop& verifier, const AnswerEnd& end)
{
    Hop& checked = *attemptOf(verifier.attempt);
    const bool hasSpoken = end.state == AnswerState::Done || end.state == AnswerState::Truncated;
    bool isAccepted = hasSpoken && saysYes(verifier.answer.text);
    if (hasSpoken && verifier.model && verifier.model->provider == "simulator")
        isAccepted =
            !m_task.prompt.outcome || m_task.prompt.outcome(checked.answer.text) >= kSatisfied;
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
    obey(m_machine.onChecked(hop.attempt, isAccepted, wholeMs(m_lastMs)));
}

/// Its model with the guide that went with this call: a call may replace that.
ModelSpec PlanStream::asAsked(const Hop& hop)
{
    ModelSpec asked = *hop.model;
    asked.styleGuide = hop.request.styleGuide;
    return asked;
}

TokenMultiplier PlanStream::tokenizerOf(const Hop& hop) const
{
    return signalbox::tokenizerOf(m_task.plan->tokenizers, hop.model->id);
}

/// Of an attempt that is stopped or not wanted any more, with the verifier that reads it.
void PlanStream::giveUp(Hop& hop, PolicyHop::End how)
{
    for (const auto& other : m_hops) {
        if (other->record.isVerifier && !other->isOver && other->attempt == hop.attempt &&
            other.get() != &hop)
            giveUp(*other, how);
    }
    const bool wasWritten = std::exchange(hop.isOver, true);
    hop.record.end = how;
    if (wasWritten) {
        letGo(hop);
        return;
    }
    hop.isHeld = false;
    hop.record.endMs = m_lastMs;
    if (how == PolicyHop::End::Overrun)
        hop.record.reason = (hop.hasBegun ? "not whole in " : "no word in ") +
                            timeText(m_lastMs - hop.record.startMs);
    noteBilledUntilNow(hop);
    letGo(hop);
}

/// Of a call that is stopped: what it read and wrote until then is billed, and nobody says how much
/// that was. A real server that had ended before nobody has stopped: what it said counts.
void PlanStream::noteBilledUntilNow(Hop& hop)
{
    const bool isReal = hop.wasSent && hop.model->provider != "simulator";
    std::optional<AnswerEnd> end;
    const Answer shown = hop.answer;
    if (isReal && !hop.stream)
        end = takeRest(hop);
    if (!end && (hop.wasSent || hop.record.isReused)) {
        const TokenMultiplier tokenizer = tokenizerOf(hop);
        hop.answer.inputTokens =
            guessedInputTokens(hop.request.messages, hop.request.styleGuide, tokenizer);
        hop.answer.outputTokens =
            guessedOutputTokens(hop.answer.text, hop.answer.reasoning, tokenizer);
        hop.answer.cost = costOf(hop.answer, *hop.model);
    }
    noteBilled(hop, end ? end->kind : std::nullopt);
    hop.answer = shown; // as far as it was looked at
}

/// What has come of a call and was not looked at yet. @return its end, if that is among it
std::optional<AnswerEnd> PlanStream::takeRest(Hop& hop)
{
    std::optional<AnswerEnd> end;
    for (const Due& due : m_due) {
        if (due.hop != &hop)
            continue;
        const CellAttempt::News news = hop.said.take({due.event});
        hop.answer.text += news.text;
        hop.answer.reasoning += news.reasoning;
        if (news.end)
            end = news.end;
    }
    if (end)
        hop.answer = answerOf(hop, *end);
    return end;
}

Answer PlanStream::answerOf(const Hop& hop, const AnswerEnd& end) const
{
    LabPrompt asked;
    asked.messages = hop.request.messages;
    return hop.said.answer(hop.answer, end, asked, asAsked(hop), tokenizerOf(hop));
}

/// Outside of its own signals.
void PlanStream::letGo(Hop& hop)
{
    if (hop.number != 0)
        m_limiter->noteGivenUp(std::exchange(hop.number, 0));
    if (!hop.stream)
        return;
    hop.stream->disconnect();
    hop.stream.release()->deleteLater();
    setRunning(m_running - 1);
}

void PlanStream::deliver(Hop& hop)
{
    m_delivered = &hop;
    m_firstTextMs = m_lastMs;
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

void PlanStream::conclude()
{
    if (std::exchange(m_isOver, true))
        return;
    m_timer.stop();
    for (const auto& hop : m_hops) {
        if (!hop->isOver)
            giveUp(*hop, PolicyHop::End::Overtaken);
    }
    if (m_delivered && !m_failure) {
        m_delivered->record.end = PolicyHop::End::Answered;
        m_delivered->record.reason.clear();
        m_out.push_back({0, StreamFinished{reasonOf(m_delivered->answer.state), {}}});
    } else if (m_delivered && m_delivered->answer.state == AnswerState::Filtered) {
        m_out.push_back({0, StreamFinished{FinishReason::Filtered, {}}});
    } else {
        m_out.push_back({0, failure()});
    }
    flush();
}

/// Never worth a repetition by the run: the policy has retries of its own.
StreamFailed PlanStream::failure() const
{
    StreamFailed failed;
    failed.kind = FailureKind::Timeout;
    failed.error.code = ErrorCode::NetworkError;
    for (const auto& hop : m_hops) {
        if (hop->record.isVerifier || hop->record.end == PolicyHop::End::Answered)
            continue;
        if (hop->record.end == PolicyHop::End::Failed)
            failed.kind = hop->kind;
        if (!failed.error.message.empty())
            failed.error.message += "; ";
        failed.error.message += hop->record.model.value + ": " +
                                (hop->sentence.empty() ? hop->record.reason : hop->sentence);
    }
    failed.error.message = (m_delivered ? "The answer broke off, and nobody can take over then: "
                                        : "No model of the plan answered: ") +
                           failed.error.message;
    return failed;
}

void PlanStream::cancel()
{
    if (std::exchange(m_isOver, true))
        return;
    m_timer.stop();
    for (const auto& hop : m_hops) {
        if (!hop->isOver)
            giveUp(*hop, PolicyHop::End::Overtaken);
    }
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
    const std::string before = std::exchange(m_told, status());
    if (!m_out.empty() || (!m_isOver && before != m_told))
        emit eventsArrived(std::exchange(m_out, {}));
}

StreamTimes PlanStream::times() const
{
    StreamTimes times;
    times.firstTextMs = m_firstTextMs;
    times.endMs = m_lastMs;
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
        course.isSimulated = hop->model && hop->model->provider == "simulator";
    }
    course.billed = course.route.sentCost();
    if (!m_delivered)
        return course;
    const Answer& answer = m_delivered->answer;
    course.isSimulated = m_delivered->model->provider == "simulator";
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
    std::string text;
    for (const auto& hop : m_hops) {
        if (hop->record.isVerifier || hop.get() == m_delivered)
            continue;
        if (!text.empty())
            text += "; ";
        text += hop->record.model.value;
        text += hop->isOver && !hop->record.reason.empty() ? ": " + hop->record.reason
                : hop->isHeld                              ? " is next"
                : hop->isOver                              ? " is checked"
                                                           : " is asked";
    }
    return text;
}

} // namespace signalbox
