// SPDX-License-Identifier: GPL-3.0-or-later
#include "line_up_sheet.h"

#include <core/lab/lab_plan.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/model_look.h>
#include <ui/kit/sheet_buttons.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kSheetWidth = 680;
constexpr int kWordLines = 3;
constexpr int kNumberWidth = 132;
constexpr int kMostTokens = 1'000'000;
constexpr int kTokenStep = 64;
constexpr double kTemperatureStep = 0.1;
constexpr int kUnsaid = -1;
enum Told { Nothing, First, Instead };

QLabel* caption(const QString& text, QWidget* buddy)
{
    auto* const label = new QLabel(text);
    label->setBuddy(buddy);
    return label;
}

/// Fields in a row, each below its caption; the first one takes the room.
QGridLayout* besideEachOther(const std::vector<std::pair<QString, QWidget*>>& fields)
{
    auto* const grid = new QGridLayout;
    grid->setHorizontalSpacing(space::kGap);
    grid->setVerticalSpacing(space::kHalf);
    int column = 0;
    for (const auto& [text, field] : fields) {
        grid->addWidget(caption(text, field), 0, column);
        grid->addWidget(field, 1, column++);
    }
    grid->setColumnStretch(0, 1);
    return grid;
}

TextLabel* hint(const QString& text)
{
    auto* const label = new TextLabel(text, TextRole::Small);
    label->setMuted(true);
    label->setWordWrap(true);
    return label;
}

std::optional<int> said(const QSpinBox& box)
{
    return box.value() == box.minimum() ? std::nullopt : std::optional(box.value());
}

std::optional<double> said(const QDoubleSpinBox& box)
{
    return box.value() < 0 ? std::nullopt : std::optional(box.value());
}

QString textOf(const ModelId& id)
{
    return withVisibleControls(QString::fromStdString(id.value));
}

} // namespace

LineUpSheet::LineUpSheet(LineUp chosen, std::vector<ModelId> models, ModelId policyColumn,
                         std::filesystem::path file, QWidget* parent)
    : QDialog(parent), m_lineUp(std::move(chosen)), m_models(std::move(models)),
      m_policyColumn(std::move(policyColumn)), m_file(std::move(file))
{
    setObjectName(QStringLiteral("lineUpSheet"));
    setWindowTitle(tr("Line-up"));
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kWide, space::kWide, space::kWide, space::kWide);
    layout->setSpacing(space::kUnit);
    setFixedWidth(kSheetWidth);
    if (!m_file.empty())
        buildKept(layout);
    buildColumns(layout);
    buildVariant(layout);
    buildAsking(layout);
    buildButtons(layout);
    fillColumns();
    fillAsking();
    refreshButtons();
}

/// Above all else: whoever comes back wants one of these.
void LineUpSheet::buildKept(QVBoxLayout* layout)
{
    auto* const row = new QHBoxLayout;
    row->setSpacing(space::kUnit);
    m_names = new QComboBox;
    m_names->setObjectName(QStringLiteral("lineUp.kept"));
    m_names->setAccessibleName(tr("Kept line-ups"));
    m_name = new QLineEdit;
    m_name->setObjectName(QStringLiteral("lineUp.name"));
    m_name->setPlaceholderText(tr("Keep this one as\u2026"));
    m_name->setAccessibleName(tr("Name to keep this line-up by"));
    m_keep = new QPushButton(tr("&Keep"));
    m_keep->setObjectName(QStringLiteral("lineUp.keep"));
    m_forget = new QPushButton(tr("&Forget"));
    m_forget->setObjectName(QStringLiteral("lineUp.forget"));
    setButtonKind(m_forget, ButtonKind::Quiet);
    for (QPushButton* const button : {m_keep, m_forget})
        button->setAutoDefault(false);
    row->addWidget(m_names, 1);
    row->addWidget(m_forget);
    row->addSpacing(space::kGap);
    row->addWidget(m_name, 1);
    row->addWidget(m_keep);
    layout->addLayout(row);
    m_problem = new TextLabel({}, TextRole::Small);
    m_problem->setObjectName(QStringLiteral("lineUp.problem"));
    m_problem->setTone(Tone::Negative);
    m_problem->setWordWrap(true);
    layout->addWidget(m_problem);
    layout->addSpacing(space::kUnit);
    auto kept = readLineUps(m_file);
    if (kept)
        m_kept = std::move(*kept);
    note(kept ? Result<void>() : Result<void>(Unexpected(kept.error())));
    m_name->setEnabled(kept.has_value()); // what cannot be read is not written over
    fillKept();
    connect(m_names, &QComboBox::activated, this, [this](int place) { useKept(place); });
    connect(m_name, &QLineEdit::textChanged, this, [this] { refreshButtons(); });
    connect(m_name, &QLineEdit::returnPressed, this, [this] { keep(); });
    connect(m_keep, &QPushButton::clicked, this, [this] { keep(); });
    connect(m_forget, &QPushButton::clicked, this, [this] { forget(); });
}

