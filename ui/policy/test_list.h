// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>

#include <QWidget>

class QVBoxLayout;

namespace signalbox::ui {

/// The tests of the policy in the inspector: requests whose way must not change, each with whether
/// it still holds and, if not, where the request goes now.
class TestList final : public QWidget
{
    Q_OBJECT
public:
    explicit TestList(QWidget* parent = nullptr);

    void show(const PolicyDocument& document);
    using QWidget::show;

signals:
    void removeRequested(std::size_t index);

private:
    QVBoxLayout* m_rows = nullptr;
    PolicyDocument m_shown; ///< what the rows were made for
};

} // namespace signalbox::ui
