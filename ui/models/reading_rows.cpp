// SPDX-License-Identifier: GPL-3.0-or-later
#include "reading_rows.h"

#include "background.h"

#include <core/base/formula_guard.h>
#include <core/base/utf8.h>
#include <core/voice/row_spread.h>

#include <QElapsedTimer>
#include <QTimer>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <string>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kFollowMs = 250;               ///< after a cell changed
constexpr int kFoldSliceMs = 3;              ///< of a frame
constexpr std::size_t kFoldedHere = 100'000; ///< bytes; longer texts are folded on a worker
constexpr qsizetype kBeforeHit = 40;  ///< characters that are shown before what was looked for
constexpr qsizetype kPreview = 1'000; ///< as LabTableModel::TextRole

using Folded = std::shared_ptr<const std::string>;

/// Column 0 is the prompt.
struct TextPlace
{
    std::size_t prompt = 0;
    std::size_t column = 0;
};

/// memmem() is vectorised, which std::string::find() is not.
bool contains(const std::string& text, const std::string& words)
{
    return memmem(text.data(), text.size(), words.data(), words.size()) != nullptr;
}

/// As a spreadsheet takes it from the clipboard.
QString clipboardCell(const QString& text)
{
    return QString::fromStdString(tabField(text.toStdString()));
}

} // namespace

std::string foldedText(const std::string& text)
{
    std::string folded;
    folded.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x80) {
            folded += byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : text[i];
            ++i;
            continue;
        }
        const DecodedCodePoint c = decodeCodePoint(text, i);
        const char32_t low = c.bytes == 1 ? c.value : QChar::toCaseFolded(c.value);
        if (low == c.value)
            folded.append(text, i, c.bytes);
        else
            appendUtf8(folded, low);
        i += c.bytes;
    }
    return folded;
}

struct ReadingRows::Private
{
    Private(ReadingRows* owner, LabSession& lab, LabTableModel& source, CellRemarks& said)
        : q(owner), session(lab), table(source), remarks(said)
    {}

    ReadingRows* q;
    LabSession& session;
    LabTableModel& table;
    CellRemarks& remarks;
    ReadingCriteria criteria;
    std::vector<int> rows;   ///< of the table, in the order in which they are read
    std::vector<int> places; ///< in `rows`, by row of the table; -1: out of sight

    std::vector<Folded> folded;      ///< by prompt and column
    std::vector<TextPlace> unfolded; ///< waiting, the last first
    QTimer foldTimer;
    QTimer followTimer;

    std::string needle;          ///< what `hits` are of
    std::vector<char> hits;      ///< by prompt and column; empty: not known
    bool isSearching = false;    ///< a worker does
    bool searchAgain = false;    ///< something changed since it began
    std::vector<double> spreads; ///< by prompt; empty: not known
    bool isMeasuring = false;
    bool measureAgain = false; ///< likewise
    quint64 number = 0; ///< of the table; what is found for an older one is dropped

    [[nodiscard]] std::size_t columns() const { return session.models().size() + 1; }
    [[nodiscard]] std::size_t prompts() const { return session.prompts().size(); }
    [[nodiscard]] std::size_t placeOf(std::size_t prompt, std::size_t column) const
    {
        return prompt * columns() + column;
    }

    void begin();
    void cellChanged(const CellId& id);
    void queueFold(const TextPlace& place);
    void foldSome();
    void foldElsewhere(const TextPlace& place);
    [[nodiscard]] const std::string& textAt(const TextPlace& place) const;

    void refresh();
    void search();
    void forgetSpreads();
    void measure();
    void apply();
    [[nodiscard]] std::vector<int> wantedRows() const;
    [[nodiscard]] bool isWanted(std::size_t prompt) const;
    [[nodiscard]] bool anyAnswer(std::size_t prompt, bool (*is)(const Cell&)) const;
    void sortByOrder(std::vector<int>& wanted) const;
    void setRows(std::vector<int> wanted);
    void notePlaces();

    [[nodiscard]] bool isHit(int tableRow, int column) const;
    [[nodiscard]] QString excerpt(const CellId& id) const;
    [[nodiscard]] QString header() const;
    [[nodiscard]] QString line(int row) const;
};