void LineUpSheet::buildColumns(QVBoxLayout* layout)
{
    layout->addWidget(new TextLabel(tr("Columns"), TextRole::BodyStrong));
    m_columns = new QWidget;
    auto* const rows = new QVBoxLayout(m_columns);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(space::kHalf);
    layout->addWidget(m_columns);
    layout->addSpacing(space::kUnit);
}

void LineUpSheet::buildVariant(QVBoxLayout* layout)
{
    layout->addWidget(
        new TextLabel(tr("Ask a model in another way besides"), TextRole::BodyStrong));
    m_of = new QComboBox;
    m_of->setObjectName(QStringLiteral("variant.of"));
    for (std::size_t i = 0; i < m_models.size(); ++i)
        m_of->addItem(modelIcon(static_cast<int>(i)), textOf(m_models[i]));
    m_otherwise =
        makeFields(QStringLiteral("variant"), tr("as all", "a number"), tr("as all", "a number"));
    m_told = new QComboBox;
    m_told->setObjectName(QStringLiteral("variant.told"));
    m_told->addItem(tr("as it is", "the system prompt"));
    m_told->addItem(tr("with this in front", "the system prompt"));
    m_told->addItem(tr("this instead", "the system prompt"));
    m_words = new QPlainTextEdit;
    m_words->setObjectName(QStringLiteral("variant.words"));
    m_words->setAccessibleName(tr("Text of the system prompt"));
    m_words->setPlaceholderText(tr("For example: Answer in two sentences."));
    m_words->setTabChangesFocus(true);
    m_words->setFixedHeight(m_words->fontMetrics().lineSpacing() * kWordLines + 2 * space::kUnit);
    m_words->hide();
    m_add = new QPushButton(tr("&Add column"));
    m_add->setObjectName(QStringLiteral("variant.add"));
    m_add->setAutoDefault(false);
    QGridLayout* const grid = besideEachOther({{tr("&Model"), m_of},
                                               {tr("Tem&perature"), m_otherwise.temperature},
                                               {tr("&Longest answer"), m_otherwise.maxTokens},
                                               {tr("See&d"), m_otherwise.seed}});
    grid->addWidget(caption(tr("S&ystem prompt"), m_told), 2, 0);
    grid->addWidget(m_told, 3, 0);
    grid->addWidget(m_add, 3, grid->columnCount() - 1);
    grid->addWidget(m_words, 4, 0, 1, grid->columnCount());
    layout->addLayout(grid);
    layout->addWidget(hint(tr("Its answers are another voice than the model's usual one, and no "
                              "evidence for it.")));
    layout->addSpacing(space::kUnit);
    connect(m_told, &QComboBox::currentIndexChanged, this, [this](int told) {
        m_words->setVisible(told != Nothing);
        if (told != Nothing)
            m_words->setFocus();
        adjustSize();
        refreshButtons();
    });
    connect(m_words, &QPlainTextEdit::textChanged, this, [this] { refreshButtons(); });
    connect(m_of, &QComboBox::currentIndexChanged, this, [this] { refreshButtons(); });
    connect(m_otherwise.temperature, &QDoubleSpinBox::valueChanged, this,
            [this] { refreshButtons(); });
    for (QSpinBox* const box : {m_otherwise.maxTokens, m_otherwise.seed})
        connect(box, &QSpinBox::valueChanged, this, [this] { refreshButtons(); });
    connect(m_add, &QPushButton::clicked, this, [this] { addVariant(); });
}

void LineUpSheet::buildAsking(QVBoxLayout* layout)
{
    layout->addWidget(new TextLabel(tr("All columns"), TextRole::BodyStrong));
    m_all = makeFields(QStringLiteral("all"), tr("the server\u2019s own", "a number"),
                       tr("no limit", "a length"));
    m_samples = new QSpinBox;
    m_samples->setObjectName(QStringLiteral("all.samples"));
    m_samples->setRange(1, kMostSamples);
    layout->addLayout(besideEachOther({{tr("T&imes"), m_samples},
                                       {tr("Temperat&ure"), m_all.temperature},
                                       {tr("Lon&gest answer"), m_all.maxTokens},
                                       {tr("S&eed"), m_all.seed}}));
    layout->addWidget(hint(tr("Of several times the first has this seed and each further one the "
                              "next. Not every server looks at it.")));
    connect(m_all.temperature, &QDoubleSpinBox::valueChanged, this, [this] { takeAsking(); });
    for (QSpinBox* const box : {m_all.maxTokens, m_all.seed, m_samples})
        connect(box, &QSpinBox::valueChanged, this, [this] { takeAsking(); });
}

