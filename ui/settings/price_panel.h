// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/price_shelf.h>

#include <QWidget>

#include <functional>

class QPushButton;

namespace signalbox::ui {

class Badge;
class Callout;
class TextLabel;

/// Which price book counts, how old it is, and how it is updated: by a file, of whose lines a
/// person accepts those that they believe.
class PricePanel : public QWidget
{
    Q_OBJECT
public:
    explicit PricePanel(PriceShelf& shelf, QWidget* parent = nullptr);

    using AskForFile = std::function<QString(QWidget*)>;
    void setAskForFile(AskForFile ask) { m_ask = std::move(ask); }

private:
    void refresh();
    void refreshAge(Day asOf);
    void update(const QString& path);
    void show(const PriceBook& offered);
    void say(const QString& title, const QString& detail);

    PriceShelf& m_shelf;
    AskForFile m_ask;
    TextLabel* m_which = nullptr;
    Badge* m_age = nullptr;
    QPushButton* m_back = nullptr;
    Callout* m_message = nullptr;
};

} // namespace signalbox::ui
