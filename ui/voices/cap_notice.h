// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/lab_session.h>

#include <QObject>
#include <QPointer>

namespace signalbox::ui {

class Callout;
class NoticeList;

/// Says that a cap holds the run, and offers to raise it and go on, to set another, or to end the
/// run. Gone once it goes on. Owned by the page.
class CapNotice : public QObject
{
    Q_OBJECT
public:
    CapNotice(LabSession& session, NoticeList& notices, QObject* parent);

signals:
    void capsRequested(); ///< a person wants to see and set them

private:
    void show(const CapReached& reached);
    void drop();

    LabSession& m_session;
    NoticeList& m_notices;
    QPointer<Callout> m_callout;
};

} // namespace signalbox::ui
