// SPDX-License-Identifier: GPL-3.0-or-later
// Shows every part of the kit in light and dark. `gallery --grab DIR` writes one picture per sheet
// and theme and ends; run it with QT_QPA_PLATFORM=offscreen, QT_SCALE_FACTOR=2 for more pixels.
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/charts/chart_kit.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/command_palette.h>
#include <ui/kit/format.h>
#include <ui/kit/histogram_view.h>
#include <ui/kit/icons.h>
#include <ui/kit/model_look.h>
#include <ui/kit/plots.h>
#include <ui/kit/scoreboard.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QAction>
#include <QApplication>
#include <QChart>
#include <QChartView>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDockWidget>
#include <QFileDialog>
#include <QFormLayout>
#include <QGridLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLegend>
#include <QLineEdit>
#include <QLineSeries>
#include <QListWidget>
#include <QLogValueAxis>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QPainter>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollArea>
#include <QSlider>
#include <QSpinBox>
#include <QSplitter>
#include <QStatusBar>
#include <QTabWidget>
#include <QTableWidget>
#include <QTextStream>
#include <QToolBar>
#include <QToolTip>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <QValueAxis>

#include <functional>
#include <random>

using namespace signalbox::ui;

namespace {

/// A surface with a hairline around it, for one part of a sheet.
class Card final : public QFrame
{
public:
    Card() : m_body(new QVBoxLayout(this))
    {
        m_body->setContentsMargins(space::kWide, space::kWide, space::kWide, space::kWide);
        m_body->setSpacing(space::kGap);
    }
    [[nodiscard]] QVBoxLayout* body() { return m_body; }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(Theme::current().colors().line, 1));
        painter.setBrush(Theme::current().colors().surface);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius::kCard,
                                radius::kCard);
    }

private:
    QVBoxLayout* m_body;
};

std::vector<Score> sampleScores()
{
    return {
        {.title = "Cost saving",
         .value = "49.3 %",
         .interval = "47.1 to 51.3 %",
         .gate = "at least 40 %",
         .verdict = GateVerdict::Met,
         .change = "+3.1 pts",
         .rising = true,
         .sense = ChangeSense::Better},
        {.title = "p95 latency",
         .value = "4.8 s",
         .interval = "4.6 to 5.1 s",
         .gate = "at most 2 s",
         .verdict = GateVerdict::NotMet,
         .change = "+1.2 s",
         .rising = true,
         .sense = ChangeSense::Worse},
        {.title = "Quality",
         .value = "96.1 %",
         .interval = "93.0 to 98.8 %",
         .gate = "at least 95 %",
         .verdict = GateVerdict::NotShown,
         .change = "±0",
         .sense = ChangeSense::Same},
        {.title = "Consistency",
         .value = "71",
         .interval = "69 to 74",
         .gate = "at least 90",
         .verdict = GateVerdict::NotMet,
         .quick = true,
         .simulated = true},
    };
}

QWidget* page(QWidget* content)
{
    auto* widget = new QWidget;
    widget->setAutoFillBackground(true);
    auto* layout = new QVBoxLayout(widget);
    layout->setContentsMargins(24, 24, 24, 24);
    layout->addWidget(content);
    layout->addStretch(1);
    return widget;
}

QWidget* row(std::initializer_list<QWidget*> widgets)
{
    auto* widget = new QWidget;
    auto* layout = new QHBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    widget->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    for (QWidget* part : widgets)
        layout->addWidget(part);
    layout->addStretch(1);
    return widget;
}

QPushButton* button(const QString& text, ButtonKind kind, bool enabled = true)
{
    auto* b = new QPushButton(text);
    setButtonKind(b, kind);
    b->setEnabled(enabled);
    return b;
}

