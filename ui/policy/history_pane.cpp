// SPDX-License-Identifier: GPL-3.0-or-later
#include "history_pane.h"

#include "change_words.h"
#include "fields.h"
#include "policy_words.h"

#include <core/base/files.h>
#include <core/policy/policy_json.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/scroll_fade.h>
#include <ui/kit/theme.h>
#include <ui/models/workbench.h>

#include <QDateTime>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QListWidget>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QStyledItemDelegate>
#include <QTextLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>
#include <vector>

namespace signalbox::ui {
namespace {

constexpr int kLinePx = 18;
constexpr int kPadPx = space::kUnit;
constexpr int kBadgePx = 18;
constexpr int kMostNoteLines = 3;
constexpr qsizetype kMostOthers = 5; ///< policies of files that stay in the list

enum Role {
    DetailRole = Qt::UserRole + 1, ///< when it was saved
    NoteRole,                      ///< why
    ExportedRole,                  ///< bool
    SideRole,                      ///< which side of the comparison it is, if one
    KeyRole,                       ///< what it is, over a rebuild
};

/// The badges of a revision, from the right edge on.
struct RevisionBadge
{
    QString text;
    Tone tone;
};

std::vector<RevisionBadge> badgesOf(const QModelIndex& index)
{
    std::vector<RevisionBadge> badges;
    if (index.data(ExportedRole).toBool())
        badges.push_back({HistoryPane::tr("exported"), Tone::Accent});
    if (const QString side = index.data(SideRole).toString(); !side.isEmpty())
        badges.push_back({side, Tone::Neutral});
    return badges;
}

/// A revision in three lines: number and marks, when, why.
class RevisionDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        option->text.clear(); // painted by paint(), over the background
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const ThemeColors& colors = Theme::current().colors();
        const bool isSelected = option.state.testFlag(QStyle::State_Selected);
        const QColor ink = isSelected ? colors.selectionText : colors.text;
        const QColor muted = isSelected ? colors.selectionText : colors.textMuted;
        const QRect place = option.rect.adjusted(kPadPx, kPadPx, -kPadPx, -kPadPx);
        painter->save();
        const QFont strong = Theme::font(TextRole::BodyStrong);
        painter->setFont(strong);
        painter->setPen(ink);
        const QString title = index.data().toString();
        const QRect head(place.left(), place.top(), place.width(), kLinePx);
        const QFontMetrics metrics(strong);
        qreal right = head.right();
        for (const RevisionBadge& badge : badgesOf(index)) {
            const qreal width = badgeSize(badge.text).width();
            right -= width;
            paintBadge(*painter, QRectF(right, head.top(), width, kBadgePx), badge.text,
                       badge.tone);
            right -= kPadPx;
        }
        painter->setFont(strong);
        painter->setPen(ink);
        painter->drawText(head, Qt::AlignLeft | Qt::AlignVCenter,
                          metrics.elidedText(title, Qt::ElideRight, int(right) - head.left()));
        int y = head.bottom() + 1;
        painter->setFont(Theme::font(TextRole::Small));
        painter->setPen(muted);
        if (const QString detail = index.data(DetailRole).toString(); !detail.isEmpty()) {
            painter->drawText(QRect(place.left(), y, place.width(), kLinePx),
                              Qt::AlignLeft | Qt::AlignVCenter, detail);
            y += kLinePx;
        }
        painter->setPen(ink);
        for (const QString& line : noteLines(index.data(NoteRole).toString(), place.width())) {
            painter->drawText(QRect(place.left(), y, place.width(), noteLinePx()),
                              Qt::AlignLeft | Qt::AlignVCenter, line);
            y += noteLinePx();
        }
        painter->restore();
    }

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const override
    {
        const auto* const view = qobject_cast<const QListWidget*>(option.widget);
        const int width = (view ? view->viewport()->width() : 300) - 2 * kPadPx;
        const auto lines = noteLines(index.data(NoteRole).toString(), width).size();
        const int detail = index.data(DetailRole).toString().isEmpty() ? 0 : kLinePx;
        return {width, 2 * kPadPx + kLinePx + detail + int(lines) * noteLinePx()};
    }

private:
    [[nodiscard]] static int noteLinePx()
    {
        return QFontMetrics(Theme::font(TextRole::Small)).lineSpacing();
    }

