// SPDX-License-Identifier: GPL-3.0-or-later
#include "signal_pane.h"

#include "policy_edits.h"
#include "policy_paths.h"
#include "policy_words.h"
#include "score_editor.h"
#include "source_fields.h"

#include <core/policy/lint.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/histogram_view.h>
#include <ui/kit/theme.h>

#include <QCheckBox>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {
namespace {

enum SourceKind : std::size_t {
    Score,
    Measure,
    Keywords,
    Contains,
    Regex,
    Script,
    Style,
    Metadata,
    Header,
    Field,
    Window,
    Usage,
    KindCount
};
static_assert(std::variant_size_v<decltype(Signal::source)> == KindCount,
              "give the new source its fields");

const char* const kStyles[] = {"concise", "balanced", "detailed"};

/// The scope of a text source; other sources have none.
TextScope* scopeOf(Signal& signal)
{
    return std::visit(
        [](auto& source) -> TextScope* {
            if constexpr (requires { source.scope; })
                return &source.scope;
            else
                return nullptr;
        },
        signal.source);
}

bool usesSignal(const Condition& condition, const SignalId& id)
{
    if (const auto* const compare = std::get_if<Compare>(&condition.node))
        return compare->signal == id;
    if (const auto* const negation = std::get_if<Not>(&condition.node))
        return usesSignal(*negation->condition, id);
    const auto* const all = std::get_if<All>(&condition.node);
    const auto& children = all ? all->conditions : std::get<Any>(condition.node).conditions;
    return std::any_of(children.begin(), children.end(),
                       [&](const Condition& each) { return usesSignal(each, id); });
}

std::vector<std::string> linesOf(const QString& text)
{
    std::vector<std::string> words;
    for (const QString& line : text.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        if (const QString word = line.trimmed(); !word.isEmpty())
            words.push_back(word.toStdString());
    }
    return words;
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : "\n") + word;
    return text;
}

/// Every value of an enumeration up to `last`, with its words.
template<class Choice>
std::vector<std::pair<Choice, QString>> choicesOf(QString (*words)(Choice), Choice last)
{
    std::vector<std::pair<Choice, QString>> choices;
    for (int i = 0; i <= static_cast<int>(last); ++i)
        choices.emplace_back(static_cast<Choice>(i), words(static_cast<Choice>(i)));
    return choices;
}

/// A source of another kind that reads the same text, as far as both read one.
void changeKind(Signal& signal, std::size_t kind)
{
    const TextScope* const before = scopeOf(signal);
    const TextScope scope = before ? *before : TextScope::LastUser;
    signal.source = newSource(kind);
    if (TextScope* const after = scopeOf(signal))
        *after = scope;
}

} // namespace

SignalPane::SignalPane(Workbench& workbench, QWidget* parent) : InspectorPane(workbench, parent)
{
    setObjectName(QStringLiteral("signalPane"));
    buildName();
    buildSources();
    buildRest();
    connect(&workbench, &Workbench::stylesChanged, this, [this] {
        const Signal* const signal = editor().shownDocument().findSignal(m_id);
        const auto* const style = signal ? std::get_if<StyleSource>(&signal->source) : nullptr;
        if (style && m_notice)
            showTable(*style);
        if (signal && isVisible()) // scores may count by style
            showHistogram(editor().shownDocument(), *signal);
    });
}

void SignalPane::buildName()
{
    m_name = new TextField(tr("Name of the signal"));
    m_name->setObjectName(QStringLiteral("signalId"));
    addField(tr("Name of the signal"), m_name);
    connect(m_name, &QLineEdit::editingFinished, this, [this] {
        m_name->setPending(false);
        const SignalId wanted(m_name->text().trimmed().toStdString());
        if (wanted == m_id || wanted.isEmpty() || editor().document().findSignal(wanted)) {
            m_name->setValue(m_id.value);
            return;
        }
        edit(Pace::Once, [&](Signal& signal) { signal.id = wanted; });
    });
    m_kind = new ChoiceField(tr("What it is"));
    m_kind->setObjectName(QStringLiteral("signalKind"));
    for (std::size_t kind = 0; kind < KindCount; ++kind)
        m_kind->addItem(PolicyWords::sourceName(kind), static_cast<int>(kind));
    addField(tr("What it is"), m_kind);
    connect(m_kind, &QComboBox::activated, this,
            [this] { chooseSource(static_cast<std::size_t>(m_kind->value())); });
}

