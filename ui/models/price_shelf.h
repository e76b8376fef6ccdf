// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/result.h>
#include <core/prices/price_book.h>

#include <QObject>
#include <QString>

#include <filesystem>
#include <memory>

namespace signalbox::ui {

/// The price book that the window counts with: the program's own, until a person has accepted an
/// update, which is kept in a file. Owned by the workbench; GUI thread.
class PriceShelf : public QObject
{
    Q_OBJECT
public:
    /// @param file  of accepted updates; empty: they are kept until the window closes
    explicit PriceShelf(std::filesystem::path file, QObject* parent = nullptr);
    ~PriceShelf() override;

    /// Read at the first call; never null.
    [[nodiscard]] std::shared_ptr<const PriceBook> book() const;
    [[nodiscard]] bool isBundled() const; ///< nobody has accepted another one
    /// Why an accepted book is not used: a sentence; empty: it is, or there is none.
    [[nodiscard]] const QString& problem() const;

    /// What a person accepted.
    /// @return why it cannot be kept; nothing changes then
    [[nodiscard]] Result<void> take(PriceBook book);

signals:
    void changed();

private:
    void read() const;

    std::filesystem::path m_file;
    mutable std::shared_ptr<const PriceBook> m_book; ///< null: not read yet
    mutable bool m_isBundled = true;
    mutable QString m_problem;
};

/// A book that somebody offers as an update: whole, or the first thing that is wrong with it.
[[nodiscard]] Result<PriceBook> readOfferedBook(const QString& path);

} // namespace signalbox::ui