QWidget* controlsSheet()
{
    auto* sheet = new QWidget;
    auto* grid = new QGridLayout(sheet);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(12);

    auto* buttons = new Card;
    buttons->body()->addWidget(new SectionHeader("Buttons"));
    auto* withIcon = button("Run comparison", ButtonKind::Primary);
    withIcon->setIcon(icon(Icon::Play));
    auto* normalIcon = button("Open…", ButtonKind::Normal);
    normalIcon->setIcon(icon(Icon::Open));
    buttons->body()->addWidget(row({withIcon, normalIcon, button("Quiet", ButtonKind::Quiet),
                                    button("Delete rule", ButtonKind::Danger)}));
    auto* checked = button("Checked", ButtonKind::Normal);
    checked->setCheckable(true);
    checked->setChecked(true);
    auto* menuButton = button("Add", ButtonKind::Normal);
    menuButton->setMenu(new QMenu(menuButton));
    buttons->body()->addWidget(
        row({button("Disabled", ButtonKind::Primary, false),
             button("Disabled", ButtonKind::Normal, false), checked, menuButton}));
    auto* tools = new QWidget;
    auto* toolRow = new QHBoxLayout(tools);
    toolRow->setContentsMargins(0, 0, 0, 0);
    for (Icon i : {Icon::Undo, Icon::Redo, Icon::ZoomIn, Icon::ZoomFit, Icon::Trash})
        toolRow->addWidget(new IconButton(i, "Tool"));
    auto* toggled = new IconButton(Icon::Filter, "Filter");
    toggled->setCheckable(true);
    toggled->setChecked(true);
    toolRow->addWidget(toggled);
    auto* off = new IconButton(Icon::Paste, "Paste");
    off->setEnabled(false);
    toolRow->addWidget(off);
    auto* split = new QToolButton;
    split->setText("Models");
    split->setIcon(icon(Icon::Model));
    split->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    split->setMenu(new QMenu(split));
    split->setPopupMode(QToolButton::MenuButtonPopup);
    toolRow->addWidget(split);
    auto* instant = new QToolButton;
    instant->setText("View");
    instant->setMenu(new QMenu(instant));
    instant->setPopupMode(QToolButton::InstantPopup);
    instant->setAutoRaise(true);
    toolRow->addWidget(instant);
    toolRow->addStretch(1);
    buttons->body()->addWidget(tools);
    auto* segments = new SegmentedControl("View");
    segments->addSegment("Canvas");
    segments->addSegment("Outline");
    segments->addSegment("Source");
    auto* iconSegments = new SegmentedControl("Look");
    iconSegments->addSegment(Icon::Chart, "Chart");
    iconSegments->addSegment(Icon::Table, "Table");
    buttons->body()->addWidget(row({segments, iconSegments}));
    grid->addWidget(buttons, 0, 0);

    auto* fields = new Card;
    fields->body()->addWidget(new SectionHeader("Fields"));
    auto* form = new QFormLayout;
    form->setVerticalSpacing(8);
    auto* name = new QLineEdit("Hard questions");
    form->addRow("&Label", name);
    auto* empty = new QLineEdit;
    empty->setPlaceholderText("https://api.example.com/v1");
    form->addRow("Base &URL", empty);
    auto* combo = new QComboBox;
    for (int i = 0; i < 4; ++i)
        combo->addItem(modelIcon(i),
                       QStringList{"gpt-4", "gpt-3.5-turbo", "palm-2", "claude-2"}[i]);
    form->addRow("&Model", combo);
    auto* spin = new QSpinBox;
    spin->setRange(0, 60'000);
    spin->setValue(3500);
    spin->setSuffix(" ms");
    auto* disabledEdit = new QLineEdit("read only by gate");
    disabledEdit->setEnabled(false);
    form->addRow("&Deadline", spin);
    form->addRow("Locked", disabledEdit);
    form->addRow("Search", new SearchField("Search prompts"));
    fields->body()->addLayout(form);
    grid->addWidget(fields, 0, 1);

    auto* choices = new Card;
    choices->body()->addWidget(new SectionHeader("Choices"));
    auto* on = new QCheckBox("Rule is enabled");
    on->setChecked(true);
    auto* offBox = new QCheckBox("Stream answers");
    auto* partly = new QCheckBox("All segments");
    partly->setTristate(true);
    partly->setCheckState(Qt::PartiallyChecked);
    auto* dead = new QCheckBox("Not available");
    dead->setEnabled(false);
    auto* r1 = new QRadioButton("Cancel, then go on");
    r1->setChecked(true);
    auto* r2 = new QRadioButton("Hedge: the first answer wins");
    choices->body()->addWidget(row({on, offBox}));
    choices->body()->addWidget(row({partly, dead}));
    choices->body()->addWidget(row({r1, r2}));
    auto* slider = new QSlider(Qt::Horizontal);
    slider->setRange(0, 10);
    slider->setValue(6);
    choices->body()->addWidget(slider);
    auto* progress = new QProgressBar;
    progress->setValue(42);
    choices->body()->addWidget(progress);
    auto* unknown = new QProgressBar;
    unknown->setRange(0, 0);
    unknown->setTextVisible(false);
    choices->body()->addWidget(unknown);
    auto* strip = new ProgressStrip;
    strip->setText("12 of 80 prompts, about 2 min left");
    strip->setProgress(12, 80);
    strip->setCancellable(true);
    choices->body()->addWidget(strip);
    auto* group = new QGroupBox("Advanced");
    group->setCheckable(true);
    auto* groupLayout = new QVBoxLayout(group);
    groupLayout->addWidget(new QLabel("A group box has a title and no frame."));
    choices->body()->addWidget(group);
    grid->addWidget(choices, 1, 0);

    auto* messages = new Card;
    messages->body()->addWidget(new SectionHeader("Messages"));
    for (const auto& [tone, title, detail] :
         {std::tuple{Tone::Accent, "The sample is open.",
                     "Its models are played by the built-in simulator."},
          std::tuple{Tone::Positive, "All gates are met.", ""},
          std::tuple{Tone::Caution, "The price of palm-2 is unknown.",
                     "Costs are shown without it."},
          std::tuple{Tone::Negative, "The policy could not be saved.",
                     "The folder is read-only. Choose another place."}}) {
        auto* callout = new Callout;
        callout->setMessage(tone, title, detail);
        if (tone == Tone::Negative)
            callout->addAction(new QAction("Save as…", callout));
        callout->setDismissible(tone == Tone::Accent);
        messages->body()->addWidget(callout);
    }
    auto* simulated = Badge::simulated();
    auto* warn = new Badge("3 problems", Tone::Negative);
    warn->setIcon(Icon::Warning);
    messages->body()->addWidget(
        row({simulated, new Badge("draft"), new Badge("rev 7", Tone::Accent),
             new Badge("met", Tone::Positive), warn}));
    grid->addWidget(messages, 1, 1);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    return sheet;
}

QWidget* windowSheet()
{
    auto* window = new QMainWindow;
    window->setWindowFlags(Qt::Widget);
    auto* file = window->menuBar()->addMenu("&File");
    file->addAction("Open…");
    window->menuBar()->addMenu("&Edit");
    window->menuBar()->addMenu("&View");
    window->menuBar()->addMenu("&Help");
    auto* bar = window->addToolBar("Tools");
    bar->setMovable(false);
    for (Icon i : {Icon::Open, Icon::Save})
        bar->addAction(icon(i), "Tool");
    bar->addSeparator();
    for (Icon i : {Icon::Undo, Icon::Redo})
        bar->addAction(icon(i), "Tool");
    bar->addSeparator();
    bar->addAction(icon(Icon::Play), "Run")->setEnabled(false);
    auto* central = new QWidget;
    auto* across = new QHBoxLayout(central);
    across->setContentsMargins(0, 0, 0, 0);
    across->setSpacing(0);
    auto* rail = new NavRail;
    rail->addEntry(Icon::Policy, "Policy");
    rail->addEntry(Icon::Voices, "Voices");
    rail->addEntry(Icon::Projection, "Projection");
    rail->addEntry(Icon::Export, "Export");
    rail->addEntry(Icon::Watch, "Watch");
    rail->addFooterEntry(Icon::Settings, "Settings");
    rail->setCurrentIndex(1);
    across->addWidget(rail);
    auto* column = new QVBoxLayout;
    column->setSpacing(0);
    auto* board = new Scoreboard;
    board->setScores(sampleScores());
    board->setTrailingWidget(Badge::simulated());
    column->addWidget(board);
    auto* tabs = new QTabWidget;
    tabs->setDocumentMode(true);
    auto* splitter = new QSplitter;
    auto* table = new QTableWidget(7, 5);
    table->setFrameShape(QFrame::NoFrame);
    table->setHorizontalHeaderLabels({"Segment", "Requests", "Share", "Cost / 1,000", "p95"});
    table->verticalHeader()->hide();
    table->setShowGrid(false);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    const QStringList names{"Billing", "Shipping", "Returns", "Technical",
                            "Account", "Legal",    "Other"};
    for (int r = 0; r < 7; ++r) {
        table->setItem(r, 0, new QTableWidgetItem(names[r]));
        const QStringList cells{
            format::count(qint64{1111} * (r + 1)), format::percent(0.071 * (r + 1)),
            format::money(1.234 * (r + 1) * (r + 1)), format::milliseconds(431.0 * (r + 1))};
        for (int c = 0; c < 4; ++c) {
            auto* item = new QTableWidgetItem(cells[c]);
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            table->setItem(r, c + 1, item);
        }
    }
    table->selectRow(2);
    splitter->addWidget(table);
    auto* tree = new QTreeWidget;
    tree->setFrameShape(QFrame::NoFrame);
    tree->setHeaderLabels({"Outline", "Share"});
    auto* top = new QTreeWidgetItem(tree, {"Hard questions", "31 %"});
    top->setIcon(0, icon(Icon::Rule));
    auto* chain = new QTreeWidgetItem(top, {"Chain", ""});
    chain->setIcon(0, icon(Icon::Chain));
    for (int i = 0; i < 3; ++i) {
        auto* call = new QTreeWidgetItem(
            chain, {QStringList{"gpt-4", "gpt-3.5-turbo", "palm-2"}[i], "10 %"});
        call->setIcon(0, modelIcon(i));
    }
    new QTreeWidgetItem(tree, {"Otherwise", "69 %"});
    tree->expandAll();
    splitter->addWidget(tree);
    splitter->setSizes({560, 260});
    tabs->addTab(splitter, "Segments");
    tabs->addTab(new EmptyState(Icon::Voices, "No answers yet", "Run a comparison."), "Empty");
    tabs->addTab(new QWidget, "History");
    column->addWidget(tabs, 1);
    across->addLayout(column, 1);
    window->setCentralWidget(central);
    auto* dock = new QDockWidget("Inspector");
    auto* empty = new EmptyState(Icon::Rule, "Nothing selected",
                                 "Select a rule, a model or a signal to see and edit it here.");
    auto* action = new QAction("Add a rule", empty);
    empty->setAction(action);
    empty->setMinimumWidth(220);
    dock->setWidget(empty);
    window->addDockWidget(Qt::RightDockWidgetArea, dock);
    window->statusBar()->showMessage(
        "Support desk · 5,000 requests · 1–30 Nov 2026 · prices as of 2023-06-13");
    window->setMinimumSize(1280, 640);
    return window;
}

class IconSheet : public QWidget
{
public:
    IconSheet() { setMinimumSize(1180, 520); }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        for (int i = 0; i < kIconCount; ++i) {
            const int row = i / 14;
            const QRectF cell((i % 14) * 84, row * 74, 84, 74);
            paintIcon(painter, QRectF(cell.x() + 14, cell.y() + 8, 20, 20), static_cast<Icon>(i),
                      Theme::current().colors().text);
            paintIcon(painter, QRectF(cell.x() + 44, cell.y() + 10, 16, 16), static_cast<Icon>(i),
                      Theme::current().colors().textMuted);
            painter.setFont(Theme::font(TextRole::Caption));
            painter.setPen(Theme::current().colors().textMuted);
            painter.drawText(cell.adjusted(0, 34, 0, 0), Qt::AlignHCenter | Qt::AlignTop,
                             iconPath(static_cast<Icon>(i)).section('/', -1).chopped(4));
        }
        for (int i = 0; i < 12; ++i) {
            paintMark(painter, QPointF(30 + i * 60, 470), 14, lookFor(i));
            paintMark(painter, QPointF(30 + i * 60, 500), 9, lookFor(i));
            painter.fillRect(QRectF(44 + i * 60, 462, 26, 16), lookFor(i).soft);
        }
        applicationIcon().paint(&painter, QRect(800, 452, 64, 64));
        applicationIcon().paint(&painter, QRect(880, 468, 32, 32));
        applicationIcon().paint(&painter, QRect(930, 476, 16, 16));
    }
};