void SignalPane::buildSources()
{
    auto* const box = new QWidget;
    m_sourceLayout = new QVBoxLayout(box);
    m_sourceLayout->setContentsMargins(0, 0, 0, 0);
    body()->addWidget(box);
}

void SignalPane::buildRest()
{
    m_histogram = new HistogramView;
    m_histogram->setObjectName(QStringLiteral("signalHistogram"));
    m_histogram->setReadOnly(true);
    body()->addWidget(m_histogram);
    addSection(tr("Part in this policy"));
    m_uses = new TextLabel({}, TextRole::Small);
    m_uses->setMuted(true);
    m_uses->setWordWrap(true);
    body()->addWidget(m_uses);
    m_note = new NoteField(tr("Note"), 8);
    addField(tr("Note"), m_note);
    connect(m_note, &NoteField::textEdited, this, [this](const QString& text) {
        edit(Pace::Typing, [&](Signal& signal) { signal.note = text.toStdString(); });
    });
}

template<class Change> void SignalPane::edit(Pace pace, Change change)
{
    const Signal* const signal = editor().document().findSignal(m_id);
    if (!signal)
        return;
    Signal changed = *signal;
    change(changed);
    push(ReplaceSignal{m_id, std::move(changed)}, pace);
}

template<class Source, class Change> void SignalPane::editSource(Pace pace, Change change)
{
    edit(pace, [&](Signal& signal) {
        if (auto* const source = std::get_if<Source>(&signal.source))
            change(*source);
    });
}

void SignalPane::chooseSource(std::size_t kind)
{
    const Signal* const signal = editor().document().findSignal(m_id);
    if (signal && signal->source.index() != kind)
        edit(Pace::Once, [&](Signal& changed) { changeKind(changed, kind); });
}

void SignalPane::addScopeField(QVBoxLayout* layout)
{
    m_scope = new ChoiceField(tr("Reads"));
    for (const TextScope scope :
         {TextScope::LastUser, TextScope::AllUser, TextScope::System, TextScope::All})
        m_scope->addItem(PolicyWords::scope(scope), static_cast<int>(scope));
    layout->addWidget(captioned(tr("Reads"), m_scope));
    connect(m_scope, &QComboBox::activated, this, [this] {
        edit(Pace::Once,
             [&](Signal& signal) { *scopeOf(signal) = static_cast<TextScope>(m_scope->value()); });
    });
}

template<class Source>
void SignalPane::addTextField(QVBoxLayout* layout, const QString& caption,
                              std::string Source::* member)
{
    m_text = new TextField(caption);
    m_text->setObjectName(QStringLiteral("sourceText"));
    layout->addWidget(captioned(caption, m_text));
    connect(m_text, &QLineEdit::textEdited, this, [this, member](const QString& text) {
        editSource<Source>(Pace::Typing,
                           [&](Source& source) { source.*member = text.toStdString(); });
    });
}

template<class Source> void SignalPane::addTypeField(QVBoxLayout* layout)
{
    m_type = new ChoiceField(tr("Type of its value"));
    for (const ValueType type : {ValueType::Number, ValueType::Boolean, ValueType::String})
        m_type->addItem(PolicyWords::valueType(type), static_cast<int>(type));
    layout->addWidget(captioned(tr("Type of its value"), m_type));
    connect(m_type, &QComboBox::activated, this, [this] {
        editSource<Source>(Pace::Once, [&](Source& source) {
            source.type = static_cast<ValueType>(m_type->value());
        });
    });
}

template<class Source, class Choice>
void SignalPane::addChoiceField(QVBoxLayout* layout, const QString& caption,
                                Choice Source::* member,
                                const std::vector<std::pair<Choice, QString>>& choices)
{
    m_choice = new ChoiceField(caption);
    m_choice->setObjectName(QStringLiteral("sourceChoice"));
    for (const auto& [choice, words] : choices)
        m_choice->addItem(words, static_cast<int>(choice));
    layout->addWidget(captioned(caption, m_choice));
    connect(m_choice, &QComboBox::activated, this, [this, member] {
        editSource<Source>(Pace::Once, [&](Source& source) {
            source.*member = static_cast<Choice>(m_choice->value());
        });
    });
}

