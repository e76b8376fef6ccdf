// SPDX-License-Identifier: GPL-3.0-or-later
#include "price_shelf.h"

#include <core/base/files.h>
#include <core/prices/accepted_book.h>
#include <core/prices/price_book_json.h>

#include <utility>

namespace signalbox::ui {

PriceShelf::PriceShelf(std::filesystem::path file, QObject* parent)
    : QObject(parent), m_file(std::move(file))
{}

PriceShelf::~PriceShelf() = default;

void PriceShelf::read() const
{
    if (m_book)
        return;
    BookInUse used = bookInUse(m_file);
    m_book = std::move(used.book);
    m_isBundled = used.isBundled;
    if (used.problem)
        m_problem = tr("The accepted price book cannot be read, so the program's own counts: %1")
                        .arg(QString::fromStdString(toString(*used.problem)));
}

std::shared_ptr<const PriceBook> PriceShelf::book() const
{
    read();
    return m_book;
}

bool PriceShelf::isBundled() const
{
    read();
    return m_isBundled;
}

const QString& PriceShelf::problem() const
{
    read();
    return m_problem;
}

Result<void> PriceShelf::take(PriceBook book)
{
    if (!m_file.empty()) {
        if (auto written = writeFileAtomically(m_file.string(), toPriceBookText(book)); !written)
            return written;
    }
    m_isBundled = book == bundledPriceBook();
    m_book = std::make_shared<const PriceBook>(std::move(book));
    m_problem.clear();
    emit changed();
    return {};
}

Result<PriceBook> readOfferedBook(const QString& path)
{
    const auto text = readFile(path.toStdString(), kPriceBookJsonLimits.bytes);
    if (!text)
        return Unexpected(text.error());
    return parsePriceBook(*text);
}

} // namespace signalbox::ui