const std::string& ReadingRows::Private::textAt(const TextPlace& place) const
{
    return place.column == 0 ? session.prompts()[place.prompt].messages.back().text
                             : session.run().cell({place.prompt, place.column - 1, 0}).answer.text;
}

/// A new table: everything is to be read anew.
void ReadingRows::Private::begin()
{
    ++number;
    hits.clear();
    spreads.clear();
    searchAgain = isSearching = isMeasuring = measureAgain = false;
    folded.assign(prompts() * columns(), nullptr);
    unfolded.clear();
    for (std::size_t prompt = prompts(); prompt-- > 0;) {
        for (std::size_t column = columns(); column-- > 0;)
            unfolded.push_back({prompt, column});
    }
    rows = wantedRows();
    notePlaces();
    foldTimer.start();
}

void ReadingRows::Private::queueFold(const TextPlace& place)
{
    unfolded.push_back(place);
    if (!foldTimer.isActive())
        foldTimer.start();
}

/// A slice of a frame's time; the first slice is as long as it takes for a table of a usual size.
void ReadingRows::Private::foldSome()
{
    QElapsedTimer clock;
    clock.start();
    while (!unfolded.empty() && clock.elapsed() < kFoldSliceMs) {
        const TextPlace place = unfolded.back();
        unfolded.pop_back();
        if (const std::string& text = textAt(place); text.size() > kFoldedHere)
            foldElsewhere(place);
        else
            folded[placeOf(place.prompt, place.column)] =
                std::make_shared<const std::string>(foldedText(text));
    }
    if (!unfolded.empty())
        return;
    foldTimer.stop();
    if (!criteria.words.isEmpty())
        search();
}

void ReadingRows::Private::foldElsewhere(const TextPlace& place)
{
    inBackground(
        q, [text = textAt(place)] { return std::make_shared<const std::string>(foldedText(text)); },
        [this, place, begun = number](Folded text) {
            if (begun != number)
                return;
            folded[placeOf(place.prompt, place.column)] = std::move(text);
            search();
        });
}

/// Text that is being written is looked at when it is whole.
void ReadingRows::Private::cellChanged(const CellId& id)
{
    if (id.sample != 0)
        return;
    const CellState state = session.run().cell(id).state;
    if (state == CellState::Done || state == CellState::Failed || state == CellState::Stopped)
        queueFold({id.prompt, id.model + 1});
    if (criteria.order == ReadingOrder::MostNoticeable)
        forgetSpreads();
    if ((criteria.narrows() || criteria.order != ReadingOrder::AsSent) && !followTimer.isActive())
        followTimer.start();
}

/// What is not known yet is found out first, and then applied.
void ReadingRows::Private::refresh()
{
    if (!criteria.words.isEmpty() &&
        (hits.empty() || needle != foldedText(criteria.words.toStdString())))
        search();
    if (criteria.order == ReadingOrder::MostNoticeable && spreads.empty())
        measure();
    apply();
}

void ReadingRows::Private::search()
{
    searchAgain = isSearching;
    if (isSearching || criteria.words.isEmpty() || !unfolded.empty())
        return; // the end of what goes on begins it anew
    isSearching = true;
    using Found = std::vector<char>;
    inBackground(
        q,
        [texts = folded, words = foldedText(criteria.words.toStdString())] {
            Found found(texts.size());
            std::ranges::transform(texts, found.begin(), [&](const Folded& text) {
                return static_cast<char>(text && contains(*text, words));
            });
            return std::pair(words, std::move(found));
        },
        [this, begun = number](std::pair<std::string, Found> found) {
            if (begun != number)
                return;
            isSearching = false;
            needle = std::move(found.first);
            hits = std::move(found.second);
            apply();
            if (std::exchange(searchAgain, false))
                search();
        });
}

/// What is being measured is over then, too.
void ReadingRows::Private::forgetSpreads()
{
    spreads.clear();
    measureAgain = isMeasuring;
}

