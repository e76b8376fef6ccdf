// SPDX-License-Identifier: GPL-3.0-or-later
#include "price_panel.h"

#include "price_update_sheet.h"

#include <core/lab/list_prices.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

namespace signalbox::ui {

namespace {

QString dateText(Day day)
{
    const QDate date = QDate::fromString(QString::fromStdString(toText(day)), Qt::ISODate);
    return QLocale().toString(date, QLocale::ShortFormat);
}

} // namespace

PricePanel::PricePanel(PriceShelf& shelf, QWidget* parent) : QWidget(parent), m_shelf(shelf)
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(space::kUnit);
    auto* line = new QHBoxLayout;
    line->setSpacing(space::kUnit);
    m_which = new TextLabel({}, TextRole::Body, this);
    m_which->setObjectName(QStringLiteral("priceBook"));
    m_which->setWordWrap(true);
    line->addWidget(m_which, 1);
    m_age = new Badge({}, Tone::Neutral, this);
    m_age->setObjectName(QStringLiteral("priceBookAge"));
    line->addWidget(m_age, 0, Qt::AlignTop);
    rows->addLayout(line);
    m_message = new Callout(Tone::Caution, this);
    m_message->setObjectName(QStringLiteral("priceBookMessage"));
    m_message->hide();
    rows->addWidget(m_message);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(space::kUnit);
    auto* update = new QPushButton(tr("Update from a file\u2026"), this);
    update->setObjectName(QStringLiteral("updatePrices"));
    update->setToolTip(plainToolTip(
        tr("A price book as JSON. Every line of it is shown beside what counts now; nothing is "
           "taken that you do not accept.")));
    buttons->addWidget(update);
    m_back = new QPushButton(tr("Compare with the program's own\u2026"), this);
    m_back->setObjectName(QStringLiteral("bundledPrices"));
    setButtonKind(m_back, ButtonKind::Quiet);
    buttons->addWidget(m_back);
    buttons->addStretch(1);
    rows->addLayout(buttons);
    m_ask = [](QWidget* asking) {
        return QFileDialog::getOpenFileName(asking->window(), tr("Update the price book"), {},
                                            tr("Price books (*.json);;All files (*)"));
    };
    connect(update, &QPushButton::clicked, this, [this] {
        if (const QString path = m_ask(this); !path.isEmpty())
            this->update(path);
    });
    connect(m_back, &QPushButton::clicked, this, [this] { show(bundledPriceBook()); });
    connect(&shelf, &PriceShelf::changed, this, [this] { refresh(); });
    refresh();
}

void PricePanel::refresh()
{
    const auto book = m_shelf.book();
    m_which->setText(
        tr("Version %1, as of %2: %3.", "of the price book, date, models at providers")
            .arg(
                QString::fromStdString(book->version), dateText(book->asOf),
                tr("%1 at %2", "models, providers")
                    .arg(tr("%n model(s)", nullptr, static_cast<int>(book->models.size())),
                         tr("%n provider(s)", nullptr, static_cast<int>(book->providers.size())))) +
        QLatin1Char(' ') +
        (m_shelf.isBundled() ? tr("It came with the program.")
                             : tr("You accepted updates of it.")));
    refreshAge(book->asOf);
    m_back->setVisible(!m_shelf.isBundled());
    if (!m_shelf.problem().isEmpty())
        say(m_shelf.problem(), {});
}

void PricePanel::refreshAge(Day asOf)
{
    const int days = ageInDays(asOf, presentDay());
    QString text = tr("%n day(s) old", "a price book", days);
    QString meaning = tr("Costs of models without a price of their own in the policy rest on it.");
    Tone tone = Tone::Neutral;
    switch (priceAge(asOf, presentDay())) {
    case PriceAge::Fresh:
        if (days == 0)
            text = tr("of today", "a price book");
        break;
    case PriceAge::Aging:
        tone = Tone::Caution;
        meaning = tr("Providers may have changed their prices since.");
        break;
    case PriceAge::Stale:
        tone = Tone::Negative;
        meaning = tr("Providers have changed prices since, for sure: costs that rest on these may "
                     "be wrong. Update the book.");
        break;
    case PriceAge::Future:
        tone = Tone::Caution;
        text = tr("dated ahead", "a price book");
        meaning = tr("Its day is still to come: that day is wrong, or this computer's clock.");
        break;
    }
    m_age->setText(text);
    m_age->setTone(tone);
    m_age->setToolTip(plainToolTip(meaning));
}

void PricePanel::update(const QString& path)
{
    auto offered = readOfferedBook(path);
    if (!offered) {
        say(tr("The file is no price book that can be used."),
            QString::fromStdString(toString(offered.error())));
        return;
    }
    show(*offered);
}

void PricePanel::show(const PriceBook& offered)
{
    m_message->hide();
    BookDiff diff = diffBooks(*m_shelf.book(), offered);
    if (diff.isEmpty() && offered.asOf <= diff.before.asOf) {
        say(tr("Nothing in it is new: every price is the same."), {});
        return;
    }
    auto* const sheet = new PriceUpdateSheet(std::move(diff), window());
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    connect(sheet, &PriceUpdateSheet::linesAccepted, this, [this](const PriceBook& book) {
        if (const auto taken = m_shelf.take(book); !taken)
            say(tr("The price book was not changed."),
                QString::fromStdString(toString(taken.error())));
    });
    sheet->open();
}

void PricePanel::say(const QString& title, const QString& detail)
{
    m_message->setMessage(Tone::Caution, title, detail);
    m_message->show();
}

} // namespace signalbox::ui