QWidget* textSheet()
{
    auto* sheet = new QWidget;
    auto* layout = new QVBoxLayout(sheet);
    for (const auto& [role, text] :
         {std::pair{TextRole::Heading, "Heading: never let a user see that you switched models"},
          std::pair{TextRole::Title, "Title: Consistency loss by pair"},
          std::pair{TextRole::BodyStrong, "Body strong: Hard questions"},
          std::pair{TextRole::Body, "Body: 1,111 of 50,000 requests change model; 0123456789"},
          std::pair{TextRole::Small, "Small: 47.1 to 51.3 %, n = 5,000"},
          std::pair{TextRole::Caption, "Caption: USD per 1,000 requests"},
          std::pair{TextRole::Figure, "49.3 %  1,111  8,888"},
          std::pair{TextRole::Mono,
                    "{\"signal\": \"complexity\", \"op\": \"gte\", \"value\": 7} -> != <="}})
        layout->addWidget(new TextLabel(text, role));
    auto* elided = new ElidedLabel(
        "An elided label gives way when there is not enough room for all of its text");
    elided->setMaximumWidth(300);
    layout->addWidget(elided);
    return sheet;
}

QStringList threeModels()
{
    return {"gpt-4", "gpt-3.5-turbo", "palm-2"};
}

QWidget* plotsSheet()
{
    auto* sheet = new QWidget;
    auto* grid = new QGridLayout(sheet);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(16);
    std::mt19937 random(7);

    auto* histogramCard = new Card;
    auto* header = new SectionHeader("complexity");
    header->setNote("n = 5,000 requests");
    header->addControl(new IconButton(Icon::More, "More"));
    histogramCard->body()->addWidget(header);
    auto* histogram = new HistogramView;
    std::vector<double> scores;
    std::binomial_distribution<int> score(9, 0.42);
    for (int i = 0; i < 5000; ++i)
        scores.push_back(1 + score(random));
    histogram->setSignal("complexity", "score");
    histogram->setValues(scores);
    histogram->setThresholds({{.id = "a", .label = "concise", .value = 8},
                              {.id = "b", .label = "balanced", .value = 6},
                              {.id = "c", .label = "detailed", .value = 5}});
    histogram->setCurrentThreshold(1);
    histogram->setSides("go on", "→ gpt-4", HistogramView::Side::Right);
    histogramCard->body()->addWidget(histogram);
    grid->addWidget(histogramCard, 0, 0);

    auto* charsCard = new Card;
    charsCard->body()->addWidget(new SectionHeader("chars"));
    auto* chars = new HistogramView;
    std::vector<double> lengths;
    std::lognormal_distribution<double> length(5, 1.1);
    for (int i = 0; i < 5000; ++i)
        lengths.push_back(std::floor(1 + length(random)));
    chars->setSignal("chars", "characters");
    chars->setValues(lengths);
    chars->setThresholds({{.id = "a", .value = 500, .rightIncludesEqual = false}});
    charsCard->body()->addWidget(chars);
    grid->addWidget(charsCard, 0, 1);

    auto* toneCard = new Card;
    toneCard->body()->addWidget(new SectionHeader("Warmth"));
    auto* tone = new IntervalPlot;
    tone->setRows({{.label = "gpt-4", .value = 0.62, .low = 0.55, .high = 0.69, .model = 0},
                   {.label = "gpt-3.5-turbo", .value = 0.41, .low = 0.35, .high = 0.47, .model = 1},
                   {.label = "palm-2",
                    .value = 0.78,
                    .low = 0.52,
                    .high = 0.96,
                    .model = 2,
                    .weak = true,
                    .note = "needs 40 more prompts"}});
    tone->setReference(0.5, "contract");
    tone->setRange(0.2, 1);
    tone->setAxisLabel("share of answers, 95 % interval");
    toneCard->body()->addWidget(tone);
    toneCard->body()->addStretch(1);
    grid->addWidget(toneCard, 1, 0);

    auto* boxCard = new Card;
    boxCard->body()->addWidget(new SectionHeader("Verbosity"));
    auto* boxes = new BoxPlotView;
    std::vector<BoxRow> rows;
    for (int m = 0; m < 3; ++m) {
        std::lognormal_distribution<double> words(m == 0 ? 4.9 : m == 1 ? 3.8 : 4.3, 0.5);
        std::vector<double> samples;
        for (int i = 0; i < 80; ++i)
            samples.push_back(words(random));
        rows.push_back({.label = threeModels().value(m),
                        .quantiles = BoxPlotView::quantilesOf(samples),
                        .samples = 80,
                        .model = m});
    }
    boxes->setRows(rows);
    boxes->setAxisLabel("words per answer, log scale; 5, 25, 50, 75, 95 %");
    boxCard->body()->addWidget(boxes);
    boxCard->body()->addStretch(1);
    grid->addWidget(boxCard, 1, 1);

    auto* matrixCard = new Card;
    matrixCard->body()->addWidget(new SectionHeader("Noticeability"));
    auto* matrix = new MatrixView;
    std::vector<MatrixCell> cells;
    const double values[3][3] = {{0.04, 0.55, 0.93}, {0.55, 0.02, 0.71}, {0.93, 0.71, 0.05}};
    for (int r = 0; r < 3; ++r)
        for (int c = 0; c < 3; ++c)
            cells.push_back({.value = r == c ? std::nan("") : values[r][c],
                             .text = r == c ? QString("–") : format::percent(values[r][c], 0),
                             .detail = r == c ? QString() : "±6"});
    matrix->setMatrix(threeModels(), threeModels(), cells, {0, 1, 2}, {0, 1, 2});
    matrix->setLegend("0: guessing", "0.5", "1: always noticed");
    matrix->setCurrentCell(0, 2);
    matrixCard->body()->addWidget(matrix);
    grid->addWidget(matrixCard, 2, 0);

    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    return sheet;
}

