// SPDX-License-Identifier: GPL-3.0-or-later
#include "price_shelf.h"

#include <core/base/files.h>
#include <core/prices/price_book_json.h>

#include <system_error>
#include <utility>

namespace signalbox::ui {

namespace {

std::shared_ptr<const PriceBook> bundled()
{
    // It lives as long as the program, so nobody owns it.
    return {std::shared_ptr<const PriceBook>(), &bundledPriceBook()};
}

} // namespace

PriceShelf::PriceShelf(std::filesystem::path file, QObject* parent)
    : QObject(parent), m_file(std::move(file))
{}

PriceShelf::~PriceShelf() = default;

void PriceShelf::read() const
{
    if (m_book)
        return;
    m_book = bundled();
    std::error_code unknown;
    if (m_file.empty() || !std::filesystem::exists(m_file, unknown))
        return;
    auto accepted = readOfferedBook(QString::fromStdString(m_file.string()));
    if (!accepted) {
        m_problem = tr("The accepted price book cannot be read, so the program's own counts: %1")
                        .arg(QString::fromStdString(toString(accepted.error())));
        return;
    }
    m_isBundled = false;
    m_book = std::make_shared<const PriceBook>(std::move(*accepted));
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
