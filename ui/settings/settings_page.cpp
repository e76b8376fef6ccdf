// SPDX-License-Identifier: GPL-3.0-or-later
#include "settings_page.h"

#include "connection_panel.h"

#include <core/lab/lab_run.h>
#include <core/providers/key_store.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QDir>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollArea>
#include <QSpinBox>
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

} // namespace

struct SettingsPage::Private
{
    Private(SettingsPage* owner, Workbench& bench) : q(owner), workbench(bench) {}

    SettingsPage* q;
    Workbench& workbench;
    QWidget* content = nullptr; ///< of the scroll area; the parts are its children
    QWidget* connections = nullptr;
    QWidget* pace = nullptr;
    QWidget* keyGrants = nullptr;
    QWidget* storage = nullptr;
    int columns = 0; ///< as arranged
    QVBoxLayout* grants = nullptr;
    std::vector<std::pair<KeyGrant, QWidget*>> rows; ///< of `grants`, in its order
    TextLabel* noGrants = nullptr;

    [[nodiscard]] QVBoxLayout* addPart(QWidget*& part, const char* name);
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
        addColumn({connections, pace, keyGrants, storage}, 1);
    if (wanted == 2) {
        addColumn({connections}, 3);
        addColumn({pace, keyGrants, storage}, 2);
    }
    if (wanted == 3) {
        addColumn({connections}, 4);
        addColumn({pace, storage}, 3);
        addColumn({keyGrants}, 3);
    }
}

void SettingsPage::Private::buildPace(QVBoxLayout* layout)
{
    layout->addWidget(new SectionHeader(tr("Pace"), q));
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kUnit);
    auto* calls = new QSpinBox(q);
    calls->setObjectName(QStringLiteral("callsHere"));
    calls->setRange(1, LabPlan().inFlight);
    calls->setValue(workbench.callsHere());
    auto* name = new QLabel(tr("&Calls at once, at each server on this computer"), q);
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
    layout->addWidget(new SectionHeader(tr("Where keys may go"), q));
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
        : store->path().empty()
            ? tr("Answers are kept in memory until Signalbox ends.")
            : tr("Answers: %1\nKeys are in the keychain or the environment, never in a file.")
                  .arg(shortPath(store->path()));
    auto* label = new TextLabel(text, TextRole::Body, q);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    layout->addWidget(label);
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
    d->buildPace(d->addPart(d->pace, "pace"));
    d->buildGrants(d->addPart(d->keyGrants, "keyGrants"));
    d->buildStorage(d->addPart(d->storage, "storage"));
    d->arrange();
    scroll->setWidget(d->content);
    outer->addWidget(scroll);
}

SettingsPage::~SettingsPage() = default;

void SettingsPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    d->arrange();
}

} // namespace signalbox::ui
