// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workbench.h"

#include <core/lab/lab_run.h>

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

namespace signalbox::ui {

/// What a run would take, before it is started.
struct Preflight
{
    std::size_t cells = 0;
    std::optional<Money> expected; ///< as long as in the evidence; nullopt: a price is unknown
    std::optional<Money> worst;    ///< every answer as long as allowed
    std::size_t unpricedModels = 0;
    bool simulated = false; ///< all models are
};

/// The lab as a page sees it: which prompts, which models, and the run over them. Prompts and
/// models can be changed while nothing runs; a change starts a fresh table. GUI thread; owned by
/// its page.
class LabSession : public QObject
{
    Q_OBJECT
public:
    explicit LabSession(Workbench& workbench, QObject* parent = nullptr);
    ~LabSession() override;

    [[nodiscard]] const std::vector<LabPrompt>& prompts() const;
    void setSamplePromptCount(std::size_t count); ///< taken in turn from the segments
    void addPrompt(const QString& text);          ///< typed by the person; becomes the first row
    [[nodiscard]] std::size_t samplePromptCount() const;

    /// Models of the policy, all or a choice of them.
    [[nodiscard]] const std::vector<ModelSpec>& models() const;
    /// Place of a model in the policy's list, which decides its colour and mark; -1 if it is gone.
    [[nodiscard]] int policyIndexOf(const ModelId& id) const;
    [[nodiscard]] bool isModelChosen(const ModelId& id) const;
    void chooseModel(const ModelId& id, bool chosen);

    [[nodiscard]] int samples() const;
    void setSamples(int samples);

    [[nodiscard]] Preflight preflight() const;

    /// The run of the present prompts and models; always there, started or not.
    [[nodiscard]] LabRun& run();
    [[nodiscard]] const LabRun& run() const;
    [[nodiscard]] bool isRunning() const;
    [[nodiscard]] bool wasStarted() const;

    void start();
    void pause();
    void stop();
    void rerun(const CellId& id);
    void rerunFailed();

    /// The newest run in the store that a crash or a closed window interrupted, over the same
    /// prompts and models; nullopt if there is none.
    [[nodiscard]] std::optional<RunInfo> interruptedRun() const;
    void resume(const RunInfo& interrupted);

signals:
    void aboutToReset(); ///< prompts or models change: the run is replaced
    void wasReset();
    void cellChanged(const signalbox::CellId& id);
    void textAppended(const signalbox::CellId& id, const QString& text);
    void progressChanged();
    void finished();
    void failed(const QString& sentence);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
