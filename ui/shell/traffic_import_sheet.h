// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/traffic_import_session.h>
#include <ui/models/traffic_log.h>
#include <ui/models/traffic_scanner.h>

#include <QDialog>

#include <functional>
#include <memory>

class QBoxLayout;
class QCheckBox;
class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QTreeWidget;

namespace signalbox::ui {

class Callout;
class LogFieldTable;
class ProgressStrip;
class SegmentedControl;
class TextLabel;

/// Somebody's log before it becomes a table: what it was recognised as, which column each field is
/// read from, the first rows as they will be, the lines that cannot be read, what is not in it and
/// what that costs; what is to be taken out, and where the table goes. Reads and imports on other
/// threads; nothing is written until the person says so.
class TrafficImportSheet final : public QDialog
{
    Q_OBJECT
public:
    struct Desk
    {
        std::filesystem::path mappings;       ///< where mappings are kept; empty: they are not
        std::filesystem::path tableFolder;    ///< where tables go; empty: beside the log
        std::optional<PolicyDocument> policy; ///< whose signals stay where prompts do not
        std::shared_ptr<const UserStyles> styles;
        /// Asks where a file goes: its suggestion, then the answer; empty: nowhere.
        std::function<QString(QWidget*, const QString& suggestion)> fileToWrite;
    };
    TrafficImportSheet(LogLook look, Desk desk, QWidget* parent = nullptr);
    ~TrafficImportSheet() override;

    void reject() override; ///< an import is cancelled first

signals:
    /// The table is written. The sheet is closed by then.
    void imported(const signalbox::ui::ImportedTable& table);

private:
    void build();
    void buildForm(QBoxLayout* rows);
    void buildViews(QBoxLayout* rows);
    void buildRedaction(QBoxLayout* rows);
    void buildTarget(QBoxLayout* rows);
    void connectWork();

    void chooseForm();
    void readAnew();
    void changeRedaction();
    void showScan();
    void showRows(const std::vector<LogRowPreview>& rows);
    void showProgress();
    void showFailure(const QString& title, const Error& error);
    void refresh();

    [[nodiscard]] Result<std::shared_ptr<const TextRedactor>> redactor() const;
    [[nodiscard]] QString obstacle() const; ///< to an import: a sentence, or empty
    [[nodiscard]] std::filesystem::path table() const;
    void import();
    void finish(const ImportedTable& done);
    void fail(const Error& why);
    void saveProblems();

    const LogLook m_look;
    Desk m_desk;
    TrafficScanner m_scanner;
    TrafficImportSession m_session;
    std::vector<LogMapping> m_forms; ///< in the order of the choice
    bool m_isClosing = false;

    TextLabel* m_summary = nullptr;
    TextLabel* m_why = nullptr; ///< what speaks for the form
    QComboBox* m_form = nullptr;
    SegmentedControl* m_view = nullptr;
    QStackedWidget* m_views = nullptr;
    LogFieldTable* m_fields = nullptr;
    QTreeWidget* m_rows = nullptr;
    QTreeWidget* m_problems = nullptr;
    QPushButton* m_saveProblems = nullptr;
    TextLabel* m_moreProblems = nullptr;
    Callout* m_missing = nullptr;
    std::vector<QCheckBox*> m_kinds;
    QPlainTextEdit* m_patterns = nullptr;
    QCheckBox* m_withoutPrompts = nullptr;
    QLineEdit* m_table = nullptr;
    TextLabel* m_obstacle = nullptr; ///< or what is to be known before
    ProgressStrip* m_strip = nullptr;
    QPushButton* m_take = nullptr;
};

} // namespace signalbox::ui