    /// As many as are shown; the last one ends with "…" if there is more.
    [[nodiscard]] static QStringList noteLines(const QString& note, int width)
    {
        const QFont font = Theme::font(TextRole::Small);
        const QString text = note.simplified();
        QTextLayout layout(text, font);
        QStringList lines;
        layout.beginLayout();
        for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
            line.setLineWidth(width);
            if (lines.size() == kMostNoteLines - 1) {
                lines << QFontMetrics(font).elidedText(text.mid(line.textStart()), Qt::ElideRight,
                                                       width);
                break;
            }
            lines << text.mid(line.textStart(), line.textLength()).trimmed();
        }
        layout.endLayout();
        return lines;
    }
};

/// One line of the list: a policy, what it is called, whose note it has.
struct Entry
{
    enum class Kind { Unsaved, Saved, Earlier, Other } kind = Kind::Earlier;
    PolicyDocument document;
    QString title;
    std::filesystem::path folder = {}; ///< of its file; of another policy only
};

QString savedAt(const RevisionRecord& record)
{
    if (record.savedAtMs == 0)
        return {};
    const QString when =
        QLocale().toString(QDateTime::fromMSecsSinceEpoch(record.savedAtMs), QLocale::ShortFormat);
    return (record.isForeign ? HistoryPane::tr("changed outside, read %1", "date and time")
                             : HistoryPane::tr("saved %1", "date and time"))
        .arg(when);
}

/// What one revision is beside the one before it: what a person tells it by if nobody said why it
/// was made.
QString changeInShort(const PolicyDocument& before, const PolicyDocument& after)
{
    const std::vector<ChangeLine> lines = changeLines(before, after);
    if (lines.empty())
        return {};
    const auto more = static_cast<int>(lines.size()) - 1;
    return more == 0 ? lines.front().sentence
                     : HistoryPane::tr("%1 And %n more.", "a change in a sentence", more)
                           .arg(lines.front().sentence);
}

/// The same of pairs that are asked for again and again.
class ChangesInShort
{
public:
    QString of(const PolicyDocument& before, const PolicyDocument& after)
    {
        const auto known = std::ranges::find_if(m_known, [&](const Known& each) {
            return each.after == after && each.before == before;
        });
        if (known != m_known.end())
            return known->words;
        if (m_known.size() == kMost)
            m_known.erase(m_known.begin());
        m_known.push_back({before, after, changeInShort(before, after)});
        return m_known.back().words;
    }

private:
    static constexpr std::size_t kMost = 24; ///< pairs: all revisions of a policy, and some
    struct Known
    {
        PolicyDocument before;
        PolicyDocument after;
        QString words;
    };
    std::vector<Known> m_known; ///< oldest first
};

/// Parts of the pane that end at its right margin.
QVBoxLayout* column(QVBoxLayout* outer)
{
    auto* const layout = new QVBoxLayout;
    layout->setContentsMargins(0, 0, space::kWide, 0);
    layout->setSpacing(outer->spacing());
    outer->addLayout(layout);
    return layout;
}

QString askWithDialog(QWidget* parent)
{
    return QFileDialog::getOpenFileName(
        parent->window(), HistoryPane::tr("Compare with a policy"), {},
        HistoryPane::tr("Signalbox policies (*.json);;All files (*)"));
}

/// All that is painted of it, for a screen reader.
void speak(QListWidgetItem* item)
{
    QStringList spoken{item->text()};
    if (item->data(ExportedRole).toBool())
        spoken << HistoryPane::tr("exported");
    for (const Role role : {SideRole, DetailRole, NoteRole}) {
        if (const QString part = item->data(role).toString(); !part.isEmpty())
            spoken << part;
    }
    item->setData(Qt::AccessibleTextRole, spoken.join(QStringLiteral(", ")));
}

} // namespace

struct HistoryPane::Private
{
    Private(Workbench& bench, PolicyComparison& compared)
        : workbench(bench), editor(bench.editor()), comparison(compared), ask(askWithDialog)
    {}

    Workbench& workbench;
    PolicyEditor& editor;
    PolicyComparison& comparison;
    AskForFile ask;
    std::vector<Entry> entries;
    std::vector<Entry> others; ///< of files, newest first
    bool stale = true;         ///< what happened while nobody looked
    mutable ChangesInShort changes;
    QString noteOfKey; ///< what is being noted

    QVBoxLayout* above = nullptr;
    QHBoxLayout* beside = nullptr; ///< the list
    QVBoxLayout* below = nullptr;
    QListWidget* list = nullptr;
    TextLabel* hint = nullptr;
    QWidget* noteBox = nullptr;
    TextLabel* noteCaption = nullptr;
    NoteField* note = nullptr;
    Callout* problem = nullptr;
    QPushButton* restore = nullptr;
    QPushButton* file = nullptr;

