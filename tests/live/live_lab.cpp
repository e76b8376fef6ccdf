// SPDX-License-Identifier: GPL-3.0-or-later
// Two models of real servers through the Voices page itself: adds them to the policy, leaves the
// simulated ones out, presses Send, waits until every cell is settled, prints how the voices
// compare. usage: live_lab MODEL@URL MODEL@URL   (exit code 1 unless every cell is done)

#include <app/cli/lab_report.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_session.h>
#include <ui/models/workbench.h>
#include <ui/voices/voices_page.h>

#include <QApplication>
#include <QPushButton>
#include <QTimer>

#include <cstdio>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

constexpr std::size_t kPrompts = 10;
constexpr int kSamples = 2;
constexpr int kPatienceMs = 20 * 60 * 1000;

bool addModels(Workbench& workbench, const QStringList& addresses)
{
    for (const QString& address : addresses) {
        ModelSpec model;
        model.id = ModelId(address.section(QLatin1Char('@'), 0, 0).toStdString());
        model.provider = "openai";
        model.upstreamModel = model.id.value;
        model.baseUrl = address.section(QLatin1Char('@'), 1).toStdString();
        const std::size_t place = workbench.editor().document().models.size();
        if (!workbench.editor().push(InsertModel{place, model}))
            return false;
    }
    return true;
}

int printResult(const LabSession& session)
{
    std::vector<Answer> answers;
    std::size_t done = 0;
    for (std::size_t prompt = 0; prompt < session.prompts().size(); ++prompt) {
        for (std::size_t model = 0; model < session.models().size(); ++model) {
            for (int sample = 0; sample < kSamples; ++sample) {
                const Cell& cell = session.run().cell({prompt, model, sample});
                answers.push_back(cell.answer);
                done += cell.state == CellState::Done;
                if (cell.state != CellState::Done)
                    std::fprintf(stderr, "%s\n", cell.status.c_str());
            }
        }
    }
    std::fputs(cli::compareAnswers(answers, session.models()).text.c_str(), stdout);
    std::printf("%zu of %zu cells done\n", done, answers.size());
    return done == answers.size() ? 0 : 1;
}

} // namespace

int main(int argc, char* argv[])
{
    QApplication app(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-live"));
    setUpLook(app, ThemeChoice::Light);
    Workbench workbench({});
    workbench.openSample();
    const QStringList addresses = QCoreApplication::arguments().mid(1);
    if (addresses.size() != 2 || !addModels(workbench, addresses)) {
        std::fputs("usage: live_lab MODEL@URL MODEL@URL\n", stderr);
        return 2;
    }
    VoicesPage page(workbench);
    LabSession& session = page.session();
    const std::vector<ModelSpec> all = session.models();
    for (const ModelSpec& model : all) {
        if (model.provider == "simulator")
            session.chooseModel(model.id, false);
    }
    session.setSamplePromptCount(kPrompts);
    session.setSamples(kSamples);
    page.show();
    int code = 1;
    QObject::connect(&session, &LabSession::finished, &app, [&] {
        code = printResult(session);
        QCoreApplication::quit();
    });
    QTimer::singleShot(kPatienceMs, &app, [] { QCoreApplication::exit(1); });
    page.findChild<QPushButton*>(QStringLiteral("start"))->click();
    QApplication::exec();
    return code;
}