void SignalPane::buildScore(QVBoxLayout* layout)
{
    m_score = new ScoreEditor;
    layout->addWidget(m_score);
    connect(m_score, &ScoreEditor::edited, this, [this](const ScoreSource& score, Pace pace) {
        edit(pace, [&](Signal& signal) { signal.source = score; });
    });
    connect(m_score, &ScoreEditor::requestChosen, this, &SignalPane::requestChosen);
}

void SignalPane::buildKeywords(QVBoxLayout* layout)
{
    m_words = new NoteField(tr("Words, one a line"), 10);
    m_words->setObjectName(QStringLiteral("sourceWords"));
    layout->addWidget(captioned(tr("Words, one a line; letter case does not matter"), m_words));
    connect(m_words, &NoteField::textEdited, this, [this](const QString& text) {
        editSource<KeywordsSource>(Pace::Typing,
                                   [&](KeywordsSource& source) { source.anyOf = linesOf(text); });
    });
    addChoiceField<KeywordsSource, KeywordMatch>(
        layout, tr("Where a word counts"), &KeywordsSource::match,
        {{KeywordMatch::Substring, tr("anywhere, also inside other words")},
         {KeywordMatch::Word, tr("only as a whole word")}});
}

void SignalPane::buildRegex(QVBoxLayout* layout)
{
    addTextField(layout, tr("Expression that every router reads alike"), &RegexSource::pattern);
    m_text->setFont(Theme::font(TextRole::Mono));
    m_problem = new TextLabel({}, TextRole::Small);
    m_problem->setTone(Tone::Negative);
    m_problem->setWordWrap(true);
    layout->addWidget(m_problem);
    m_ignoreCase = new QCheckBox(tr("Ignore letter case (A to Z)"));
    layout->addWidget(m_ignoreCase);
    connect(m_ignoreCase, &QCheckBox::clicked, this, [this](bool on) {
        editSource<RegexSource>(Pace::Once, [&](RegexSource& source) { source.ignoreCase = on; });
    });
}

void SignalPane::buildStyle(QVBoxLayout* layout)
{
    m_choice = new ChoiceField(tr("If none is asked for"));
    for (const char* const style : kStyles)
        m_choice->addItem(QLatin1String(style), m_choice->count());
    layout->addWidget(captioned(tr("If none is asked for"), m_choice));
    connect(m_choice, &QComboBox::activated, this, [this] {
        editSource<StyleSource>(
            Pace::Once, [&](StyleSource& source) { source.fallback = kStyles[m_choice->value()]; });
    });
    addTextField(layout, tr("Table of users' styles, a file beside the policy"),
                 &StyleSource::table);
    m_text->setPlaceholderText(tr("none"));
    m_notice = new Callout(Tone::Caution);
    m_notice->setObjectName(QStringLiteral("styleTableNotice"));
    layout->addWidget(m_notice);
    m_tableNote = new TextLabel({}, TextRole::Small);
    m_tableNote->setObjectName(QStringLiteral("styleTableNote"));
    m_tableNote->setMuted(true);
    m_tableNote->setWordWrap(true);
    layout->addWidget(m_tableNote);
}

void SignalPane::buildProperty(QVBoxLayout* layout)
{
    m_choice = new ChoiceField(tr("Property"));
    m_choice->setObjectName(QStringLiteral("sourceChoice"));
    for (const auto& [field, words] :
         choicesOf<RequestField>(PolicyWords::field, RequestField::LastRole))
        m_choice->addItem(words, static_cast<int>(field));
    layout->addWidget(captioned(tr("Property"), m_choice));
    m_role = new ChoiceField(tr("Messages of"));
    m_role->setObjectName(QStringLiteral("messageRole"));
    m_role->addItem(tr("everybody", "whose messages are counted"), -1);
    for (const Role role : {Role::System, Role::User, Role::Assistant, Role::Tool})
        m_role->addItem(PolicyWords::role(role), static_cast<int>(role));
    layout->addWidget(captioned(tr("Messages of"), m_role));
    connect(m_choice, &QComboBox::activated, this, [this] {
        editSource<FieldSource>(Pace::Once, [&](FieldSource& source) {
            source.field = static_cast<RequestField>(m_choice->value());
            if (source.field != RequestField::Messages)
                source.role.reset();
        });
    });
    connect(m_role, &QComboBox::activated, this, [this] {
        editSource<FieldSource>(Pace::Once, [&](FieldSource& source) {
            source.role = m_role->value() < 0 ? std::nullopt
                                              : std::optional(static_cast<Role>(m_role->value()));
        });
    });
}