    [[nodiscard]] std::vector<Entry> currentEntries() const;
    [[nodiscard]] std::vector<int> chosen() const; ///< rows, ascending: newest first
    [[nodiscard]] QString noteOf(const Entry& entry) const;
    [[nodiscard]] QString whatChanged(const Entry& entry) const;
    [[nodiscard]] static QString keyOf(const Entry& entry);
    [[nodiscard]] std::filesystem::path folderOf(const Entry& entry) const;
    [[nodiscard]] const Entry* only() const; ///< the one chosen, null if none or more
    void askForComparison();
    void keepListEdge() const;
    void fill(QListWidgetItem* item, const Entry& entry) const;
    void markSides(int before, int after) const;
};

/// The policy as it is stands on top, whether saved or not.
std::vector<Entry> HistoryPane::Private::currentEntries() const
{
    std::vector<Entry> all;
    const auto isTaken = [&](const QString& title) {
        return std::ranges::find(all, title, &Entry::title) != all.end();
    };
    const auto isShared = [&](int number) {
        const auto& earlier = editor.revisions();
        return (editor.savedDocument().revision == number ? 1 : 0) +
                   std::ranges::count(earlier, number, &PolicyDocument::revision) >
               1;
    };
    // Several of one number are told apart by their times.
    const auto revision = [&](const PolicyDocument& document) {
        QString name = HistoryPane::tr("Revision %1").arg(document.revision);
        if (const auto at = editor.recordOf(document).savedAtMs;
            at != 0 && isShared(document.revision))
            name =
                HistoryPane::tr("%1 (%2)", "revision, time of day")
                    .arg(name,
                         QDateTime::fromMSecsSinceEpoch(at).toString(QStringLiteral("HH:mm:ss")));
        QString title = name;
        for (int version = 2; isTaken(title); ++version) // in the same second, or nobody knows when
            title = HistoryPane::tr("%1, version %2").arg(name).arg(version);
        return title;
    };
    if (editor.isModified())
        all.push_back({Entry::Kind::Unsaved, editor.document(), HistoryPane::tr("Not saved yet")});
    all.push_back({Entry::Kind::Saved, editor.savedDocument(), revision(editor.savedDocument())});
    for (const PolicyDocument& earlier : editor.revisions())
        all.push_back({Entry::Kind::Earlier, earlier, revision(earlier)});
    all.insert(all.end(), others.begin(), others.end());
    return all;
}

std::vector<int> HistoryPane::Private::chosen() const
{
    std::vector<int> rows;
    for (const QModelIndex& index : list->selectionModel()->selectedIndexes())
        rows.push_back(index.row());
    std::ranges::sort(rows);
    return rows;
}

const Entry* HistoryPane::Private::only() const
{
    const std::vector<int> rows = chosen();
    return rows.size() == 1 ? &entries[static_cast<std::size_t>(rows.front())] : nullptr;
}

/// Why it was made: a note of its own, else what the policy itself says of it if it did not say so
/// before, else what it changed.
QString HistoryPane::Private::noteOf(const Entry& entry) const
{
    switch (entry.kind) {
    case Entry::Kind::Unsaved:
        return PolicyWords::text(editor.nextNote());
    case Entry::Kind::Saved:
    case Entry::Kind::Earlier: {
        const std::string own = editor.recordOf(entry.document).note;
        return own.empty() ? whatChanged(entry) : PolicyWords::text(own);
    }
    case Entry::Kind::Other:
        break;
    }
    return PolicyWords::text(entry.document.note);
}

/// Beside the revision below it in the list. Titles tell revisions apart.
QString HistoryPane::Private::whatChanged(const Entry& entry) const
{
    const auto here = std::ranges::find(entries, keyOf(entry), &Private::keyOf);
    const bool hasBefore = here != entries.end() && std::next(here) != entries.end() &&
                           std::next(here)->kind == Entry::Kind::Earlier;
    if (!hasBefore)
        return PolicyWords::text(entry.document.note);
    const PolicyDocument& before = std::next(here)->document;
    if (!entry.document.note.empty() && entry.document.note != before.note)
        return PolicyWords::text(entry.document.note);
    return changes.of(before, entry.document);
}

QString HistoryPane::Private::keyOf(const Entry& entry)
{
    return QString::number(static_cast<int>(entry.kind)) + QLatin1Char(' ') + entry.title;
}