QWidget* sourcesSheet()
{
    auto* sheet = new QWidget;
    auto* grid = new QGridLayout(sheet);
    grid->setContentsMargins(0, 0, 0, 0);
    auto* sourceCard = new Card;
    sourceCard->body()->addWidget(new SectionHeader("Source"));
    auto* editor = new CodeEditor("Source");
    editor->setPlainText(
        "{\n  \"schemaVersion\": 1,\n  \"id\": \"support-desk\",\n  \"revision\": 7,\n  \"rules\": "
        "[\n    {\"id\": \"hard\", \"when\": {\"signal\": \"complexity\", \"op\": \"gte\", "
        "\"value\": 7},\n     \"enabled\": true, \"plan\": {\"call\": {\"model\": \"gpt-5\"}}}\n  "
        "],\n  \"baseline\": nul,\n  \"holdout\": {\"share\": 0.03}\n}\n");
    editor->setLanguage(SourceLanguage::Json);
    editor->setMarks(
        {{.line = 7, .column = 52, .length = 7, .message = "There is no model gpt-5."},
         {.line = 9, .column = 15, .length = 3, .message = "Expected a value."},
         {.line = 10, .column = 24, .length = 4, .message = "Small.", .error = false}});
    editor->setMinimumHeight(260);
    sourceCard->body()->addWidget(editor);
    grid->addWidget(sourceCard, 0, 0);
    auto* answerCard = new Card;
    answerCard->body()->addWidget(new SectionHeader("Answer of palm-2"));
    auto* pane = new PlainTextPane("Answer");
    pane->setWholeText("<b>Hello</b> <img src=\"http://example.com/x.png\"> is shown as text.\nA "
                       "bidi \u202eoverride\u202c cannot hide.\n\nA very long line: " +
                       QString("lorem ipsum ").repeated(400) + "\nThe end.");
    answerCard->body()->addWidget(pane);
    grid->addWidget(answerCard, 0, 1);
    return sheet;
}

