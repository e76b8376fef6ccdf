// SPDX-License-Identifier: GPL-3.0-or-later
#include "settings_page.h"

#include "connection_panel.h"
#include "price_panel.h"
#include "store_panel.h"

#include <core/lab/lab_run.h>
#include <core/providers/key_store.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/card.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/model_look.h>
#include <ui/kit/theme.h>
#include <ui/kit/theme_setting.h>

#include <QClipboard>
#include <QDesktopServices>
#include <QDir>
#include <QFileInfo>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollArea>
#include <QSpinBox>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>
#include <initializer_list>
#include <utility>
#include <vector>

namespace signalbox::ui {

namespace {

constexpr int kTwoColumnsPx = 960;    ///< from this width of the page on
constexpr int kThreeColumnsPx = 1500; ///< likewise
constexpr int kColumnWidthPx = 720;   ///< the most where there is one column only

/// A path as people write it: their own folder is "~".
QString shortPath(const std::filesystem::path& path)
{
    const QString full = QString::fromStdString(path.string());
    const QString home = QDir::homePath() + QLatin1Char('/');
    return full.startsWith(home) ? QStringLiteral("~/") + full.mid(home.size()) : full;
}

/// "30 in, 60 out".
QString priceText(const ModelSpec& model)
{
    if (!model.price)
        return SettingsPage::tr("unknown", "price of a model");
    return SettingsPage::tr("%1 in, %2 out", "prices of tokens")
        .arg(format::brief(usdPerMTok(model.price->inputPerToken)),
             format::brief(usdPerMTok(model.price->outputPerToken)));
}

} // namespace

struct SettingsPage::Private
{
    Private(SettingsPage* owner, Workbench& bench) : q(owner), workbench(bench) {}

    SettingsPage* q;
    Workbench& workbench;
    QWidget* content = nullptr; ///< of the scroll area; the parts are its children
    QWidget* connections = nullptr;
    QWidget* pace = nullptr;
    QWidget* priceBook = nullptr;
    QWidget* inUse = nullptr; ///< the models of the policy
    QGridLayout* models = nullptr;
    std::vector<ModelSpec> shownModels; ///< what the rows of `models` were made from
    QWidget* look = nullptr;
    SegmentedControl* themes = nullptr;
    QWidget* keyGrants = nullptr;
    QWidget* storage = nullptr;
    QScrollArea* scroll = nullptr;
    int columns = 0; ///< as arranged
    QVBoxLayout* grants = nullptr;
    std::vector<std::pair<KeyGrant, QWidget*>> rows; ///< of `grants`, in its order
    TextLabel* noGrants = nullptr;

