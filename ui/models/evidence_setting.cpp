// SPDX-License-Identifier: GPL-3.0-or-later
#include "evidence_setting.h"

#include <core/evidence/evidence_store.h>

#include <QDir>
#include <QFileInfo>
#include <QSettings>

namespace signalbox::ui {

namespace {

constexpr char kAddressKey[] = "evidence/address";

/// A file that is not there yet is made at the next start, if its folder takes it.
Result<StoreTrial> tryNewFile(const SqliteStore& store)
{
    const QFileInfo folder(QFileInfo(QString::fromStdString(store.file.string())).absolutePath());
    if (!folder.isDir())
        return fail(ErrorCode::NotFound, "there is no such folder",
                    folder.absoluteFilePath().toStdString(), "make it, or choose another");
    if (!folder.isWritable())
        return fail(ErrorCode::Refused, "nothing may be written into the folder",
                    folder.absoluteFilePath().toStdString(), "choose another one");
    return StoreTrial{};
}

} // namespace

QString evidenceSetting()
{
    return QSettings().value(QLatin1String(kAddressKey)).toString();
}

void setEvidenceSetting(const QString& address)
{
    if (address.isEmpty())
        QSettings().remove(QLatin1String(kAddressKey));
    else
        QSettings().setValue(QLatin1String(kAddressKey), address);
}

std::optional<StoreAddress> evidenceSettingAddress()
{
    const QString text = evidenceSetting();
    if (text.isEmpty())
        return std::nullopt;
    auto address = parseStoreAddress(text.toStdString());
    return address ? std::optional(std::move(*address)) : std::nullopt;
}

Result<StoreTrial> tryStore(const QString& address)
{
    const auto parsed = parseStoreAddress(address.toStdString());
    if (!parsed)
        return Unexpected(parsed.error());
    const auto* file = std::get_if<SqliteStore>(&*parsed);
    if (file && !QFileInfo::exists(QString::fromStdString(file->file.string())))
        return tryNewFile(*file);
    const auto store = EvidenceStore::openExisting(*parsed);
    if (!store) {
        // A database that answers and has no tables of ours yet.
        const bool isEmpty = !file && store.error().code == ErrorCode::InvalidArgument;
        return isEmpty ? Result<StoreTrial>(StoreTrial{}) : Unexpected(store.error());
    }
    const auto runs = store->runs();
    if (!runs)
        return Unexpected(runs.error());
    return StoreTrial{StoreTrial::Found::Store, runs->size()};
}

} // namespace signalbox::ui
