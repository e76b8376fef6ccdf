// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "log_messages.h"
#include "log_trie.h"
#include "log_value.h"
#include "logged_request.h"
#include "text_arena.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Inside of core/traffic.
namespace signalbox::traffic_detail {

/// Puts one row together out of the values that a walk finds, in whatever order they come. Used
/// again for row after row; also for the entries of a list within a row, which have the same
/// fields.
class LogRowBuilder
{
public:
    LogRowBuilder(const CompiledMapping& mapping, TextArena& arena);

    /// Forgets the row before.
    void begin();

    /// @param index  the number that the nearest '*' of the path stands for
    /// @param key    the last part of the path, which names a tag that stands alone
    void set(const LogAction& action, const LogValue& value, std::size_t index,
             std::string_view key);
    /// @param on  the id of the request that it is on; empty: this one
    void addFeedback(const LoggedFeedback& feedback, std::string_view on)
    {
        m_entryFeedback.push_back({feedback, on});
    }
    /// Places of an entry that could not be read.
    void addUnread(const std::vector<std::uint32_t>& places)
    {
        m_unread.insert(m_unread.end(), places.begin(), places.end());
    }
    void addAttempt(const LoggedAttempt& attempt) { m_attempts.push_back(attempt); }

    /// The conditions that held, as bits.
    [[nodiscard]] std::uint32_t passed() const { return m_passed; }
    /// Whether no field at all was found.
    [[nodiscard]] bool isEmpty() const { return m_fieldsRead == 0; }
    /// Which places were there and could not be read, as numbers of LogAction::place.
    [[nodiscard]] const std::vector<std::uint32_t>& unread() const { return m_unread; }

    /// The row. Its texts and lists are in the arena.
    [[nodiscard]] LoggedRequest finish();
    /// What the fields of an entry say as a feedback, and as an attempt.
    [[nodiscard]] LoggedFeedback finishFeedback(const LogList& list);
    [[nodiscard]] LoggedAttempt finishAttempt();
    /// The request that a feedback says it is on.
    [[nodiscard]] std::string_view requestId() const { return m_row.requestId; }
    void setTests(const LogTests& tests) { m_tests = &tests; }

private:
    static constexpr std::size_t kFieldCount =
        static_cast<std::size_t>(LogField::FeedbackWeight) + 1;

    void test(const LogAction& action, const LogValue& value);
    [[nodiscard]] bool isBetter(const LogAction& action) const;
    bool apply(const LogAction& action, const LogValue& value, std::size_t index,
               std::string_view key);
    bool setText(std::string_view& out, const LogValue& value);
    static bool setNumber(double& out, const LogValue& value);
    template<class Integer>
    static bool setInteger(Integer& out, const LogValue& value, LogUnit unit = LogUnit::Plain);
    bool setTime(double& out, const LogValue& value, LogUnit unit);
    bool setSpan(double& out, const LogValue& value, LogUnit unit);
    static bool setFlag(std::optional<bool>& out, const LogValue& value);
    bool setStatus(const LogValue& value);
    bool addCostPart(const LogValue& value, LogUnit unit);
    bool setSystem(const LogValue& value);
    bool setMessages(const LogValue& value);
    bool setMessagePart(LogField field, const LogValue& value, std::size_t index);
    bool setResponse(const LogValue& value);
    bool addTags(const LogValue& value);
    bool addMetadata(const LogValue& value, std::string_view key);
    void addEntry(std::string_view key, const LogValue& value);
    bool setFeedback(LoggedFeedback& feedback, const LogAction& action, const LogValue& value);
    LoggedFeedback& feedbackAt(const LogAction& action);
    void finishTimes();
    void finishStatus();
    void finishTokens();
    void finishMessages();
    static LoggedFeedback withDefaults(LoggedFeedback feedback, const LogList& list);
    void finishFeedbackList();

    const CompiledMapping& m_mapping;
    const LogTests* m_tests;
    TextArena& m_arena;
    MessageReader m_reader;
    std::string m_scratch = {};

    LoggedRequest m_row = {};
    std::array<std::uint8_t, kFieldCount> m_rank{}; ///< of the place that a field came from
    std::uint32_t m_passed = 0;
    std::size_t m_fieldsRead = 0;
    double m_startMs = kUnknownNumber;
    double m_endMs = kUnknownNumber;
    double m_firstTokenMs = kUnknownNumber;
    double m_costParts = kUnknownNumber;
    std::string_view m_system = {};
    std::string_view m_prompt = {};
    std::vector<LoggedMessage> m_messages = {};
    std::vector<LoggedMessage> m_numbered = {}; ///< put together by role and text
    std::vector<LoggedMessage> m_finished = {};
    std::vector<std::string_view> m_tags = {};
    std::vector<LoggedEntry> m_metadata = {};
    LoggedFeedback m_own = {};                ///< that an entry is
    std::vector<LoggedFeedback> m_slots = {}; ///< that stand in the row, by slot
    struct EntryFeedback
    {
        LoggedFeedback feedback;
        std::string_view on;
    };
    std::vector<EntryFeedback> m_entryFeedback = {};
    std::vector<LoggedFeedback> m_feedback = {}; ///< that is finished
    std::vector<LoggedAttempt> m_attempts = {};
    std::vector<std::uint32_t> m_unread = {};
};

} // namespace signalbox::traffic_detail