    [[nodiscard]] QVBoxLayout* addPart(QWidget*& part, const char* name);
    void buildModels(QVBoxLayout* layout);
    void refreshModels();
    void buildLook(QVBoxLayout* layout);
    void buildPace(QVBoxLayout* layout);
    void buildGrants(QVBoxLayout* layout);
    void buildStorage(QVBoxLayout* layout);
    void arrange();
    void refreshGrants();
    [[nodiscard]] QWidget* makeRow(const KeyGrant& grant);
};

QVBoxLayout* SettingsPage::Private::addPart(QWidget*& part, const char* name)
{
    part = new QWidget(content);
    part->setObjectName(QLatin1String(name));
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    return layout;
}

/// As many columns as the width allows; the servers are the widest one.
void SettingsPage::Private::arrange()
{
    const int wanted = q->width() >= kThreeColumnsPx ? 3 : q->width() >= kTwoColumnsPx ? 2 : 1;
    if (wanted == columns)
        return;
    columns = wanted;
    // The nested layouts give the parts back to the page, which stays their parent.
    delete content->layout();
    auto* row = new QHBoxLayout(content);
    row->setContentsMargins(space::kWide, space::kWide, space::kWide, space::kPage);
    row->setSpacing(2 * space::kSection);
    const auto addColumn = [&](std::initializer_list<QWidget*> parts, int stretch) {
        auto* column = new QVBoxLayout;
        column->setSpacing(space::kSection);
        for (QWidget* part : parts) {
            part->setMaximumWidth(wanted == 1 ? kColumnWidthPx : QWIDGETSIZE_MAX);
            column->addWidget(part);
        }
        column->addStretch(1);
        row->addLayout(column, stretch);
    };
    if (wanted == 1)
        addColumn({connections, inUse, priceBook, look, pace, keyGrants, storage}, 1);
    if (wanted == 2) {
        addColumn({connections, inUse, priceBook}, 3);
        addColumn({look, pace, keyGrants, storage}, 2);
    }
    keepRightInset(scroll, space::kWide);
    if (wanted == 3) {
        addColumn({connections, inUse, priceBook}, 4);
        addColumn({look, pace, storage}, 3);
        addColumn({keyGrants}, 3);
    }
}

/// What the policy may call, with the price that every cost here rests on.
void SettingsPage::Private::buildModels(QVBoxLayout* layout)
{
    auto* header = new SectionHeader(tr("Models in use"), q);
    header->setNote(tr("of the open policy; prices are edited on the Policy page"));
    layout->addWidget(header);
    auto* card = new QWidget(q);
    card->setObjectName(QStringLiteral("modelsInUse"));
    models = new QGridLayout(card);
    models->setContentsMargins(0, 0, 0, 0);
    models->setHorizontalSpacing(space::kWide);
    models->setVerticalSpacing(space::kUnit);
    models->setColumnStretch(2, 1);
    layout->addWidget(card);
    connect(&workbench.editor(), &PolicyEditor::documentChanged, q, [this] { refreshModels(); });
    connect(&ThemeNotifier::instance(), &ThemeNotifier::themeChanged, q, [this] {
        shownModels.clear(); // their marks have other colours now
        refreshModels();
    });
    refreshModels();
}

void SettingsPage::Private::refreshModels()
{
    const std::vector<ModelSpec>& present = workbench.editor().document().models;
    if (present == shownModels)
        return;
    shownModels = present;
    while (QLayoutItem* item = models->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const auto add = [&](int row, int column, QWidget* part) {
        models->addWidget(part, row, column);
        part->show();
    };
    const auto caption = [&](int column, const QString& text) {
        auto* label = new TextLabel(text, TextRole::Small, models->parentWidget());
        label->setMuted(true);
        add(0, column, label);
    };
    caption(1, tr("Model"));
    caption(2, tr("Answers come from"));
    caption(3, tr("USD per million tokens"));
    caption(4, tr("Price as of"));
    int row = 1;
    for (const ModelSpec& model : present) {
        QWidget* const parent = models->parentWidget();
        auto* mark = new QLabel(parent);
        mark->setPixmap(modelIcon(row - 1).pixmap(kModelMarkPx, kModelMarkPx));
        add(row, 0, mark);
        add(row, 1,
            new TextLabel(QString::fromStdString(model.id.value), TextRole::BodyStrong, parent));
        add(row, 2,
            new ElidedLabel(model.provider == "simulator" ? tr("the built-in simulator")
                                                          : QString::fromStdString(model.baseUrl),
                            TextRole::Body, parent));
        add(row, 3, new TextLabel(priceText(model), TextRole::Body, parent));
        auto* date = new TextLabel(model.price ? QString::fromStdString(model.price->asOf)
                                               : QStringLiteral("\u2013"),
                                   TextRole::Body, parent);
        add(row, 4, date);
        ++row;
    }
}

void SettingsPage::Private::buildLook(QVBoxLayout* layout)
{
    layout->addWidget(new SectionHeader(tr("Look"), q));
    themes = new SegmentedControl(tr("Look"), q);
    themes->setObjectName(QStringLiteral("themes"));
    themes->addSegment(tr("As the system"));
    themes->addSegment(tr("Light"));
    themes->addSegment(tr("Dark"));
    const auto follow = [this] { themes->setCurrentIndex(static_cast<int>(Theme::choice())); };
    follow();
    connect(&ThemeNotifier::instance(), &ThemeNotifier::choiceChanged, q,
            follow); // View has it, too
    connect(themes, &SegmentedControl::currentChanged, q, [](int index) {
        const auto choice = static_cast<ThemeChoice>(index);
        if (choice == Theme::choice())
            return;
        Theme::setChoice(choice);
        storeThemeChoice(choice);
    });
    auto* row = new QHBoxLayout;
    row->addWidget(themes);
    row->addStretch(1);
    layout->addLayout(row);
}

void SettingsPage::Private::buildPace(QVBoxLayout* layout)
{
    layout->addWidget(new SectionHeader(tr("Calls at the same time"), q));
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kUnit);
    auto* calls = new QSpinBox(q);
    calls->setObjectName(QStringLiteral("callsHere"));
    calls->setRange(1, LabPlan().inFlight);
    calls->setValue(workbench.callsHere());
    auto* name = new QLabel(tr("At &each server on this computer"), q);
    name->setBuddy(calls);
    row->addWidget(name);
    row->addWidget(calls);
    row->addStretch(1);
    layout->addLayout(row);
    auto* why = new TextLabel(
        tr("One is right where a server answers one call after the other: a call that waits in its "
           "queue would look like a slow model. Servers elsewhere get up to %n call(s) at once.",
           nullptr, LabPlan().inFlight),
        TextRole::Body, q);
    why->setMuted(true);
    why->setWordWrap(true);
    layout->addWidget(why);
    connect(calls, &QSpinBox::valueChanged, &workbench, &Workbench::setCallsHere);
    connect(&workbench, &Workbench::callsHereChanged, calls, &QSpinBox::setValue);
}

void SettingsPage::Private::buildGrants(QVBoxLayout* layout)
{
    layout->addWidget(new SectionHeader(tr("Which server gets which key"), q));
    noGrants =
        new TextLabel(tr("No key has been allowed to go anywhere yet. A key only ever goes to the "
                         "address it was given for."),
                      TextRole::Body, q);
    noGrants->setMuted(true);
    noGrants->setWordWrap(true);
    layout->addWidget(noGrants);
    grants = new QVBoxLayout;
    grants->setSpacing(space::kHalf);
    layout->addLayout(grants);
    connect(workbench.services().keys.get(), &KeyStore::grantsChanged, q,
            [this] { refreshGrants(); });
    refreshGrants();
}

void SettingsPage::Private::refreshGrants()
{
    const std::vector<KeyGrant> present = workbench.services().keys->grants();
    noGrants->setVisible(present.empty());
    for (const KeyGrant& grant : present) {
        const auto isShown = [&](const auto& row) { return row.first == grant; };
        if (std::ranges::any_of(rows, isShown))
            continue;
        rows.emplace_back(grant, makeRow(grant));
        grants->addWidget(rows.back().second);
    }
    std::erase_if(rows, [&](const auto& row) {
        const auto& [grant, widget] = row;
        if (std::ranges::find(present, grant) != present.end())
            return false;
        widget->hide(); // a button in it that has the keyboard gives it to the next one
        widget->deleteLater();
        return true;
    });
}

QWidget* SettingsPage::Private::makeRow(const KeyGrant& grant)
{
    auto* row = new QWidget(q);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    const QString text =
        tr("%1 may go to %2", "key reference, address")
            .arg(QString::fromStdString(grant.keyRef), QString::fromStdString(grant.origin));
    line->addWidget(new ElidedLabel(text, TextRole::Body, row), 1);
    auto* revoke = new QPushButton(tr("Revoke"), row);
    revoke->setAccessibleName(tr("Revoke: %1").arg(text));
    setButtonKind(revoke, ButtonKind::Quiet);
    KeyStore* keys = workbench.services().keys.get();
    connect(revoke, &QPushButton::clicked, q, [keys, grant] { keys->revoke(grant); });
    line->addWidget(revoke);
    return row;
}

void SettingsPage::Private::buildStorage(QVBoxLayout* layout)
{
    layout->addWidget(new SectionHeader(tr("Where things are kept"), q));
    const EvidenceStore* store = workbench.evidenceStore();
    const QString text =
        !store ? tr("Answers are not kept: the evidence file could not be opened.")
        : store->where().empty()
            ? tr("Answers are kept until Signalbox ends.")
            : tr("Answers: %1\nKeys are in the keychain or the environment, never in a file.")
                  .arg(store->path().empty() ? QString::fromStdString(store->where())
                                             : shortPath(store->path()));
    auto* label = new TextLabel(text, TextRole::Body, q);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kUnit);
    row->addWidget(label, 1);
    layout->addLayout(row);
    layout->addWidget(new StorePanel(q));
    if (!store || store->path().empty())
        return;
    const QString path = QString::fromStdString(store->path().string());
    auto* copy = new IconButton(Icon::Copy, tr("Copy the path"), q);
    copy->setObjectName(QStringLiteral("copyPath"));
    connect(copy, &QToolButton::clicked, q,
            [path] { QGuiApplication::clipboard()->setText(path); });
    auto* open = new IconButton(Icon::Open, tr("Open the folder"), q);
    open->setObjectName(QStringLiteral("openFolder"));
    connect(open, &QToolButton::clicked, q, [path] {
        QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(path).absolutePath()));
    });
    row->addWidget(copy, 0, Qt::AlignTop);
    row->addWidget(open, 0, Qt::AlignTop);
}

SettingsPage::SettingsPage(Workbench& workbench, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(this, workbench))
{
    setAccessibleName(tr("Settings"));
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setAccessibleName(tr("Settings"));
    scroll->setWidgetResizable(true);
    d->content = new QWidget(scroll);
    d->addPart(d->connections, "connections")
        ->addWidget(new ConnectionPanel(workbench, d->content));
    d->buildModels(d->addPart(d->inUse, "inUse"));
    QVBoxLayout* const book = d->addPart(d->priceBook, "priceBookPart");
    book->addWidget(new SectionHeader(tr("Price book"), this));
    book->addWidget(new PricePanel(workbench.prices(), d->content));
    d->buildLook(d->addPart(d->look, "look"));
    d->buildPace(d->addPart(d->pace, "pace"));
    d->buildGrants(d->addPart(d->keyGrants, "keyGrants"));
    d->buildStorage(d->addPart(d->storage, "storage"));
    d->scroll = scroll;
    scroll->setWidget(d->content);
    d->arrange();
    outer->addWidget(scroll);
}

SettingsPage::~SettingsPage() = default;

void SettingsPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    d->arrange();
}

} // namespace signalbox::ui