/// Where the tables stand that it names: revisions have those of the policy as it is.
std::filesystem::path HistoryPane::Private::folderOf(const Entry& entry) const
{
    return entry.kind == Entry::Kind::Other ? entry.folder : editor.filePath().parent_path();
}

void HistoryPane::Private::fill(QListWidgetItem* item, const Entry& entry) const
{
    const bool isRevision = entry.kind == Entry::Kind::Saved || entry.kind == Entry::Kind::Earlier;
    const QString detail = isRevision ? savedAt(editor.recordOf(entry.document))
                           : entry.kind == Entry::Kind::Other
                               ? HistoryPane::tr("another policy: %1, revision %2")
                                     .arg(PolicyWords::text(entry.document.name))
                                     .arg(entry.document.revision)
                               : HistoryPane::tr("the policy as it is now");
    const bool exported = isRevision && editor.wasExported(entry.document);
    const QString why = noteOf(entry);
    item->setText(entry.title);
    item->setData(DetailRole, detail);
    item->setData(NoteRole, why);
    item->setData(ExportedRole, exported);
    item->setData(KeyRole, keyOf(entry));
    item->setToolTip(plainToolTip(why));
    speak(item);
}

/// What stands beside the rows that are compared; -1: none is.
void HistoryPane::Private::markSides(int before, int after) const
{
    for (int row = 0; row < list->count(); ++row) {
        const QString side = row == before  ? HistoryPane::tr("before", "side of a comparison")
                             : row == after ? HistoryPane::tr("after", "side of a comparison")
                                            : QString();
        QListWidgetItem* const item = list->item(row);
        if (item->data(SideRole).toString() == side)
            continue;
        item->setData(SideRole, side);
        speak(item);
    }
}

/// Rows end where the fields below end: a scroll bar stands in the margin beside them.
void HistoryPane::Private::keepListEdge() const
{
    const QScrollBar* const bar = list->verticalScrollBar();
    const int room = bar->maximum() > bar->minimum() ? bar->sizeHint().width() : 0;
    beside->setContentsMargins(0, 0, std::max(0, space::kWide - room), 0);
}

/// One: with the policy as it is, and that one with what came before it. Two: the older with the
/// newer.
void HistoryPane::Private::askForComparison()
{
    const std::vector<int> rows = chosen();
    if (rows.empty() || rows.size() > 2)
        return;
    markSides(-1, -1);
    const auto entryAt = [this](int row) -> const Entry& {
        return entries[static_cast<std::size_t>(row)];
    };
    int after = 0;
    int before = rows.front();
    if (rows.size() == 2) {
        after = rows.front();
        before = rows.back();
    } else if (before == 0) {
        if (entries.size() < 2 || entryAt(1).kind == Entry::Kind::Other)
            return comparison.clear();
        before = 1;
    }
    markSides(before, after);
    comparison.compare({entryAt(before).document, entryAt(after).document, entryAt(before).title,
                        entryAt(after).title, folderOf(entryAt(before)), folderOf(entryAt(after))});
}

HistoryPane::HistoryPane(Workbench& workbench, PolicyComparison& comparison, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(workbench, comparison))
{
    setObjectName(QStringLiteral("historyPane"));
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kWide, space::kUnit, 0, space::kWide);
    layout->setSpacing(space::kUnit);
    d->above = column(layout);
    d->beside = new QHBoxLayout;
    layout->addLayout(d->beside, 1);
    d->below = column(layout);
    buildList();
    buildNote();
    buildActions();
    const auto changed = [this] { rebuild(); };
    connect(&d->editor, &PolicyEditor::documentChanged, this, changed);
    connect(&d->editor, &PolicyEditor::fileChanged, this, changed);
    connect(&d->editor, &PolicyEditor::revisionsChanged, this, changed);
    connect(&d->editor, &PolicyEditor::recordsChanged, this, changed);
    connect(&comparison, &PolicyComparison::changed, this, [this] {
        if (d->stale && d->comparison.isWatched())
            rebuild();
    });
    connect(&d->editor, &PolicyEditor::documentOpened, this, [this] {
        d->others.clear();
        d->list->clear(); // nothing of another policy stays chosen
        d->entries.clear();
        d->comparison.clear();
    });
    rebuild();
}

HistoryPane::~HistoryPane() = default;

void HistoryPane::setAskForFile(AskForFile ask)
{
    d->ask = std::move(ask);
}

