// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: an update of the price book is seen line by line before it counts; what is hardly right
// or takes a model away is not taken unless somebody ticks it; what was accepted counts in the
// window at once and after the next start; and how old the book is stands beside it.

#include <core/base/files.h>
#include <core/prices/price_book_json.h>
#include <core/prices/price_diff.h>
#include <ui/kit/basic_widgets.h>
#include <ui/models/workbench.h>
#include <ui/settings/price_panel.h>
#include <ui/settings/price_update_sheet.h>

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

#include <algorithm>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

std::optional<Money>& inputOf(ModelPrices& prices)
{
    return prices.periods.back()
        .sheet.rates.tokens.perToken[static_cast<std::size_t>(TokenKind::Input)];
}

/// A later book: one price is a fifth higher, one twenty times as high, one model is gone.
struct Offer
{
    PriceBook book = bundledPriceBook();
    std::string raised, doubtful, gone;

    Offer()
    {
        book.version = "later";
        book.asOf = book.asOf + std::chrono::days(7);
        const auto plain = [](ModelPrices& prices) {
            const auto& rates = prices.periods.back().sheet.rates;
            return prices.periods.size() == 1 && !rates.batch &&
                   prices.periods.back().sheet.tiers.empty() && inputOf(prices) &&
                   inputOf(prices)->pico > 0 && doubtsOf(prices).empty();
        };
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < book.models.size() && places.size() < 3; ++i) {
            if (plain(book.models[i]))
                places.push_back(i);
        }
        raised = book.models[places[0]].key();
        inputOf(book.models[places[0]])->pico += inputOf(book.models[places[0]])->pico / 5;
        doubtful = book.models[places[1]].key();
        inputOf(book.models[places[1]])->pico *= 20;
        gone = book.models[places[2]].key();
        book.models.erase(book.models.begin() + static_cast<std::ptrdiff_t>(places[2]));
    }
};

struct Desk
{
    QTemporaryDir folder;
    PriceShelf shelf{folder.filePath(QStringLiteral("prices.json")).toStdString()};
    QWidget window;
    PricePanel panel{shelf, &window};

    Desk()
    {
        window.resize(700, 300);
        window.show();
    }
    void offer(const std::string& text)
    {
        const QString path = folder.filePath(QStringLiteral("offered.json"));
        QVERIFY(writeFileAtomically(path.toStdString(), text).has_value());
        panel.setAskForFile([path](QWidget*) { return path; });
        QTest::mouseClick(panel.findChild<QPushButton*>(QStringLiteral("updatePrices")),
                          Qt::LeftButton);
    }
    [[nodiscard]] PriceUpdateSheet* sheet() const
    {
        return window.findChild<PriceUpdateSheet*>(QStringLiteral("priceUpdate"));
    }
    [[nodiscard]] QTreeWidgetItem* line(const std::string& key) const
    {
        auto* const lines = sheet()->findChild<QTreeWidget*>(QStringLiteral("priceUpdateLines"));
        for (int i = 0; i < lines->topLevelItemCount(); ++i) {
            if (lines->topLevelItem(i)->text(0).startsWith(QString::fromStdString(key + ":")))
                return lines->topLevelItem(i);
        }
        return nullptr;
    }
    void take() const
    {
        QTest::mouseClick(sheet()->findChild<QPushButton*>(QStringLiteral("priceUpdateTake")),
                          Qt::LeftButton);
    }
};

} // namespace

