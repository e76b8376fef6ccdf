// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>

#include <QWidget>

#include <optional>
#include <string>
#include <vector>

class QVBoxLayout;

namespace signalbox::ui {

class ChoiceField;

/// A request to fill in: the turns of its conversation, and fields for what a policy looks at
/// beside the text, and for nothing else.
class RequestForm final : public QWidget
{
    Q_OBJECT
public:
    explicit RequestForm(QWidget* parent = nullptr);

    void setRequest(const Request& request);
    [[nodiscard]] const Request& request() const { return m_request; }
    /// The signals of the policy, which decide what there is to fill in.
    void setSignals(const std::vector<Signal>& all);
    /// Nobody has said anything yet.
    [[nodiscard]] bool isEmpty() const;
    void focusMessage();

signals:
    void edited(); ///< by a person

private:
    void buildConversation();
    void buildContext();
    void rebuildTurns();
    [[nodiscard]] QWidget* buildTurn(std::size_t index);
    void rebuildContext();
    void addMetadataField(const MetadataSource& source);
    void addHeaderField(const HeaderSource& source);
    void addPropertyField(RequestField field);
    void addTimeField(const TimeWindowSource& source);
    void addReadingField(const Signal& signal, const UsageSource& source);
    void setReading(const SignalId& signal, std::optional<double> value);
    void setMetadata(const std::string& key, std::optional<Scalar> value);
    void setHeader(const std::string& name, const std::string& value);

    Request m_request;
    std::vector<Signal> m_signals;
    QVBoxLayout* m_layout = nullptr;
    QVBoxLayout* m_turns = nullptr;
    ChoiceField* m_style = nullptr;
    QVBoxLayout* m_context = nullptr;
};

} // namespace signalbox::ui