void HistoryPane::buildList()
{
    d->hint = new TextLabel({}, TextRole::Small);
    d->hint->setMuted(true);
    d->hint->setWordWrap(true);
    d->above->addWidget(d->hint);
    d->list = new QListWidget;
    d->list->setObjectName(QStringLiteral("revisionList"));
    d->list->setAccessibleName(tr("Revisions, newest first"));
    d->list->setItemDelegate(new RevisionDelegate(d->list));
    d->list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    d->list->setFrameShape(QFrame::NoFrame);
    d->list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    d->list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    d->list->setResizeMode(QListView::Adjust);
    d->beside->addWidget(d->list);
    ScrollFade::addTo(d->list);
    const auto keepEdge = [this] { d->keepListEdge(); };
    connect(d->list->verticalScrollBar(), &QScrollBar::rangeChanged, this, keepEdge);
    keepEdge();
    connect(d->list, &QListWidget::itemSelectionChanged, this, [this] {
        refreshChosen();
        d->askForComparison();
        if (d->chosen().size() == 1 || d->chosen().size() == 2)
            emit comparisonChosen();
    });
    // Once more on what is chosen already: back to it from another view.
    connect(d->list, &QListWidget::itemClicked, this, [this] {
        d->askForComparison();
        emit comparisonChosen();
    });
    connect(d->list, &QListWidget::itemActivated, this, &HistoryPane::comparisonChosen);
}

void HistoryPane::buildNote()
{
    d->noteBox = new QWidget;
    auto* const box = new QVBoxLayout(d->noteBox);
    box->setContentsMargins(0, 0, 0, 0);
    box->setSpacing(space::kHalf);
    d->noteCaption = new TextLabel({}, TextRole::Small);
    d->noteCaption->setMuted(true);
    d->note = new NoteField(tr("Why this revision was made"), 4);
    d->note->setObjectName(QStringLiteral("revisionNote"));
    d->note->setUndoScope(UndoScope::TypingOnly);
    box->addWidget(d->noteCaption);
    box->addWidget(d->note);
    d->below->addWidget(d->noteBox);
    connect(d->note, &NoteField::textEdited, this, &HistoryPane::keepNote);
}

void HistoryPane::buildActions()
{
    d->problem = new Callout(Tone::Caution);
    d->problem->setObjectName(QStringLiteral("historyProblem"));
    d->problem->setDismissible(true);
    d->problem->hide();
    d->below->addWidget(d->problem);
    d->restore = new QPushButton(tr("Restore as a new revision"));
    d->restore->setObjectName(QStringLiteral("restoreRevision"));
    d->file = new QPushButton(tr("Compare with file…"));
    d->file->setObjectName(QStringLiteral("compareWithFile"));
    d->below->addWidget(d->restore);
    d->below->addWidget(d->file);
    connect(d->restore, &QPushButton::clicked, this, &HistoryPane::restore);
    connect(d->file, &QPushButton::clicked, this, [this] {
        if (const QString path = d->ask(this); !path.isEmpty())
            compareWithFile(path);
    });
}

/// Takes over what is chosen; a comparison with the policy as it is follows its edits.
void HistoryPane::rebuild()
{
    if (!isVisible() && !d->comparison.isWatched() && !d->entries.empty()) {
        d->stale = true;
        return;
    }
    d->stale = false;
    QStringList chosen;
    for (const QListWidgetItem* item : d->list->selectedItems())
        chosen << item->data(KeyRole).toString();
    const QListWidgetItem* const current = d->list->currentItem();
    const QString currentKey = current ? current->data(KeyRole).toString() : QString();
    d->entries = d->currentEntries();
    d->hint->setText(
        d->entries.size() < 2
            ? tr("Only one revision so far: every save and every export adds one.")
            : tr("Choose one to compare it with the policy as it is, the newest with the "
                 "one before it, or two with each other."));
    {
        const QSignalBlocker quiet(d->list);
        while (d->list->count() > static_cast<int>(d->entries.size()))
            delete d->list->takeItem(d->list->count() - 1);
        while (d->list->count() < static_cast<int>(d->entries.size()))
            d->list->addItem(QString());
        d->list->clearSelection();
        for (std::size_t i = 0; i < d->entries.size(); ++i) {
            QListWidgetItem* const item = d->list->item(static_cast<int>(i));
            d->fill(item, d->entries[i]);
            const QString key = item->data(KeyRole).toString();
            if (key == currentKey)
                d->list->setCurrentItem(item, QItemSelectionModel::NoUpdate);
            item->setSelected(chosen.contains(key));
        }
    }
    refreshChosen();
    d->askForComparison();
}