void ReadingRows::Private::measure()
{
    measureAgain = isMeasuring;
    if (isMeasuring)
        return; // the end of what goes on begins it anew
    isMeasuring = true;
    std::vector<std::optional<StyleVector>> styles;
    for (std::size_t prompt = 0; prompt < prompts(); ++prompt) {
        for (std::size_t model = 0; model + 1 < columns(); ++model) {
            const StyleVector* const style = session.styleOf({prompt, model, 0});
            styles.push_back(style ? std::optional(*style) : std::nullopt);
        }
    }
    inBackground(
        q,
        [styles = std::move(styles), models = columns() - 1] {
            std::vector<const StyleVector*> all;
            for (const auto& style : styles)
                all.push_back(style ? &*style : nullptr);
            return rowSpreads(all, models);
        },
        [this, begun = number](std::vector<double> found) {
            if (begun != number)
                return;
            isMeasuring = false;
            spreads = std::move(found);
            apply();
            if (std::exchange(measureAgain, false))
                measure();
        });
}

bool ReadingRows::Private::anyAnswer(std::size_t prompt, bool (*is)(const Cell&)) const
{
    CellId id{prompt, 0, 0};
    for (; id.model < session.models().size(); ++id.model) {
        if (is(session.run().cell(id)))
            return true;
    }
    return false;
}

bool ReadingRows::Private::isWanted(std::size_t prompt) const
{
    if (criteria.segment &&
        table.index(static_cast<int>(prompt), 0).data(LabTableModel::SegmentRole).toString() !=
            *criteria.segment)
        return false;
    if (criteria.tag && !table.index(static_cast<int>(prompt), 0)
                             .data(LabTableModel::TagsRole)
                             .toStringList()
                             .contains(*criteria.tag))
        return false;
    if (criteria.failed &&
        !anyAnswer(prompt, [](const Cell& cell) { return cell.state == CellState::Failed; }))
        return false;
    if (criteria.refused && !anyAnswer(prompt, [](const Cell& cell) {
            return cell.state == CellState::Done && (cell.answer.state == AnswerState::Refused ||
                                                     cell.answer.state == AnswerState::Filtered);
        }))
        return false;
    if (criteria.differs && !differs(session, prompt))
        return false;
    if (criteria.starred) {
        bool any = false;
        for (std::size_t model = 0; model < session.models().size(); ++model) {
            const CellRemark* const remark = remarks.of({prompt, model, 0});
            any = any || (remark && remark->isStarred);
        }
        if (!any)
            return false;
    }
    if (criteria.words.isEmpty() || hits.empty())
        return true; // not known yet: nothing goes
    const auto first = hits.begin() + static_cast<std::ptrdiff_t>(placeOf(prompt, 0));
    return std::any_of(first, first + static_cast<std::ptrdiff_t>(columns()),
                       [](char hit) { return hit != 0; });
}

/// Those of which the measure is not known come last; equal ones stay as they were sent.
void ReadingRows::Private::sortByOrder(std::vector<int>& wanted) const
{
    std::vector<double> keys;
    if (criteria.order == ReadingOrder::Longest) {
        for (std::size_t prompt = 0; prompt < prompts(); ++prompt) {
            int most = -1;
            for (std::size_t model = 0; model < session.models().size(); ++model) {
                const auto size = session.sizeOf({prompt, model, 0});
                most = std::max(most, size ? size->words : -1);
            }
            keys.push_back(most);
        }
    } else if (criteria.order == ReadingOrder::MostNoticeable) {
        for (const double spread : spreads)
            keys.push_back(std::isnan(spread) ? -1 : spread);
    }
    if (keys.size() != prompts())
        return;
    // A conversation stays together, where its first by this order stands.
    const Conversations& conversations = session.run().conversations();
    std::vector<double> most = keys;
    for (std::size_t prompt = 0; prompt < prompts(); ++prompt) {
        double& its = most[conversations.beginning(prompt)];
        its = std::max(its, keys[prompt]);
    }
    for (std::size_t prompt = 0; prompt < prompts(); ++prompt)
        keys[prompt] = most[conversations.beginning(prompt)];
    std::ranges::stable_sort(wanted, [&](int a, int b) {
        return keys[static_cast<std::size_t>(a)] > keys[static_cast<std::size_t>(b)];
    });
}

