// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/lab/line_up.h>

#include <QDialog>

#include <filesystem>
#include <vector>

class QComboBox;
class QDoubleSpinBox;
class QGridLayout;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace signalbox::ui {

class TextLabel;

/// Numbers of Asking or Variant, each with a state of "not said".
struct AskingFields
{
    QSpinBox* maxTokens = nullptr;
    QDoubleSpinBox* temperature = nullptr;
    QSpinBox* seed = nullptr;
};

/// Which models are asked, how, and how often: the policy's as they are, and any of them in other
/// ways beside. What is chosen here can be kept by a name and taken up again. Nothing changes
/// before it is accepted.
class LineUpSheet : public QDialog
{
    Q_OBJECT
public:
    /// @param models  of the policy, in its order
    /// @param policyColumn  the name of the policy's own column
    /// @param file  of kept line-ups; empty: none can be kept
    LineUpSheet(LineUp chosen, std::vector<ModelId> models, ModelId policyColumn,
                std::filesystem::path file, QWidget* parent = nullptr);

    [[nodiscard]] const LineUp& lineUp() const { return m_lineUp; }

private:
    void buildKept(QVBoxLayout* layout);
    void buildColumns(QVBoxLayout* layout);
    void buildVariant(QVBoxLayout* layout);
    void buildAsking(QVBoxLayout* layout);
    void buildButtons(QVBoxLayout* layout);
    [[nodiscard]] AskingFields makeFields(const QString& prefix, const QString& unsaid,
                                          const QString& unsaidLength);
    void fillKept();
    void fillColumns();
    void fillAsking();
    void takeAsking();
    void addVariant();
    [[nodiscard]] Variant typedVariant() const;
    void refreshButtons();
    void useKept(int place);
    void keep();
    void forget();
    void note(const Result<void>& written);

    LineUp m_lineUp;
    std::vector<ModelId> m_models;
    ModelId m_policyColumn;
    std::filesystem::path m_file;
    std::vector<LineUp> m_kept;
    QComboBox* m_names = nullptr;
    QLineEdit* m_name = nullptr;
    QPushButton* m_keep = nullptr;
    QPushButton* m_forget = nullptr;
    TextLabel* m_problem = nullptr;
    QWidget* m_columns = nullptr;
    QComboBox* m_of = nullptr;
    AskingFields m_otherwise;
    QComboBox* m_told = nullptr;
    QPlainTextEdit* m_words = nullptr;
    QPushButton* m_add = nullptr;
    AskingFields m_all;
    QSpinBox* m_samples = nullptr;
    QPushButton* m_use = nullptr;
    bool m_isFilling = false; ///< the fields show what holds, and nobody changes them
};

} // namespace signalbox::ui