void HistoryPane::refreshChosen()
{
    const Entry* const entry = d->only();
    const bool isRevision = entry && entry->kind != Entry::Kind::Other;
    d->noteBox->setVisible(isRevision);
    if (isRevision) {
        // The list shows that note then.
        const bool isPolicysOwn = !entry->document.note.empty() &&
                                  d->noteOf(*entry) == PolicyWords::text(entry->document.note);
        const QString key = Private::keyOf(*entry);
        if (std::exchange(d->noteOfKey, key) != key)
            forgetTyping(d->note); // it was of another one
        d->note->setPlaceholderText(isPolicysOwn ? tr("As the note of the policy says")
                                                 : QString());
        const bool isUnsaved = entry->kind == Entry::Kind::Unsaved;
        d->noteCaption->setText(isUnsaved ? tr("Note for the next save: why is it made?")
                                          : tr("Note of this revision: why was it made?"));
        d->note->setValue(isUnsaved ? d->editor.nextNote()
                                    : d->editor.recordOf(entry->document).note);
    }
    const bool isPresent =
        entry && (entry->kind == Entry::Kind::Unsaved ||
                  (entry->kind == Entry::Kind::Saved && !d->editor.isModified()));
    d->restore->setEnabled(entry && !isPresent);
    d->restore->setToolTip(
        isPresent ? tr("This is the policy as it is: choose an earlier one.")
        : entry   ? tr("Puts this policy in the place of the present one, as one edit that can be "
                         "undone. It gets a number of its own when it is saved.")
                  : tr("Choose the one that is to come back."));
}

void HistoryPane::keepNote(const QString& note)
{
    const Entry* const entry = d->only();
    if (!entry)
        return;
    if (entry->kind == Entry::Kind::Unsaved)
        d->editor.setNextNote(note.toStdString());
    else
        d->editor.setRevisionNote(PolicyDocument(entry->document), note.toStdString());
}

/// The number stays that of the open policy: what is saved next gets one that is not used up.
void HistoryPane::restore()
{
    const Entry* const entry = d->only();
    if (!entry)
        return;
    PolicyDocument restored = entry->document;
    restored.revision = d->editor.document().revision;
    restored.id = d->editor.document().id;
    restored.release.reset();
    d->editor.push(ReplaceDocument{Boxed<PolicyDocument>(std::move(restored))});
}

void HistoryPane::compareWith(const PolicyDocument& other, const QString& title,
                              const std::filesystem::path& folder)
{
    d->problem->hide();
    std::erase_if(d->others, [&](const Entry& entry) { return entry.title == title; });
    d->others.insert(d->others.begin(), {Entry::Kind::Other, other, title, folder});
    if (std::ssize(d->others) > kMostOthers)
        d->others.pop_back();
    d->entries.clear(); // made anew, be it seen or not
    rebuild();
    const QString key = Private::keyOf(d->others.front());
    for (int row = 0; row < d->list->count(); ++row) {
        if (d->list->item(row)->data(KeyRole).toString() == key)
            d->list->setCurrentRow(row, QItemSelectionModel::ClearAndSelect);
    }
}

void HistoryPane::compareWithFile(const QString& path)
{
    const auto text = readFile(path.toStdString());
    auto document = text ? parsePolicy(*text) : Result<PolicyDocument>(Unexpected(text.error()));
    if (!document) {
        d->problem->setMessage(Tone::Caution,
                               tr("“%1” cannot be compared.").arg(QFileInfo(path).fileName()),
                               QString::fromStdString(toString(document.error())));
        d->problem->show();
        return;
    }
    compareWith(*document, QFileInfo(path).fileName(),
                std::filesystem::path(path.toStdString()).parent_path());
}

void HistoryPane::chooseIfNothing()
{
    if (d->stale)
        rebuild();
    if (d->list->selectedItems().isEmpty() && d->list->count() > 0)
        d->list->setCurrentRow(0, QItemSelectionModel::ClearAndSelect); // Ctrl may be held
}

void HistoryPane::focusList()
{
    d->list->setFocus(Qt::ShortcutFocusReason);
}

void HistoryPane::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (d->stale)
        rebuild();
}

void HistoryPane::paintEvent(QPaintEvent* /*event*/)
{
    QPainter(this).fillRect(rect(), Theme::current().colors().surface);
}

} // namespace signalbox::ui
