// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/policy_json.h>
#include <ui/models/policy_editor.h>

#include <QElapsedTimer>
#include <QStringList>
#include <QWidget>

#include <map>

class QAction;
class QTimer;

namespace signalbox::ui {

class Callout;
class CodeEditor;

/// The policy as text. What is typed becomes an edit of the document as soon as it can be read, one
/// undo step per spell of typing; text that cannot be read is marked and changes nothing. If the
/// document takes its place it can be brought back, until another policy is opened. It is kept with
/// its policy, also through a crash: see PolicyEditor::setTyped().
class SourceView final : public QWidget
{
    Q_OBJECT
public:
    explicit SourceView(PolicyEditor& editor, QWidget* parent = nullptr);
    ~SourceView() override;

    /// Reads what was typed now instead of a moment later.
    void applyNow();
    [[nodiscard]] bool isBroken() const { return m_broken; }
    /// Gives the keyboard to the text, at the problem if there is one.
    void focusText();
    /// Moves to the place of a JSON path, e.g. of a finding.
    void goToPath(const std::string& path);

signals:
    /// Whether the text and the document have parted, and where in words.
    void brokenChanged(bool broken, const QString& sentence);

protected:
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void follow();
    void discardTyped();
    void putAside();
    void setAside(QStringList texts);
    void bringBack();
    void showAnother();
    void noteTyping();
    void takeTyping();
    /// Takes over what can be read. Complaining about what cannot waits for a pause in the typing.
    void applyIfReadable();
    void apply();
    void take(PolicyReading reading);
    void setBroken(const std::vector<Error>& problems, const std::string& text);

    PolicyEditor& m_editor;
    PolicyDocument m_followed; ///< what the text says, or said before it was typed over
    CodeEditor* m_text = nullptr;
    Callout* m_callout = nullptr;
    QAction* m_discard = nullptr;
    Callout* m_aside = nullptr; ///< shown while there is text that was put aside
    QStringList m_asideTexts;   ///< the last one is brought back first
    /// Of policies that are not in front, by OpenPolicy::number().
    std::map<quint64, QStringList> m_asideOfOthers;
    quint64 m_number = 0; ///< of the policy in front
    QAction* m_back = nullptr;
    QTimer* m_settle = nullptr;
    QString m_known; ///< the text as it was at the last change of it
    bool m_setting = false;
    bool m_dirty = false; ///< typed and not read yet, or unreadable
    bool m_broken = false;
    bool m_behind = true; ///< the document changed while the text was not shown
    bool m_applying = false;
    quint64 m_gesture = 0;
    QElapsedTimer m_lastKey;
    int m_lines = 0; ///< when the last key had been typed
};

} // namespace signalbox::ui
