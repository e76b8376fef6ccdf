// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>
#include <core/projection/behaviour_diff.h>
#include <core/traffic/traffic.h>
#include <core/voice/answer.h>

#include <QObject>
#include <QString>

#include <filesystem>
#include <memory>
#include <optional>

namespace signalbox::ui {

class Workbench;

/// Compares the behaviour of two policies over the workbench's traffic, off the GUI thread: quick
/// numbers first, then with intervals. The latest question wins; while a new one is worked on, what
/// is shown stays that of the old one, and says so. Asked anew by itself when traffic or evidence
/// changes. Lives on the GUI thread; the workbench must outlive it.
class PolicyComparison : public QObject
{
    Q_OBJECT
public:
    explicit PolicyComparison(Workbench& workbench, QObject* parent = nullptr);
    ~PolicyComparison() override;

    /// Two policies to compare, and what they are called.
    struct Subject
    {
        PolicyDocument before;
        PolicyDocument after;
        QString beforeName;
        QString afterName;
        std::filesystem::path beforeFolder = {}; ///< where tables that it names stand; empty: none
        std::filesystem::path afterFolder = {};
        bool operator==(const Subject&) const = default;
    };
    void compare(Subject subject);
    void clear();
    /// Gives up what is being worked on; what is shown stays.
    void cancel();
    /// Nobody looks: nothing is worked on until somebody does.
    void setWatched(bool watched);
    [[nodiscard]] bool isWatched() const;

    /// What is asked for, if anything.
    [[nodiscard]] const std::optional<Subject>& subject() const;
    [[nodiscard]] bool isBusy() const;
    /// Why there is nothing to show: a sentence; empty if there is, or will be.
    [[nodiscard]] const QString& problem() const;
    /// Whether the person gave it up before it was done.
    [[nodiscard]] bool wasCancelled() const;

    /// The last finished comparison; it may be of an earlier subject, see isCurrent().
    [[nodiscard]] const std::optional<BehaviourDiff>& diff() const;
    [[nodiscard]] bool isCurrent() const;
    /// The traffic that diff() is of: its examples are rows of it.
    [[nodiscard]] std::shared_ptr<const Traffic> traffic() const;
    /// What a model of diff() answered to a lab prompt; null if that is not recorded.
    [[nodiscard]] const Answer* answerOf(const ModelId& model, const PromptId& prompt,
                                         bool after) const;

signals:
    void changed(); ///< anything of the above

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
