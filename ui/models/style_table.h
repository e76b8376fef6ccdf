// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/user_styles.h>

#include <QFileSystemWatcher>
#include <QObject>
#include <QString>

#include <filesystem>
#include <memory>
#include <string>

namespace signalbox::ui {

class PolicyEditor;

/// The table of users' answer styles that the open policy names, read from beside its file on a
/// worker: when the policy is opened, saved elsewhere or names another one, and when the file
/// changes. Only while a changed file is read do the old styles count. Lives on the GUI thread.
class StyleTable final : public QObject
{
    Q_OBJECT
public:
    explicit StyleTable(PolicyEditor& editor, QObject* parent = nullptr);

    /// Null if the policy names none, or as long as it could not be read.
    [[nodiscard]] const std::shared_ptr<const UserStyles>& styles() const { return m_styles; }
    /// Why users have the default style although the policy names a table: a sentence, or empty.
    [[nodiscard]] const QString& problem() const { return m_problem; }
    /// Whether the policy came to name another table, of which nothing is known yet.
    [[nodiscard]] bool isReading() const { return m_isReading; }
    void reload();

signals:
    void changed(); ///< anything of the above

private:
    void follow();
    void take(Result<std::shared_ptr<const UserStyles>> styles);

    PolicyEditor& m_editor;
    QFileSystemWatcher m_watcher;
    std::string m_name;
    std::filesystem::path m_folder;
    std::shared_ptr<const UserStyles> m_styles;
    QString m_problem;
    bool m_isReading = false;
    quint64 m_run = 0; ///< a late answer to an old question is dropped
};

} // namespace signalbox::ui
