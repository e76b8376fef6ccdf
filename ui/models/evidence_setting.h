// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/evidence/store_address.h>

#include <QString>

#include <cstddef>
#include <optional>

namespace signalbox::ui {

/// Where answers are kept from the next start on, as the settings have it: a file, or a team's
/// PostgreSQL database; empty: in a file of the program's own folder. Never holds a password.
[[nodiscard]] QString evidenceSetting();
void setEvidenceSetting(const QString& address);
/// The same to open; nullopt: the program's own file, also where the setting cannot be read.
[[nodiscard]] std::optional<StoreAddress> evidenceSettingAddress();

/// What is found at an address.
struct StoreTrial
{
    enum class Found {
        Store,   ///< of this or an older version
        Nothing, ///< it can be reached, and holds no answers yet
    };
    Found found = Found::Nothing;
    std::size_t runs = 0;
};
/// Tries an address and changes nothing there. Waits for a disk or a server: not for the GUI
/// thread.
/// @param address  as evidenceSetting(); not empty
[[nodiscard]] Result<StoreTrial> tryStore(const QString& address);

} // namespace signalbox::ui