std::vector<int> ReadingRows::Private::wantedRows() const
{
    std::vector<int> wanted;
    for (std::size_t prompt = 0; prompt < prompts(); ++prompt) {
        if (isWanted(prompt))
            wanted.push_back(static_cast<int>(prompt));
    }
    sortByOrder(wanted);
    return wanted;
}

void ReadingRows::Private::apply()
{
    const bool waitsForWords = !criteria.words.isEmpty() && hits.empty();
    const bool waitsForSpreads =
        criteria.order == ReadingOrder::MostNoticeable && spreads.size() != prompts();
    if (!waitsForWords && !waitsForSpreads)
        setRows(wantedRows());
    emit q->readingChanged();
}

void ReadingRows::Private::setRows(std::vector<int> wanted)
{
    if (wanted == rows)
        return;
    q->beginResetModel();
    rows = std::move(wanted);
    notePlaces();
    q->endResetModel();
}

void ReadingRows::Private::notePlaces()
{
    places.assign(prompts(), -1);
    for (std::size_t place = 0; place < rows.size(); ++place)
        places[static_cast<std::size_t>(rows[place])] = static_cast<int>(place);
}

bool ReadingRows::Private::isHit(int tableRow, int column) const
{
    const auto at = static_cast<std::size_t>(column);
    if (criteria.words.isEmpty() || hits.empty() || tableRow < 0 || at >= columns())
        return false;
    return hits[placeOf(static_cast<std::size_t>(tableRow), at)] != 0;
}

/// The beginning of an answer, or what stands around the first hit if that would be out of sight.
QString ReadingRows::Private::excerpt(const CellId& id) const
{
    const QString text = QString::fromStdString(session.run().cell(id).answer.text);
    const qsizetype hit = text.indexOf(criteria.words, 0, Qt::CaseInsensitive);
    if (hit <= 2 * kBeforeHit)
        return text.left(kPreview);
    qsizetype from = hit - kBeforeHit;
    const qsizetype space = text.indexOf(QLatin1Char(' '), from);
    if (space >= 0 && space < hit)
        from = space + 1;
    return QStringLiteral("\u2026 ") + text.mid(from, kPreview);
}

QString ReadingRows::Private::header() const
{
    QStringList cells;
    for (int column = 0; column < q->columnCount(); ++column) {
        const QString name = q->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        cells << clipboardCell(name);
        if (column > 0)
            cells << clipboardCell(ReadingRows::tr("Remarks on %1", "a model").arg(name));
    }
    return cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
}

QString ReadingRows::Private::line(int row) const
{
    QStringList cells;
    for (int column = 0; column < q->columnCount(); ++column) {
        const QModelIndex at = q->index(row, column);
        const auto id = q->cellIdOf(at);
        cells << clipboardCell(id ? QString::fromStdString(session.run().cell(*id).answer.text)
                             : at.data(LabTableModel::TextRole).toString());
        if (column > 0)
            cells << clipboardCell(at.data(RemarkRole).toString());
    }
    return cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
}