void LineUpSheet::buildButtons(QVBoxLayout* layout)
{
    layout->addSpacing(space::kUnit);
    m_use = addSheetButtons(this, layout, tr("Use it"), QStringLiteral("lineUp.use"), [this] {
        if (!typedVariant().isNone() && m_add->isEnabled())
            addVariant(); // who filled its fields meant it
        accept();
    });
}

AskingFields LineUpSheet::makeFields(const QString& prefix, const QString& unsaid,
                                     const QString& unsaidLength)
{
    AskingFields fields;
    fields.temperature = new QDoubleSpinBox;
    fields.temperature->setObjectName(prefix + QStringLiteral(".temperature"));
    fields.temperature->setDecimals(2);
    fields.temperature->setSingleStep(kTemperatureStep);
    fields.temperature->setRange(-kTemperatureStep, kMostTemperature);
    fields.temperature->setSpecialValueText(unsaid);
    fields.maxTokens = new QSpinBox;
    fields.maxTokens->setObjectName(prefix + QStringLiteral(".maxTokens"));
    fields.maxTokens->setRange(0, kMostTokens);
    fields.maxTokens->setSingleStep(kTokenStep);
    fields.maxTokens->setSpecialValueText(unsaidLength);
    fields.maxTokens->setSuffix(tr(" tokens"));
    fields.seed = new QSpinBox;
    fields.seed->setObjectName(prefix + QStringLiteral(".seed"));
    fields.seed->setRange(kUnsaid, kMostSeed);
    fields.seed->setSpecialValueText(unsaid);
    for (QWidget* const field :
         {static_cast<QWidget*>(fields.temperature), static_cast<QWidget*>(fields.maxTokens),
          static_cast<QWidget*>(fields.seed)})
        field->setFixedWidth(kNumberWidth);
    fields.temperature->setValue(fields.temperature->minimum());
    fields.seed->setValue(kUnsaid);
    return fields;
}

void LineUpSheet::fillKept()
{
    m_names->clear();
    m_names->addItem(m_kept.empty() ? tr("No line-up is kept yet") : tr("As chosen now"));
    for (const LineUp& each : m_kept)
        m_names->addItem(withVisibleControls(QString::fromStdString(each.name)));
    m_names->setEnabled(!m_kept.empty());
}

/// Boxes for the policy's models and the policy, and rows for what is asked besides.
void LineUpSheet::fillColumns()
{
    auto* const rows = static_cast<QVBoxLayout*>(m_columns->layout());
    while (QLayoutItem* const item = rows->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    std::vector<ModelId> boxes = m_models;
    boxes.push_back(m_policyColumn);
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        const bool isPolicy = i + 1 == boxes.size();
        auto* const box = new QCheckBox(isPolicy ? tr("Policy", "a column of the table")
                                                 : withoutMnemonics(textOf(boxes[i])));
        box->setIcon(isPolicy ? icon(Icon::Policy) : modelIcon(static_cast<int>(i)));
        box->setObjectName(QStringLiteral("lineUp.") + QString::fromStdString(boxes[i].value));
        box->setChecked(std::ranges::find(m_lineUp.leftOut, boxes[i]) == m_lineUp.leftOut.end());
        connect(box, &QCheckBox::toggled, this, [this, id = boxes[i]](bool on) {
            std::erase(m_lineUp.leftOut, id);
            if (!on)
                m_lineUp.leftOut.push_back(id);
        });
        rows->addWidget(box);
    }
    for (const Variant& variant : m_lineUp.variants) {
        auto* const row = new QWidget;
        auto* const parts = new QHBoxLayout(row);
        parts->setContentsMargins(0, 0, 0, 0);
        auto* const name = new ElidedLabel(textOf(nameOf(variant)));
        name->setObjectName(QStringLiteral("lineUp.variant"));
        auto* const remove = new IconButton(Icon::Close, tr("Take this column out"));
        remove->setObjectName(QStringLiteral("lineUp.remove"));
        parts->addWidget(name, 1);
        parts->addWidget(remove);
        rows->addWidget(row);
        connect(remove, &QToolButton::clicked, this, [this, gone = variant] {
            std::erase(m_lineUp.variants, gone);
            fillColumns();
            m_of->setFocus(Qt::OtherFocusReason); // the button goes
        });
    }
    adjustSize();
}