QWidget* SignalPane::buildSource(std::size_t kind)
{
    auto* const box = new QWidget;
    auto* const layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    m_score = nullptr;
    m_scope = m_choice = m_type = nullptr;
    m_words = nullptr;
    m_text = nullptr;
    m_ignoreCase = nullptr;
    m_problem = nullptr;
    m_role = nullptr;
    m_notice = nullptr;
    m_tableNote = nullptr;
    m_window = nullptr;
    m_usage = nullptr;
    if (kind == Measure || kind == Keywords || kind == Contains || kind == Regex || kind == Script)
        addScopeField(layout);
    switch (kind) {
    case Score:
        buildScore(layout);
        break;
    case Measure:
        addChoiceField<MeasureSource, TextMeasure>(
            layout, tr("Counts"), &MeasureSource::measure,
            choicesOf<TextMeasure>(PolicyWords::measure, TextMeasure::CodeShare));
        break;
    case Keywords:
        buildKeywords(layout);
        break;
    case Contains:
        addTextField(layout, tr("Text to find, letter for letter"), &ContainsSource::text);
        break;
    case Regex:
        buildRegex(layout);
        break;
    case Style:
        buildStyle(layout);
        break;
    case Metadata:
        addTextField(layout, tr("Key in the request's metadata"), &MetadataSource::key);
        addTypeField<MetadataSource>(layout);
        break;
    case Header:
        addTextField(layout, tr("Name of the header"), &HeaderSource::name);
        addTypeField<HeaderSource>(layout);
        break;
    case Field:
        buildProperty(layout);
        break;
    case Window:
        m_window = new TimeWindowFields;
        layout->addWidget(m_window);
        connect(m_window, &TimeWindowFields::edited, this,
                [this](const TimeWindowSource& window, Pace pace) {
                    edit(pace, [&](Signal& signal) { signal.source = window; });
                });
        break;
    case Usage:
        m_usage = new UsageFields;
        layout->addWidget(m_usage);
        connect(m_usage, &UsageFields::edited, this, [this](const UsageSource& usage, Pace pace) {
            edit(pace, [&](Signal& signal) { signal.source = usage; });
        });
        break;
    default:
        break;
    }
    return box;
}

void SignalPane::refresh(const PolicyDocument& document, const PolicySelection& selection)
{
    const Signal* const signal = document.findSignal(SignalId(selection.id));
    if (!signal)
        return;
    const bool another = m_id != signal->id;
    m_id = signal->id;
    if (another || !m_name->isPending())
        m_name->setValue(signal->id.value);
    m_kind->setValue(static_cast<int>(signal->source.index()));
    if (signal->source.index() != m_shownKind) {
        m_shownKind = signal->source.index();
        clearLayout(m_sourceLayout);
        m_sourceLayout->addWidget(buildSource(m_shownKind));
    }
    showSource(document, *signal);
    showHistogram(document, *signal);
    showUses(document);
    m_note->setValue(signal->note);
}

