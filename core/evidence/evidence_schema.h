// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/result.h>

#include <QStringList>

class QSqlDatabase;

namespace signalbox {

/// The steps that bring an evidence file from one schema version to the next. Step i turns version
/// i into version i + 1; version 0 is an empty file. Steps are never changed once released: a new
/// version is a new step.
[[nodiscard]] const QList<QStringList>& evidenceMigrations();

/// Runs the steps that are still missing, each in a transaction of its own. Several programs may do
/// so at once: each step is run by one of them.
/// @return Unsupported if the file is newer than the last step
[[nodiscard]] Result<void> migrateEvidence(QSqlDatabase& database, int upTo = -1);

[[nodiscard]] Result<int> evidenceSchemaVersion(QSqlDatabase& database);

/// The error for a file of a version that this program does not know.
[[nodiscard]] Unexpected newerEvidence(int version);

} // namespace signalbox