void LineUpSheet::fillAsking()
{
    m_isFilling = true;
    const Asking& asking = m_lineUp.asking;
    m_all.temperature->setValue(asking.temperature.value_or(m_all.temperature->minimum()));
    m_all.maxTokens->setValue(asking.maxTokens.value_or(0));
    m_all.seed->setValue(asking.seed.value_or(kUnsaid));
    m_samples->setValue(m_lineUp.samples);
    m_isFilling = false;
}

void LineUpSheet::takeAsking()
{
    if (m_isFilling)
        return;
    m_lineUp.asking = {said(*m_all.maxTokens), said(*m_all.temperature), said(*m_all.seed)};
    m_lineUp.samples = m_samples->value();
}

Variant LineUpSheet::typedVariant() const
{
    Variant variant;
    if (m_of->currentIndex() < 0)
        return variant;
    variant.of = m_models[static_cast<std::size_t>(m_of->currentIndex())];
    variant.overrides.temperature = said(*m_otherwise.temperature);
    variant.overrides.maxTokens = said(*m_otherwise.maxTokens);
    variant.seed = said(*m_otherwise.seed);
    const QString words = m_words->toPlainText().trimmed();
    if (m_told->currentIndex() == Instead || (m_told->currentIndex() == First && !words.isEmpty()))
        variant.overrides.system =
            SystemPrompt{m_told->currentIndex() == Instead ? SystemPromptMode::Replace
                                                           : SystemPromptMode::Prepend,
                         words.toStdString()};
    return variant;
}

void LineUpSheet::addVariant()
{
    m_lineUp.variants.push_back(typedVariant());
    m_otherwise.temperature->setValue(m_otherwise.temperature->minimum());
    m_otherwise.maxTokens->setValue(0);
    m_otherwise.seed->setValue(kUnsaid);
    m_told->setCurrentIndex(Nothing);
    m_words->clear();
    fillColumns();
    refreshButtons();
}

void LineUpSheet::refreshButtons()
{
    const Variant typed = typedVariant();
    m_add->setEnabled(!typed.of.isEmpty() && !typed.isNone() &&
                      std::ranges::find(m_lineUp.variants, typed) == m_lineUp.variants.end());
    m_add->setToolTip(typed.isNone()
                          ? plainToolTip(tr("Say first how the model is asked otherwise"))
                          : QString());
    if (m_file.empty())
        return;
    m_keep->setEnabled(m_name->isEnabled() && !m_name->text().trimmed().isEmpty());
    m_forget->setEnabled(m_names->currentIndex() > 0);
}

void LineUpSheet::useKept(int place)
{
    if (place > 0) {
        m_lineUp = m_kept[static_cast<std::size_t>(place) - 1];
        m_name->setText(QString::fromStdString(m_lineUp.name));
        fillColumns();
        fillAsking();
    }
    refreshButtons();
}

/// One of the same name gives way.
void LineUpSheet::keep()
{
    const std::string name = m_name->text().trimmed().toStdString();
    if (name.empty() || !m_name->isEnabled())
        return;
    LineUp kept = m_lineUp;
    kept.name = name;
    std::vector<LineUp> all = m_kept;
    std::erase_if(all, [&](const LineUp& each) { return each.name == name; });
    all.push_back(std::move(kept));
    std::ranges::sort(all, {}, &LineUp::name);
    const auto written = writeLineUps(m_file, all);
    note(written);
    if (!written)
        return;
    m_kept = std::move(all);
    fillKept();
    const auto place = std::ranges::find(m_kept, name, &LineUp::name) - m_kept.begin();
    m_names->setCurrentIndex(static_cast<int>(place) + 1);
    refreshButtons();
}

void LineUpSheet::forget()
{
    const int place = m_names->currentIndex() - 1;
    if (place < 0)
        return;
    std::vector<LineUp> all = m_kept;
    all.erase(all.begin() + place);
    const auto written = writeLineUps(m_file, all);
    note(written);
    if (!written)
        return;
    m_kept = std::move(all);
    fillKept();
    refreshButtons();
}

void LineUpSheet::note(const Result<void>& written)
{
    m_problem->setText(written ? QString() : QString::fromStdString(toString(written.error())));
    m_problem->setVisible(!written);
}

} // namespace signalbox::ui
