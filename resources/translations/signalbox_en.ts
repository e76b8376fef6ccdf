<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>signalbox::ui::AnswerDelegate</name>
    <message numerus="yes">
        <source>%n word(s)</source>
        <translation>
            <numerusform>%n word</numerusform>
            <numerusform>%n words</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::ComparisonView</name>
    <message numerus="yes">
        <source>At least two models must have answered the same 10 prompts; %n prompt(s) so far.</source>
        <translation>
            <numerusform>At least two models must have answered the same 10 prompts; %n prompt so far.</numerusform>
            <numerusform>At least two models must have answered the same 10 prompts; %n prompts so far.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::ConnectionPanel</name>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>%n model</numerusform>
            <numerusform>%n models</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::HistogramView</name>
    <message numerus="yes">
        <source>%n request(s)</source>
        <translation>
            <numerusform>%n request</numerusform>
            <numerusform>%n requests</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::LabBar</name>
    <message numerus="yes">
        <source>%n answer(s)</source>
        <translation>
            <numerusform>%n answer</numerusform>
            <numerusform>%n answers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>, cost unknown: %n model(s) without a price</source>
        <translation>
            <numerusform>, cost unknown: %n model without a price</numerusform>
            <numerusform>, cost unknown: %n models without a price</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>, %n failed</source>
        <translation>
            <numerusform>, %n failed</numerusform>
            <numerusform>, %n failed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::LatencyChartView</name>
    <message numerus="yes">
        <source>%1 of requests go through a fallback; half of those wait longer than %2. This rests on %n failure(s).</source>
        <translation>
            <numerusform>%1 of requests go through a fallback; half of those wait longer than %2. This rests on %n failure.</numerusform>
            <numerusform>%1 of requests go through a fallback; half of those wait longer than %2. This rests on %n failures.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::MainWindow</name>
    <message numerus="yes">
        <source>, %n unknown</source>
        <translation>
            <numerusform>, %n unknown</numerusform>
            <numerusform>, %n unknown</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>&quot;%1&quot; was open when Signalbox stopped unexpectedly; %n edit(s) were not saved.</source>
        <translation>
            <numerusform>&quot;%1&quot; was open when Signalbox stopped unexpectedly; %n edit was not saved.</numerusform>
            <numerusform>&quot;%1&quot; was open when Signalbox stopped unexpectedly; %n edits were not saved.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::VoicesPage</name>
    <message numerus="yes">
        <source>%n answer(s) are kept and will not be sent again.</source>
        <translation>
            <numerusform>%n answer is kept and will not be sent again.</numerusform>
            <numerusform>%n answers are kept and will not be sent again.</numerusform>
        </translation>
    </message>
</context>
</TS>