QWidget* chartSheet()
{
    auto* sheet = new QWidget;
    auto* grid = new QGridLayout(sheet);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(16);
    auto* mainCard = new Card;
    mainCard->body()->addWidget(new SectionHeader("Cost against consistency"));
    auto* chart = new QChart;
    chart->legend()->hide();
    auto* line = new QLineSeries;
    const std::vector<QPointF> frontier{{1.2, 38}, {2.4, 52}, {4.1, 71},
                                        {7.5, 86}, {16, 94},  {31, 98}};
    for (const QPointF& p : frontier)
        line->append(p);
    line->setPen(QPen(Theme::current().colors().chartAxis, 1.5, Qt::DashLine));
    chart->addSeries(line);
    auto* x = makeLogAxis("USD per 1,000 requests", 1, 100);
    auto* y = makeValueAxis("Consistency", 0, 100);
    chart->addAxis(x, Qt::AlignBottom);
    chart->addAxis(y, Qt::AlignLeft);
    line->attachAxis(x);
    line->attachAxis(y);
    auto* view = new ChartView(chart, "Cost against consistency");
    auto* shade = new ShadeItem(view);
    shade->setForbiddenBelowY(90, "consistency at least 90");
    shade->setForbiddenAboveX(20, "saving at least 40 %");
    auto* marks = new MarkItem(view);
    marks->setMarks(
        {{.value = {33, 99}, .model = 0, .size = 11, .label = "gpt-4"},
         {.value = {1.9, 99}, .model = 1, .size = 11, .label = "gpt-3.5-turbo"},
         {.value = {1.1, 99}, .model = 2, .size = 11, .label = "palm-2"},
         {.value = {9.4, 58}, .shape = PlotShape::Bullseye, .size = 13, .opacity = 0.45},
         {.value = {8.6, 64}, .shape = PlotShape::Bullseye, .size = 13, .opacity = 0.7},
         {.value = {7.9, 71},
          .shape = PlotShape::Bullseye,
          .size = 21,
          .xInterval = std::pair{7.1, 8.8},
          .yInterval = std::pair{67.0, 75.0},
          .label = "this policy"}});
    marks->setEmphasis(5);
    view->setMinimumHeight(360);
    mainCard->body()->addWidget(view);
    grid->addWidget(mainCard, 0, 0);
    QObject::connect(chart, &QChart::plotAreaChanged, view, [view, chart] {
        static QPointer<CalloutItem> callout;
        if (!callout)
            callout = new CalloutItem(chart);
        callout->showAt(view->mapping().toScene({7.9, 71}),
                        {"this policy", "$7.90 per 1,000 ($7.10 to $8.80)",
                         "consistency 71 (67 to 75), n = 5,000"});
    });

    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    return sheet;
}