ReadingRows::ReadingRows(LabSession& session, LabTableModel& table, CellRemarks& remarks,
                         QObject* parent)
    : QAbstractProxyModel(parent), d(std::make_unique<Private>(this, session, table, remarks))
{
    d->foldTimer.setInterval(0);
    connect(&d->foldTimer, &QTimer::timeout, this, [this] { d->foldSome(); });
    d->followTimer.setInterval(kFollowMs);
    d->followTimer.setSingleShot(true);
    connect(&d->followTimer, &QTimer::timeout, this, [this] { d->refresh(); });
    setSourceModel(&table);
    d->begin();
    connect(&table, &QAbstractItemModel::modelAboutToBeReset, this, [this] { beginResetModel(); });
    connect(&table, &QAbstractItemModel::modelReset, this, [this] {
        d->begin();
        endResetModel();
        d->refresh();
    });
    connect(&table, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex& from, const QModelIndex& to, const QList<int>& roles) {
                if (from.row() != to.row()) {
                    if (rowCount() > 0)
                        emit dataChanged(index(0, from.column()),
                                         index(rowCount() - 1, to.column()), roles);
                } else if (const QModelIndex first = mapFromSource(from); first.isValid()) {
                    emit dataChanged(first, mapFromSource(to), roles);
                }
            });
    connect(&table, &QAbstractItemModel::headerDataChanged, this,
            [this](Qt::Orientation orientation, int first, int last) {
                if (orientation == Qt::Horizontal)
                    emit headerDataChanged(orientation, first, last);
            });
    connect(&session, &LabSession::cellChanged, this,
            [this](const CellId& id) { d->cellChanged(id); });
    connect(&session, &LabSession::answersCounted, this, [this] {
        d->forgetSpreads();
        if (d->criteria.order != ReadingOrder::AsSent && !d->followTimer.isActive())
            d->followTimer.start();
    });
    connect(&remarks, &CellRemarks::changed, this, [this](const CellId& id) {
        if (const QModelIndex cell = indexOf(id); cell.isValid())
            emit dataChanged(cell, cell);
        if (d->criteria.starred)
            d->apply();
    });
    connect(&remarks, &CellRemarks::wasReset, this, [this] {
        if (rowCount() > 0)
            emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
        if (d->criteria.starred)
            d->apply();
    });
}

ReadingRows::~ReadingRows() = default;

void ReadingRows::setCriteria(const ReadingCriteria& criteria)
{
    if (criteria == d->criteria)
        return;
    d->criteria = criteria;
    if (criteria.words.isEmpty())
        d->hits.clear();
    d->refresh();
}

const ReadingCriteria& ReadingRows::criteria() const
{
    return d->criteria;
}

bool ReadingRows::isSearching() const
{
    return d->isSearching || d->isMeasuring || (!d->criteria.words.isEmpty() && d->hits.empty());
}

int ReadingRows::total() const
{
    return static_cast<int>(d->prompts());
}

QStringList ReadingRows::segments() const
{
    QStringList all;
    for (int row = 0; row < total(); ++row) {
        const QString segment = d->table.index(row, 0).data(LabTableModel::SegmentRole).toString();
        if (!all.contains(segment))
            all << segment;
    }
    return all;
}

QStringList ReadingRows::tags() const
{
    QStringList all;
    for (int row = 0; row < total(); ++row) {
        const QStringList tags =
            d->table.index(row, 0).data(LabTableModel::TagsRole).toStringList();
        for (const QString& tag : tags) {
            if (!all.contains(tag))
                all << tag;
        }
    }
    return all;
}

bool ReadingRows::differs(const LabSession& session, std::size_t prompt)
{
    bool answers = false;
    bool fails = false;
    bool satisfies = false;
    bool misses = false;
    CellId id{prompt, 0, 0};
    for (; id.model < session.models().size(); ++id.model) {
        const Cell& cell = session.run().cell(id);
        const AnswerState state = cell.answer.state;
        if (cell.state == CellState::Failed ||
            (cell.state == CellState::Done &&
             (state == AnswerState::Refused || state == AnswerState::Filtered)))
            fails = true;
        else if (cell.state == CellState::Done)
            answers = true;
        if (cell.state == CellState::Done && cell.answer.satisfied)
            (*cell.answer.satisfied >= 0.5 ? satisfies : misses) = true;
    }
    return (answers && fails) || (satisfies && misses);
}

int ReadingRows::hitCount() const
{
    if (d->hits.empty())
        return 0;
    int count = 0;
    for (const int row : d->rows) {
        for (int column = 0; column < columnCount(); ++column)
            count += d->isHit(row, column) ? 1 : 0;
    }
    return count;
}

int ReadingRows::hitNumber(const QModelIndex& index) const
{
    if (!index.isValid() || index.data(HitRole).toString().isEmpty())
        return 0;
    int count = 0;
    for (int row = 0; row <= index.row(); ++row) {
        const int last = row == index.row() ? index.column() : columnCount() - 1;
        for (int column = 0; column <= last; ++column)
            count += d->isHit(d->rows[static_cast<std::size_t>(row)], column) ? 1 : 0;
    }
    return count;
}