void SignalPane::showSource(const PolicyDocument& document, const Signal& signal)
{
    Signal copy = signal;
    if (const TextScope* const scope = scopeOf(copy); scope && m_scope)
        m_scope->setValue(static_cast<int>(*scope));
    if (std::holds_alternative<ScoreSource>(signal.source)) {
        m_score->setScore(document, signal.id, workbench().traffic());
    } else if (const auto* const measure = std::get_if<MeasureSource>(&signal.source)) {
        m_choice->setValue(static_cast<int>(measure->measure));
    } else if (const auto* const keywords = std::get_if<KeywordsSource>(&signal.source)) {
        if (linesOf(m_words->toPlainText()) != keywords->anyOf)
            m_words->setValue(joined(keywords->anyOf));
        m_choice->setValue(static_cast<int>(keywords->match));
    } else if (const auto* const contains = std::get_if<ContainsSource>(&signal.source)) {
        m_text->setValue(contains->text);
    } else if (const auto* const regex = std::get_if<RegexSource>(&signal.source)) {
        m_text->setValue(regex->pattern);
        const QString problem = QString::fromStdString(portableRegexProblem(regex->pattern));
        m_problem->setText(problem);
        m_problem->setVisible(!problem.isEmpty());
        const QSignalBlocker quiet(m_ignoreCase);
        m_ignoreCase->setChecked(regex->ignoreCase);
    } else if (const auto* const style = std::get_if<StyleSource>(&signal.source)) {
        m_choice->setCurrentText(QString::fromStdString(style->fallback));
        m_text->setValue(style->table);
        showTable(*style);
    } else if (const auto* const metadata = std::get_if<MetadataSource>(&signal.source)) {
        m_text->setValue(metadata->key);
        m_type->setValue(static_cast<int>(metadata->type));
    } else if (const auto* const header = std::get_if<HeaderSource>(&signal.source)) {
        m_text->setValue(header->name);
        m_type->setValue(static_cast<int>(header->type));
    } else if (const auto* const field = std::get_if<FieldSource>(&signal.source)) {
        m_choice->setValue(static_cast<int>(field->field));
        m_role->setValue(field->role ? static_cast<int>(*field->role) : -1);
        m_role->parentWidget()->setVisible(field->field == RequestField::Messages);
    } else if (const auto* const window = std::get_if<TimeWindowSource>(&signal.source)) {
        m_window->setWindow(*window);
    } else if (const auto* const usage = std::get_if<UsageSource>(&signal.source)) {
        m_usage->setUsage(*usage);
    }
}

/// A request that names no style has its user's from the table.
void SignalPane::showTable(const StyleSource& source)
{
    const QString& problem = workbench().stylesProblem();
    const auto styles = workbench().styles();
    m_notice->setVisible(!source.table.empty() && !problem.isEmpty());
    m_notice->setMessage(Tone::Caution,
                         tr("The table of styles cannot be used; users have %1.")
                             .arg(PolicyWords::text(source.fallback)),
                         problem);
    m_tableNote->setVisible(!source.table.empty() && styles);
    if (styles)
        m_tableNote->setText(styles->size() == 1 ? tr("The table names 1 user.")
                                                 : tr("The table names %n users.", "",
                                                      static_cast<int>(styles->size())));
}

void SignalPane::showHistogram(const PolicyDocument& document, const Signal& signal)
{
    if (valueTypeOf(signal) != ValueType::Number) {
        m_histogram->hide();
        m_histogramId = {};
        return;
    }
    const auto traffic = workbench().traffic();
    if (m_histogramId == signal.id && m_histogramOf == document.signalList &&
        m_histogramTraffic == traffic && m_histogramStyles == workbench().styles())
        return;
    m_histogramId = signal.id;
    m_histogramOf = document.signalList;
    m_histogramTraffic = traffic;
    m_histogramStyles = workbench().styles();
    std::vector<double> values = workbench().signalValues(signal.id);
    m_histogram->setVisible(!values.empty());
    m_histogram->setSignal(PolicyWords::text(signal.id.value));
    m_histogram->setValues(std::move(values));
}

void SignalPane::showUses(const PolicyDocument& document)
{
    QStringList uses;
    for (const Rule& rule : document.rules) {
        if (usesSignal(rule.when, m_id) || (rule.uncertain && rule.uncertain->signal == m_id))
            uses << tr("“%1”").arg(PolicyWords::rule(rule));
    }
    for (const Signal& each : document.signalList) {
        const auto* const score = std::get_if<ScoreSource>(&each.source);
        if (score &&
            std::any_of(score->terms.begin(), score->terms.end(),
                        [&](const ScoreTerm& term) { return usesSignal(term.when, m_id); }))
            uses << tr("the score “%1”").arg(PolicyWords::text(each.id.value));
    }
    m_uses->setText(uses.isEmpty() ? tr("Nothing reads it yet.")
                                   : tr("Read by %1.").arg(uses.join(tr(", "))));
}

void SignalPane::focusPart(const PolicySelection& /*selection*/)
{
    if (m_score)
        m_score->focusFirst();
    else
        focusName();
}

void SignalPane::focusName()
{
    m_name->setFocus(Qt::OtherFocusReason);
    m_name->selectAll();
}

} // namespace signalbox::ui