QWidget* paletteSheet()
{
    auto* window = new QWidget;
    window->setAutoFillBackground(true);
    window->setMinimumSize(900, 470);
    auto* palette = new CommandPalette(window);
    QList<QAction*> actions;
    for (const auto& [text, keys, i] :
         {std::tuple{"Run comparison", "Ctrl+R", Icon::Play},
          std::tuple{"Open policy…", "Ctrl+O", Icon::Open},
          std::tuple{"Save policy", "Ctrl+S", Icon::Save},
          std::tuple{"Export picture as SVG…", "", Icon::Export},
          std::tuple{"Add rule", "Ctrl+N", Icon::Add},
          std::tuple{"Follow the system's theme", "", Icon::System}}) {
        auto* action = new QAction(icon(i), text, window);
        action->setShortcut(QKeySequence(QString(keys)));
        actions << action;
    }
    palette->setActions(actions);
    auto* menu = new QMenu(window);
    for (QAction* action : actions)
        menu->addAction(action);
    menu->insertSeparator(actions[3]);
    actions[3]->setEnabled(false);
    auto* sub = menu->addMenu("Recent files");
    sub->addAction("a.json");
    menu->setWindowFlags(Qt::Widget);
    menu->setParent(window);
    menu->move(20, 200);
    menu->setActiveAction(actions[1]);
    menu->show();
    QObject::connect(palette, &CommandPalette::closed, palette, [palette] { palette->open(); });
    palette->open();
    palette->findChild<QLineEdit*>()->setText("op");
    palette->move(400, 30);
    return window;
}

