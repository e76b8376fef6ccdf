// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/tasting_session.h>

#include <QScrollArea>

#include <vector>

class QCheckBox;
class QGridLayout;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace signalbox::ui {

class Callout;
class TextLabel;

/// Where a tasting begins and where a person comes to it: who they are, what is asked, who voted so
/// far. A view: it says what is wanted and holds nothing.
class TastingStart : public QScrollArea
{
    Q_OBJECT
public:
    explicit TastingStart(QWidget* parent = nullptr);

    /// @param whole    what could be tasted now; of fewer than two models: nothing can be begun
    /// @param session  what was begun
    void show(const Tasting& whole, const TastingSession& session);
    using QScrollArea::show;
    /// What did not work, or is to be confirmed; empty: nothing.
    void setMessage(const QString& title, const QString& detail = {});
    /// Asks whether the names may be shown although the person has not finished.
    void askToLook(const QString& detail);
    void focusName();

    [[nodiscard]] QString name() const;
    [[nodiscard]] TastingChoices choices() const;

signals:
    void goRequested();      ///< vote as name(), in a new tasting if there is none
    void lookRequested();    ///< as name()
    void lookConfirmed();    ///< after askToLook()
    void anotherRequested(); ///< forget the tasting and begin one
    void earlierChosen(signalbox::TastingNumber number);

private:
    void buildWho(QGridLayout* grid);
    void buildWhat();
    void buildButtons();
    void showTasters(const TastingSession& session);
    void showEarlier(const TastingSession& session);
    void refreshAmount();

    Tasting m_whole;
    bool m_isBegun = false;
    TextLabel* m_summary = nullptr;
    QLineEdit* m_name = nullptr;
    QWidget* m_what = nullptr; ///< the choices of a new tasting
    QSpinBox* m_prompts = nullptr;
    QSpinBox* m_shown = nullptr;
    QSpinBox* m_trials = nullptr;
    std::vector<QCheckBox*> m_axes;
    TextLabel* m_amount = nullptr;
    TextLabel* m_tasters = nullptr;
    Callout* m_message = nullptr;
    QPushButton* m_go = nullptr;
    QPushButton* m_look = nullptr;
    QPushButton* m_another = nullptr;
    QPushButton* m_earlier = nullptr; ///< with a menu of all tastings of the run
};

} // namespace signalbox::ui
