// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/evidence_setting.h>

#include <QWidget>

class QLineEdit;
class QPushButton;

namespace signalbox::ui {

class TextLabel;

/// Where answers are kept from the next start on: an address that is tried before it is taken; and
/// who signs the notes on them.
class StorePanel : public QWidget
{
    Q_OBJECT
public:
    explicit StorePanel(QWidget* parent = nullptr);

private:
    void buildName();
    enum class Then { Say, Take };
    void tryAddress(Then then);
    void showTrial(const Result<StoreTrial>& trial, const QString& address, Then then);
    void say(const QString& sentence, bool isBad);
    void refresh();

    QLineEdit* m_address = nullptr;
    QPushButton* m_test = nullptr;
    QPushButton* m_use = nullptr;
    TextLabel* m_result = nullptr;
    int m_trial = 0; ///< a late result of an earlier one is dropped
};

} // namespace signalbox::ui