/// Popups are windows of their own: grabbed one by one.
void grabPopups(const QDir& folder, const QString& theme)
{
    const auto grab = [&](QWidget* widget, const QString& name) {
        QApplication::processEvents();
        widget->grab().save(folder.filePath("popup-" + name + "-" + theme + ".png"));
    };
    QWidget window;
    window.resize(500, 300);
    QComboBox combo(&window);
    for (int i = 0; i < 4; ++i)
        combo.addItem(modelIcon(i),
                      QStringList{"gpt-4", "gpt-3.5-turbo", "palm-2", "a longer name"}[i]);
    combo.resize(combo.sizeHint());
    window.show();
    combo.showPopup();
    grab(combo.view()->window(), "combo");
    combo.hidePopup();
    QToolTip::showText(QPoint(50, 50),
                       plainToolTip("Cost saving is 49.3 %, measured on 5,000 requests of the "
                                    "sample; the gate asks for at least 40 %."),
                       &window);
    for (QWidget* top : QApplication::topLevelWidgets()) {
        if (top->inherits("QTipLabel") && top->isVisible())
            grab(top, "tooltip");
    }
    QToolTip::hideText();
    QMessageBox box(QMessageBox::Warning, "Unsaved changes",
                    "The policy has changes that are not saved.",
                    QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel);
    box.setInformativeText("Save them before closing?");
    box.show();
    grab(&box, "message");
    QFileDialog files;
    files.setOption(QFileDialog::DontUseNativeDialog);
    files.setDirectory("/usr/share");
    files.show();
    grab(&files, "files");
}

} // namespace

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    setUpLook(app, ThemeChoice::Light);
    const QStringList arguments = app.arguments();
    const std::vector<std::pair<QString, std::function<QWidget*()>>> sheets = {
        {"controls", [] { return page(controlsSheet()); }},
        {"window", [] { return windowSheet(); }},
        {"icons", [] { return page(new IconSheet); }},
        {"text", [] { return page(textSheet()); }},
        {"plots", [] { return page(plotsSheet()); }},
        {"sources", [] { return page(sourcesSheet()); }},
        {"charts", [] { return page(chartSheet()); }},
        {"palette", [] { return paletteSheet(); }},
    };
    const qsizetype grab = arguments.indexOf(QStringLiteral("--grab"));
    if (grab >= 0 && grab + 1 < arguments.size()) {
        const QDir folder(arguments[grab + 1]);
        folder.mkpath(QStringLiteral("."));
        for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
            Theme::setChoice(choice);
            const QString theme = choice == ThemeChoice::Light ? "light" : "dark";
            for (const auto& [name, make] : sheets) {
                const std::unique_ptr<QWidget> sheet(make());
                sheet->resize(sheet->sizeHint().expandedTo(QSize(1180, 10)));
                sheet->show();
                QApplication::processEvents();
                sheet->grab().save(folder.filePath(name + "-" + theme + ".png"));
            }
            grabPopups(folder, theme);
        }
        return 0;
    }
    QTabWidget window;
    for (const auto& [name, make] : sheets) {
        auto* area = new QScrollArea;
        area->setWidgetResizable(true);
        area->setWidget(make());
        window.addTab(area, name);
    }
    auto* choice = new SegmentedControl("Theme");
    choice->addSegment(Icon::Light, "Light");
    choice->addSegment(Icon::Dark, "Dark");
    QObject::connect(choice, &SegmentedControl::currentChanged, [](int index) {
        Theme::setChoice(index == 0 ? ThemeChoice::Light : ThemeChoice::Dark);
    });
    window.setCornerWidget(choice);
    window.resize(1320, 820);
    window.show();
    return QApplication::exec();
}
