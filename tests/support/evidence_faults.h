// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QString>
#include <QTest>

#include <filesystem>

namespace signalbox::test {

inline const QString kRefuseAnswers =
    QStringLiteral("CREATE TRIGGER full BEFORE INSERT ON answer BEGIN SELECT "
                   "RAISE(ABORT, 'disk is full'); END");
inline const QString kAcceptAnswers = QStringLiteral("DROP TRIGGER full");

/// Another program does something to an evidence file.
inline void onEvidence(const std::filesystem::path& file, const QString& statement)
{
    {
        QSqlDatabase other =
            QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("other"));
        other.setDatabaseName(QString::fromStdString(file.string()));
        QVERIFY(other.open());
        QSqlQuery query(other);
        QVERIFY2(query.exec(statement), qPrintable(query.lastError().text()));
    }
    QSqlDatabase::removeDatabase(QStringLiteral("other"));
}

} // namespace signalbox::test
