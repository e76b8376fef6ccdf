// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/lab/own_prompts.h>

#include <QByteArray>
#include <QDialog>

class QComboBox;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace signalbox::ui {

class Callout;
class TextLabel;

/// What a file or a pasted text holds of prompts, before they are taken: how it was read, which
/// prompts that gives, and what was left out and why. Nothing is taken until the person says so.
class PromptImportSheet final : public QDialog
{
    Q_OBJECT
public:
    /// @param bytes  of the file, or of the text in UTF-8
    /// @param from   name of the file; empty: it was pasted
    PromptImportSheet(QByteArray bytes, const QString& from, QWidget* parent = nullptr);

    [[nodiscard]] const std::vector<LabPrompt>& prompts() const { return m_prompts; }

signals:
    /// The person takes prompts(). The sheet is closed by then.
    void taken();

private:
    void build();
    void read(std::optional<PromptFormat> format);
    void show(const PromptImport& import);
    void showFailure(const Error& error);
    void fillList();

    QByteArray m_bytes;
    QString m_from;
    std::vector<LabPrompt> m_prompts;
    QComboBox* m_format = nullptr;
    QWidget* m_templateBox = nullptr;
    QLineEdit* m_template = nullptr;
    TextLabel* m_summary = nullptr;
    Callout* m_problems = nullptr;
    QTreeWidget* m_list = nullptr;
    QPushButton* m_take = nullptr;
};

} // namespace signalbox::ui
