// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/evidence/stored_run.h>

#include <QDialog>

#include <optional>
#include <vector>

class QButtonGroup;
class QComboBox;
class QVBoxLayout;

namespace signalbox::ui {

/// What a run is written as.
enum class ExportForm { Html, Pdf, Xlsx, Csv, JsonLines };

/// A run that can be exported, as a person knows it.
struct ExportChoice
{
    std::optional<RunId> run; ///< of the store; nullopt: what is on screen
    QString words;
};

/// Asks which run leaves the program and as what. It writes nothing: exportRequested() says it.
class ExportSheet final : public QDialog
{
    Q_OBJECT
public:
    /// @param choices  at least one; the first is chosen
    ExportSheet(std::vector<ExportChoice> choices, ExportForm form, QWidget* parent = nullptr);

    [[nodiscard]] const std::optional<RunId>& run() const;
    [[nodiscard]] ExportForm form() const;

signals:
    void exportRequested(); ///< the sheet is closed by then

private:
    void buildRuns(QVBoxLayout* layout);
    void buildForms(QVBoxLayout* layout, ExportForm form);
    void buildButtons(QVBoxLayout* layout);

    std::vector<ExportChoice> m_choices;
    QComboBox* m_runs = nullptr;
    QButtonGroup* m_forms = nullptr;
};

/// "html", "pdf" …: how the file's name ends.
[[nodiscard]] QString fileEnding(ExportForm form);
/// "Page (HTML)", as a file dialog names the kind of file.
[[nodiscard]] QString formName(ExportForm form);

} // namespace signalbox::ui