QModelIndex ReadingRows::nextHit(const QModelIndex& from, bool forward) const
{
    const int columns = columnCount();
    const int cells = rowCount() * columns;
    const int begin = from.isValid() ? from.row() * columns + from.column() : -1;
    for (int step = 1; step <= cells; ++step) {
        const int place = (begin + (forward ? step : 2 * cells - step)) % cells;
        const int row = place / columns;
        if (d->isHit(d->rows[static_cast<std::size_t>(row)], place % columns))
            return index(row, place % columns);
    }
    return {};
}

std::optional<CellId> ReadingRows::cellIdOf(const QModelIndex& at) const
{
    if (!at.isValid() || at.column() < 1 ||
        static_cast<std::size_t>(at.column()) > d->session.models().size())
        return std::nullopt;
    return LabTableModel::cellIdOf(mapToSource(at));
}

QModelIndex ReadingRows::indexOf(const CellId& id) const
{
    return mapFromSource(
        d->table.index(static_cast<int>(id.prompt), static_cast<int>(id.model) + 1));
}

QString ReadingRows::asText() const
{
    QString text = d->header();
    for (int row = 0; row < rowCount(); ++row)
        text += d->line(row);
    return text;
}

QString ReadingRows::asText(int row) const
{
    return d->header() + d->line(row);
}

QModelIndex ReadingRows::index(int row, int column, const QModelIndex& parent) const
{
    return hasIndex(row, column, parent) ? createIndex(row, column) : QModelIndex();
}

QModelIndex ReadingRows::parent(const QModelIndex& /*child*/) const
{
    return {};
}

int ReadingRows::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(d->rows.size());
}

int ReadingRows::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : d->table.columnCount();
}

QModelIndex ReadingRows::mapToSource(const QModelIndex& at) const
{
    if (!at.isValid() || at.row() >= rowCount())
        return {};
    return d->table.index(d->rows[static_cast<std::size_t>(at.row())], at.column());
}

QModelIndex ReadingRows::mapFromSource(const QModelIndex& at) const
{
    const auto row = static_cast<std::size_t>(at.row());
    if (!at.isValid() || row >= d->places.size() || d->places[row] < 0)
        return {};
    return createIndex(d->places[row], at.column());
}

QVariant ReadingRows::data(const QModelIndex& at, int role) const
{
    if (!at.isValid() || at.row() >= rowCount())
        return {};
    const bool isHit = d->isHit(d->rows[static_cast<std::size_t>(at.row())], at.column());
    if (role == HitRole)
        return isHit ? d->criteria.words : QString();
    const auto id = cellIdOf(at);
    switch (role) {
    case StarRole: {
        const CellRemark* const remark = id ? d->remarks.of(*id) : nullptr;
        return id ? QVariant(remark && remark->isStarred) : QVariant();
    }
    case NoteRole: {
        const CellRemark* const remark = id ? d->remarks.of(*id) : nullptr;
        if (!remark || (remark->note.isEmpty() && remark->others.empty()))
            return QString();
        return remark->note.isEmpty() ? QString::fromStdString(remark->others.front().text)
                                      : remark->note;
    }
    case RemarkRole:
        return id ? d->remarks.textOf(*id) : QString();
    case Qt::AccessibleTextRole: {
        const QString words = mapToSource(at).data(role).toString();
        const QString said = id ? d->remarks.textOf(*id) : QString();
        return said.isEmpty() ? words : tr("%1 %2", "a cell, what was said of it").arg(words, said);
    }
    case LabTableModel::TextRole:
        if (id && isHit)
            return d->excerpt(*id);
        break;
    default:
        break;
    }
    return mapToSource(at).data(role);
}

QVariant ReadingRows::headerData(int section, Qt::Orientation orientation, int role) const
{
    const bool isRow = orientation == Qt::Vertical;
    if (isRow && (section < 0 || section >= rowCount()))
        return {};
    return d->table.headerData(isRow ? d->rows[static_cast<std::size_t>(section)] : section,
                               orientation, role);
}

} // namespace signalbox::ui
