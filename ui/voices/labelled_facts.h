// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include <vector>

class QGridLayout;

namespace signalbox::ui {

/// A fact under a chart: a label to find it by, and a sentence.
struct LabelledFact
{
    QString label;
    QString text;
    bool operator==(const LabelledFact&) const = default;
};

/// A few facts below each other, labels in a column of their own, so that they can be looked up
/// instead of read through.
class LabelledFacts : public QWidget
{
    Q_OBJECT
public:
    explicit LabelledFacts(QWidget* parent = nullptr);

    void setFacts(const std::vector<LabelledFact>& facts);
    [[nodiscard]] const std::vector<LabelledFact>& facts() const { return m_facts; }
    /// A fact a line, "label: text". For screen readers and tests.
    [[nodiscard]] QString text() const;

private:
    std::vector<LabelledFact> m_facts;
    QGridLayout* m_grid = nullptr;
};

} // namespace signalbox::ui
