// SPDX-License-Identifier: GPL-3.0-or-later
#include "style_table.h"

#include "background.h"
#include "policy_editor.h"

#include <core/policy/policy_styles.h>

#include <utility>

namespace signalbox::ui {

StyleTable::StyleTable(PolicyEditor& editor, QObject* parent) : QObject(parent), m_editor(editor)
{
    connect(&editor, &PolicyEditor::documentChanged, this, &StyleTable::follow);
    connect(&editor, &PolicyEditor::fileChanged, this, &StyleTable::follow);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, &StyleTable::reload);
    // A file that is replaced is another one; one that was missing may come.
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &StyleTable::reload);
}

void StyleTable::follow()
{
    std::string name = styleTableOf(m_editor.document());
    std::filesystem::path folder = m_editor.filePath().parent_path();
    if (name == m_name && folder == m_folder)
        return;
    m_name = std::move(name);
    m_folder = std::move(folder);
    if (const QStringList watched = m_watcher.files() + m_watcher.directories(); !watched.isEmpty())
        m_watcher.removePaths(watched);
    const bool comes = !m_name.empty() && !m_folder.empty();
    if (comes) { // until then no other policy's styles are its users'
        m_isReading = true;
        m_styles.reset();
        m_problem.clear();
    }
    reload();
    if (comes)
        emit changed();
}

void StyleTable::reload()
{
    ++m_run;
    if (m_name.empty()) {
        take(std::shared_ptr<const UserStyles>());
        return;
    }
    if (m_folder.empty()) {
        take(fail(ErrorCode::NotFound, "the policy has no file yet, so it has no folder to look in",
                  m_name, "Save the policy beside the table."));
        return;
    }
    const QString folder = QString::fromStdString(m_folder.string());
    const QString file = QString::fromStdString((m_folder / m_name).string());
    if (!m_watcher.directories().contains(folder))
        m_watcher.addPath(folder);
    m_watcher.addPath(file); // nothing if it is watched already, or missing
    inBackground(
        this,
        [document = m_editor.document(), from = m_folder] { return readStylesOf(document, from); },
        [this, run = m_run](Result<std::shared_ptr<const UserStyles>> styles) {
            if (run == m_run)
                take(std::move(styles));
        });
}

void StyleTable::take(Result<std::shared_ptr<const UserStyles>> styles)
{
    const bool wasReading = std::exchange(m_isReading, false);
    const bool same = !wasReading && styles && m_problem.isEmpty() &&
                      (*styles == m_styles || (*styles && m_styles && **styles == *m_styles));
    if (same)
        return;
    m_problem = styles ? QString() : QString::fromStdString(toString(styles.error()));
    m_styles = styles ? std::move(*styles) : nullptr;
    emit changed();
}

} // namespace signalbox::ui
