// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/lab/answer_import.h>
#include <core/lab/own_prompts.h>

#include <QByteArray>
#include <QDialog>

#include <optional>
#include <string>
#include <variant>

class QComboBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace signalbox::ui {

class Callout;
class TextLabel;

/// What goes before the question of a prompt, in short: "system prompt, 2 earlier turns".
[[nodiscard]] QString contextWords(const LabPrompt& prompt);

/// What a file or a pasted text holds, before it is taken: prompts to be sent, or answers that were
/// recorded elsewhere; how it was read, what that gives, and what was left out and why. Nothing is
/// taken until the person says so.
class ImportSheet final : public QDialog
{
    Q_OBJECT
public:
    /// @param bytes   of the file, or of the text in UTF-8
    /// @param from    name of the file; empty: it was pasted
    /// @param models  of the policy: recorded answers under their names are evidence of them
    ImportSheet(QByteArray bytes, const QString& from, std::vector<ModelSpec> models,
                QWidget* parent = nullptr);

    /// What it is read as now: one of them, or neither if it cannot be read so.
    [[nodiscard]] const std::vector<LabPrompt>& prompts() const { return m_prompts; }
    [[nodiscard]] const std::optional<AnswerImport>& answers() const { return m_answers; }

signals:
    /// The person takes prompts() or answers(). The sheet is closed by then.
    void taken();

private:
    using Form = std::variant<PromptFormat, AnswerFormat>;

    void build();
    void buildForm();
    void buildSheets(QHBoxLayout* line);
    [[nodiscard]] bool isSheet() const;          ///< it is read as a workbook
    [[nodiscard]] std::string sheetName() const; ///< empty: the likely one
    [[nodiscard]] QWidget* makeLine(const QString& label, QLineEdit* field);
    [[nodiscard]] Form guess() const;
    [[nodiscard]] Form form() const; ///< that is chosen
    void read();
    [[nodiscard]] Result<void> readPrompts(PromptFormat format);
    [[nodiscard]] Result<void> readAnswers(AnswerFormat format);
    void showReport(const ImportReport& report);
    void showFailure(const Error& error);
    void fillPrompts();
    void fillAnswers();
    [[nodiscard]] QString evidenceWords() const;
    [[nodiscard]] std::string_view bytes() const;

    QByteArray m_bytes;
    QString m_from;
    std::vector<ModelSpec> m_models;
    std::vector<LabPrompt> m_prompts;
    std::optional<AnswerImport> m_answers;
    QComboBox* m_format = nullptr;
    QLabel* m_sheetLabel = nullptr;
    QComboBox* m_sheet = nullptr; ///< empty if there is no choice
    QWidget* m_templateLine = nullptr;
    QLineEdit* m_template = nullptr;
    QWidget* m_modelLine = nullptr;
    QLineEdit* m_model = nullptr;
    TextLabel* m_summary = nullptr;
    TextLabel* m_evidence = nullptr; ///< what the answers count for
    Callout* m_problems = nullptr;
    QTreeWidget* m_list = nullptr;
    QPushButton* m_take = nullptr;
};

} // namespace signalbox::ui
