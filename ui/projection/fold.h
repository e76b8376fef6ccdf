// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QVBoxLayout;

namespace signalbox::ui {

class IconButton;

/// A quiet line that opens and closes what is under it; closed at first.
class Fold : public QWidget
{
    Q_OBJECT
public:
    /// `title` is the accessible name, too.
    explicit Fold(const QString& title, QWidget* parent = nullptr);

    /// Takes the place of what was there before, and takes ownership.
    void setContent(QWidget* content);
    void setOpen(bool open);
    [[nodiscard]] bool isOpen() const { return m_isOpen; }

private:
    IconButton* m_button = nullptr;
    QVBoxLayout* m_rows = nullptr;
    QWidget* m_content = nullptr;
    QString m_title;
    bool m_isOpen = false;
};

} // namespace signalbox::ui