class TestPricePanel : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void onlyWhatIsAcceptedCounts()
    {
        Desk desk;
        QVERIFY(desk.shelf.isBundled());
        const Offer offer;
        desk.offer(toPriceBookText(offer.book));
        QVERIFY(desk.sheet() && desk.sheet()->isVisible());
        QVERIFY(desk.line(offer.raised) && desk.line(offer.doubtful) && desk.line(offer.gone));
        QCOMPARE(desk.line(offer.raised)->checkState(0), Qt::Checked);
        QCOMPARE(desk.line(offer.doubtful)->checkState(0), Qt::Unchecked);
        QCOMPARE(desk.line(offer.gone)->checkState(0), Qt::Unchecked);
        QVERIFY(desk.line(offer.raised)->child(0)->text(3).startsWith(QStringLiteral("+20")));
        QVERIFY(
            desk.sheet()->findChild<Callout*>(QStringLiteral("priceUpdateDoubts"))->isVisible());
        QSignalSpy changed(&desk.shelf, &PriceShelf::changed);
        desk.take();
        QCOMPARE(changed.size(), 1);
        QVERIFY(!desk.shelf.isBundled());
        const auto book = desk.shelf.book();
        const auto same = [&](const std::string& key, const PriceBook& other) {
            const auto in = [&](const PriceBook& all) {
                return std::ranges::find(all.models, key, &ModelPrices::key)->periods;
            };
            return in(*book) == in(other);
        };
        QVERIFY(same(offer.raised, offer.book));
        QVERIFY(same(offer.doubtful, bundledPriceBook()));
        QVERIFY(same(offer.gone, bundledPriceBook()));
        // And after the next start.
        const PriceShelf again(desk.folder.filePath(QStringLiteral("prices.json")).toStdString());
        QVERIFY(*again.book() == *book);
        QVERIFY(again.problem().isEmpty());
    }

    void whatIsTickedIsTakenAndTheProgramsOwnComesBack()
    {
        Desk desk;
        const Offer offer;
        desk.offer(toPriceBookText(offer.book));
        desk.line(offer.doubtful)->setCheckState(0, Qt::Checked);
        desk.line(offer.gone)->setCheckState(0, Qt::Checked);
        desk.take();
        QVERIFY(std::ranges::find(desk.shelf.book()->models, offer.gone, &ModelPrices::key) ==
                desk.shelf.book()->models.end());
        auto* const back = desk.panel.findChild<QPushButton*>(QStringLiteral("bundledPrices"));
        QVERIFY(back->isVisible());
        QTRY_VERIFY(!desk.sheet());
        QTest::mouseClick(back, Qt::LeftButton);
        QVERIFY(desk.sheet());
        QCOMPARE(desk.line(offer.gone)->checkState(0), Qt::Checked); // it is new there
        for (const std::string& key : {offer.raised, offer.doubtful})
            desk.line(key)->setCheckState(0, Qt::Checked);
        desk.take();
        QVERIFY(desk.shelf.isBundled());
        QVERIFY(!back->isVisible());
    }

    void aFileThatIsNoBookChangesNothing_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("no JSON") << QByteArray("prices");
        QTest::newRow("something else") << QByteArray("{\"models\": 3}");
        QTest::newRow("the same") << QByteArray();
    }
    void aFileThatIsNoBookChangesNothing()
    {
        QFETCH(const QByteArray, bytes);
        Desk desk;
        desk.offer(bytes.isEmpty() ? toPriceBookText(bundledPriceBook()) : bytes.toStdString());
        QVERIFY(!desk.sheet());
        QVERIFY(desk.panel.findChild<Callout*>(QStringLiteral("priceBookMessage"))->isVisible());
        QVERIFY(desk.shelf.isBundled());
    }

    void anAcceptedBookThatCannotBeReadIsSaid()
    {
        const QTemporaryDir folder;
        const std::string file = folder.filePath(QStringLiteral("prices.json")).toStdString();
        QVERIFY(writeFileAtomically(file, "{").has_value());
        PriceShelf shelf(file);
        QVERIFY(shelf.isBundled());
        QVERIFY(*shelf.book() == bundledPriceBook());
        QVERIFY(!shelf.problem().isEmpty());
    }

    void theAgeStandsBesideIt()
    {
        Desk desk;
        const auto* const age = desk.panel.findChild<Badge*>(QStringLiteral("priceBookAge"));
        PriceBook old = bundledPriceBook();
        old.asOf = old.asOf - std::chrono::days(1'000);
        QVERIFY(desk.shelf.take(old).has_value());
        const QString before = age->text();
        QVERIFY2(before.contains(QStringLiteral("days old")) ||
                     before.contains(QStringLiteral("day(s) old")),
                 qPrintable(before));
        old.asOf = old.asOf + std::chrono::days(100'000);
        QVERIFY(desk.shelf.take(old).has_value());
        QCOMPARE(age->text(), QStringLiteral("dated ahead"));
    }
};

QTEST_MAIN(TestPricePanel)
#include "tst_price_panel.moc"
