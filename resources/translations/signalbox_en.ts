<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>AnswerFacts</name>
    <message numerus="yes">
        <source>%n word(s)</source>
        <translation>
            <numerusform>%n word</numerusform>
            <numerusform>%n words</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PolicyWords</name>
    <message numerus="yes">
        <source>%n retries</source>
        <translation>
            <numerusform>%n retry</numerusform>
            <numerusform>%n retries</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>score of %n terms</source>
        <translation>
            <numerusform>score of %n term</numerusform>
            <numerusform>score of %n terms</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>any of %n words in %1</source>
        <translation>
            <numerusform>any of %n word in %1</numerusform>
            <numerusform>any of %n words in %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>at most %n tokens</source>
        <translation>
            <numerusform>at most %n token</numerusform>
            <numerusform>at most %n tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>of %n words at most</source>
        <translation>
            <numerusform>of %n word at most</numerusform>
            <numerusform>of %n words at most</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>at least %n words</source>
        <translation>
            <numerusform>at least %n word</numerusform>
            <numerusform>at least %n words</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>at most %n words</source>
        <translation>
            <numerusform>at most %n word</numerusform>
            <numerusform>at most %n words</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Spending</name>
    <message numerus="yes">
        <source>%n answer(s) to exactly the same requests are reused: not sent, not billed.</source>
        <translation>
            <numerusform>%n answer to exactly the same request is reused: not sent, not billed.</numerusform>
            <numerusform>%n answers to exactly the same requests are reused: not sent, not billed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cell(s) wait.</source>
        <translation>
            <numerusform>%n cell waits.</numerusform>
            <numerusform>%n cells wait.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::CompareView</name>
    <message numerus="yes">
        <source>%n changes</source>
        <translation>
            <numerusform>%n change</numerusform>
            <numerusform>%n changes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more changes are not shown.</source>
        <translation>
            <numerusform>%n more change is not shown.</numerusform>
            <numerusform>%n more changes are not shown.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::ComparisonView</name>
    <message numerus="yes">
        <source>%n more are needed</source>
        <comment>pairs of consecutive turns</comment>
        <translation>
            <numerusform>one more is needed</numerusform>
            <numerusform>%n more are needed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pair(s) of consecutive turns</source>
        <translation>
            <numerusform>%n pair of consecutive turns</numerusform>
            <numerusform>%n pairs of consecutive turns</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>At least two models must have answered the same 10 prompts; %n prompt(s) so far.</source>
        <translation>
            <numerusform>At least two models must have answered the same 10 prompts; %n prompt so far.</numerusform>
            <numerusform>At least two models must have answered the same 10 prompts; %n prompts so far.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The same model. Two of its answers differ by chance: its noise floor is %1, measured on %n prompt(s) that it answered twice.</source>
        <translation>
            <numerusform>The same model. Two of its answers differ by chance: its noise floor is %1, measured on %n prompt that it answered twice.</numerusform>
            <numerusform>The same model. Two of its answers differ by chance: its noise floor is %1, measured on %n prompts that it answered twice.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of earlier runs</source>
        <translation>
            <numerusform>%n of earlier runs</numerusform>
            <numerusform>%n of earlier runs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n that came answered with the sample</source>
        <translation>
            <numerusform>%n that came answered with the sample</numerusform>
            <numerusform>%n that came answered with the sample</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n prompt(s)</source>
        <translation>
            <numerusform>%n prompt</numerusform>
            <numerusform>%n prompts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Compared is the newest answer of each model to each prompt that every model answered: %n answer(s).</source>
        <translation>
            <numerusform>Compared is the newest answer of each model to each prompt that every model answered: %n answer.</numerusform>
            <numerusform>Compared is the newest answer of each model to each prompt that every model answered: %n answers.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n sent here</source>
        <translation>
            <numerusform>%n sent here</numerusform>
            <numerusform>%n sent here</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>; the sample&apos;s stand in for %n answer(s) that failed</source>
        <translation>
            <numerusform>; the sample&apos;s stands in for %n answer that failed</numerusform>
            <numerusform>; the sample&apos;s stand in for %n answers that failed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::ConditionFormula</name>
    <message numerus="yes">
        <source>%n completions; the down arrow goes through them.</source>
        <translation>
            <numerusform>%n completion; the down arrow goes to it.</numerusform>
            <numerusform>%n completions; the down arrow goes through them.</numerusform>
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
    <name>signalbox::ui::CostChartView</name>
    <message numerus="yes">
        <source>%1: gate %2 in %3 and %n more</source>
        <translation>
            <numerusform>%1: gate %2 in %3 and %n more</numerusform>
            <numerusform>%1: gate %2 in %3 and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::ExportPage</name>
    <message numerus="yes">
        <source>%n gate(s) not met</source>
        <translation>
            <numerusform>%n gate not met</numerusform>
            <numerusform>%n gates not met</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n gate(s) not shown by the data</source>
        <translation>
            <numerusform>%n gate not shown by the data</numerusform>
            <numerusform>%n gates not shown by the data</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more below</source>
        <translation>
            <numerusform>%n more below</numerusform>
            <numerusform>%n more below</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::FindBar</name>
    <message numerus="yes">
        <source>%n places</source>
        <translation>
            <numerusform>%n place</numerusform>
            <numerusform>%n places</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n places replaced.</source>
        <translation>
            <numerusform>%n place replaced.</numerusform>
            <numerusform>%n places replaced.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n places stay, the first because: %1</source>
        <translation>
            <numerusform>%n place stays, because: %1</numerusform>
            <numerusform>%n places stay, the first because: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Removed at %n places.</source>
        <translation>
            <numerusform>Removed at %n place.</numerusform>
            <numerusform>Removed at %n places.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::FocusView</name>
    <message numerus="yes">
        <source>%n sentence(s)</source>
        <translation>
            <numerusform>%n sentence</numerusform>
            <numerusform>%n sentences</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 … (%n word(s))</source>
        <comment>beginning of a phrase</comment>
        <translation>
            <numerusform>%1 … (%n word)</numerusform>
            <numerusform>%1 … (%n words)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::FrontierDesk</name>
    <message numerus="yes">
        <source>The search has ended: %n point(s) on the Projection page.</source>
        <translation>
            <numerusform>The search has ended: %n point on the Projection page.</numerusform>
            <numerusform>The search has ended: %n points on the Projection page.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::FrontierPointView</name>
    <message numerus="yes">
        <source>and %n more gate(s)</source>
        <translation>
            <numerusform>and %n more gate</numerusform>
            <numerusform>and %n more gates</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n stored test(s) expect another way; the search does not ask them.</source>
        <comment>number</comment>
        <translation>
            <numerusform>%1 of %n stored test expects another way; the search does not ask them.</numerusform>
            <numerusform>%1 of %n stored tests expect another way; the search does not ask them.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::FrontierSetup</name>
    <message numerus="yes">
        <source>and %n more rule(s)</source>
        <translation>
            <numerusform>and %n more rule</numerusform>
            <numerusform>and %n more rules</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::FrontierWords</name>
    <message numerus="yes">
        <source>%1 conversation(s)</source>
        <translation>
            <numerusform>%1 conversation</numerusform>
            <numerusform>%1 conversations</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 request(s)</source>
        <translation>
            <numerusform>%1 request</numerusform>
            <numerusform>%1 requests</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>In the way most often: %1, and %n more.</source>
        <translation>
            <numerusform>In the way most often: %1, and %n more.</numerusform>
            <numerusform>In the way most often: %1, and %n more.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s), %1</source>
        <comment>the policies that they make</comment>
        <translation>
            <numerusform>%n setting, %1</numerusform>
            <numerusform>%n settings, %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n gate(s) met; all hold in %2 of resamples.</source>
        <comment>number, share</comment>
        <translation>
            <numerusform>%1 of %n gate met; all hold in %2 of resamples.</numerusform>
            <numerusform>%1 of %n gates met; all hold in %2 of resamples.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 is adopted: %n setting(s) changed. Undo brings the policy back.</source>
        <comment>a point</comment>
        <translation>
            <numerusform>%1 is adopted: %n setting changed. Undo brings the policy back.</numerusform>
            <numerusform>%1 is adopted: %n settings changed. Undo brings the policy back.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n stored test(s) expect another way.</source>
        <translation>
            <numerusform>%n stored test expects another way.</numerusform>
            <numerusform>%n stored tests expect another way.</numerusform>
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
    <name>signalbox::ui::HistoryPane</name>
    <message numerus="yes">
        <source>%1 And %n more.</source>
        <comment>a change in a sentence</comment>
        <translation>
            <numerusform>%1 And one more.</numerusform>
            <numerusform>%1 And %n more.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::ImportSheet</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n earlier turn(s)</source>
        <translation>
            <numerusform>%n earlier turn</numerusform>
            <numerusform>%n earlier turns</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Show %n answer(s)</source>
        <translation>
            <numerusform>Show %n answer</numerusform>
            <numerusform>Show %n answers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Add %n prompt(s)</source>
        <translation>
            <numerusform>Add %n prompt</numerusform>
            <numerusform>Add %n prompts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n prompt(s)</source>
        <translation>
            <numerusform>%n prompt</numerusform>
            <numerusform>%n prompts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> in %n segment(s)</source>
        <translation>
            <numerusform> in %n segment</numerusform>
            <numerusform> in %n segments</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>; %n repeated prompt(s) count once</source>
        <translation>
            <numerusform>; %n repeated prompt counts once</numerusform>
            <numerusform>; %n repeated prompts count once</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n answer(s)</source>
        <translation>
            <numerusform>%n answer</numerusform>
            <numerusform>%n answers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>%n model</numerusform>
            <numerusform>%n models</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n part(s) were left out.</source>
        <translation>
            <numerusform>%n part was left out.</numerusform>
            <numerusform>%n parts were left out.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::JudgeBlock</name>
    <message numerus="yes">
        <source>%n reply(s) held no verdict that can be read; nothing is made of that.</source>
        <translation>
            <numerusform>%n reply held no verdict that can be read; nothing is made of that.</numerusform>
            <numerusform>%n replies held no verdict that can be read; nothing is made of that.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Votes on %n more pair(s) are needed.</source>
        <translation>
            <numerusform>Votes on %n more pair are needed.</numerusform>
            <numerusform>Votes on %n more pairs are needed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Ask the rest: %n call(s)</source>
        <translation>
            <numerusform>Ask the rest: %n call</numerusform>
            <numerusform>Ask the rest: %n calls</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::JudgeSheet</name>
    <message numerus="yes">
        <source>%n call(s)</source>
        <translation>
            <numerusform>%n call</numerusform>
            <numerusform>%n calls</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::LabBar</name>
    <message numerus="yes">
        <source>%n turn(s)</source>
        <translation>
            <numerusform>%n turn</numerusform>
            <numerusform>%n turns</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n answer(s)</source>
        <translation>
            <numerusform>%n answer</numerusform>
            <numerusform>%n answers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>How many of the sample&apos;s %n prompt(s) to send, taken in turn from its segments</source>
        <translation>
            <numerusform>Whether to send the sample&apos;s %n prompt, taken in turn from its segments</numerusform>
            <numerusform>How many of the sample&apos;s %n prompts to send, taken in turn from its segments</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n prompt(s)</source>
        <translation>
            <numerusform>%n prompt</numerusform>
            <numerusform>%n prompts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n time(s)</source>
        <translation>
            <numerusform>%n time</numerusform>
            <numerusform>%n times</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>%n model</numerusform>
            <numerusform>%n models</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n answered</source>
        <translation>
            <numerusform>%1 of %n answered</numerusform>
            <numerusform>%1 of %n answered</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more, all in the table</source>
        <translation>
            <numerusform>and %n more, in the table</numerusform>
            <numerusform>and %n more, all in the table</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n answer(s) from %1, stored</source>
        <translation>
            <numerusform>%n answer from %1, stored</numerusform>
            <numerusform>%n answers from %1, stored</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n stopped</source>
        <translation>
            <numerusform>%n stopped</numerusform>
            <numerusform>%n stopped</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not asked</source>
        <translation>
            <numerusform>%n not asked</numerusform>
            <numerusform>%n not asked</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>, %n of them reused</source>
        <translation>
            <numerusform>, %n of them reused</numerusform>
            <numerusform>, %n of them reused</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cell(s) of this run have no answer.</source>
        <translation>
            <numerusform>%n cell of this run has no answer.</numerusform>
            <numerusform>%n cells of this run have no answer.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n variant(s)</source>
        <comment>of a model</comment>
        <translation>
            <numerusform>%n variant</numerusform>
            <numerusform>%n variants</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>cost unknown: %n model(s) without a price</source>
        <translation>
            <numerusform>cost unknown: %n model without a price</numerusform>
            <numerusform>cost unknown: %n models without a price</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::LabTableModel</name>
    <message numerus="yes">
        <source>%1, %n failed</source>
        <comment>model, answers</comment>
        <translation>
            <numerusform>%1, %n failed</numerusform>
            <numerusform>%1, %n failed</numerusform>
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
    <message numerus="yes">
        <source>%n request(s) get no answer: every attempt of the plan fails.</source>
        <translation>
            <numerusform>%n request gets no answer: every attempt of the plan fails.</numerusform>
            <numerusform>%n requests get no answer: every attempt of the plan fails.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::LengthBlock</name>
    <message numerus="yes">
        <source>%n answer(s)</source>
        <translation>
            <numerusform>%n answer</numerusform>
            <numerusform>%n answers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::LimitsButton</name>
    <message numerus="yes">
        <source>%n call(s) under way</source>
        <translation>
            <numerusform>%n call under way</numerusform>
            <numerusform>%n calls under way</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n server(s) waited for</source>
        <translation>
            <numerusform>%n server waited for</numerusform>
            <numerusform>%n servers waited for</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Limits of %n server(s)</source>
        <translation>
            <numerusform>Limits of %n server</numerusform>
            <numerusform>Limits of %n servers</numerusform>
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
    <message numerus="yes">
        <source>%1 policies were open when Signalbox stopped unexpectedly; %n edit(s) were not saved.</source>
        <translation>
            <numerusform>%1 policies were open when Signalbox stopped unexpectedly; %n edit was not saved.</numerusform>
            <numerusform>%1 policies were open when Signalbox stopped unexpectedly; %n edits were not saved.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>%n model</numerusform>
            <numerusform>%n models</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n edit(s) of &quot;%1&quot; are thrown away.</source>
        <translation>
            <numerusform>%n edit of &quot;%1&quot; is thrown away.</numerusform>
            <numerusform>%n edits of &quot;%1&quot; are thrown away.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::MatrixReader</name>
    <message numerus="yes">
        <source>%n prompt(s) are copied with their answers and notes.</source>
        <translation>
            <numerusform>%n prompt is copied with its answers and notes.</numerusform>
            <numerusform>%n prompts are copied with their answers and notes.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::ModelHeader</name>
    <message numerus="yes">
        <source>%n failed</source>
        <comment>answers</comment>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::ModelPane</name>
    <message numerus="yes">
        <source>%n days old</source>
        <comment>a price</comment>
        <translation>
            <numerusform>%n day old</numerusform>
            <numerusform>%n days old</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::ModelsButton</name>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>%n model</numerusform>
            <numerusform>%n models</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n variant(s)</source>
        <comment>of a model</comment>
        <translation>
            <numerusform>%n variant</numerusform>
            <numerusform>%n variants</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::OpenQuestions</name>
    <message numerus="yes">
        <source>%n question(s) are open,</source>
        <translation>
            <numerusform>%n question is open,</numerusform>
            <numerusform>%n questions are open,</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n are decided by these prompts.</source>
        <translation>
            <numerusform>%n is decided by these prompts.</numerusform>
            <numerusform>%n are decided by these prompts.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n prompt(s) so far; so many more decide in 4 of 5 cases</source>
        <translation>
            <numerusform>%n prompt so far; so many more decide in 4 of 5 cases</numerusform>
            <numerusform>%n prompts so far; so many more decide in 4 of 5 cases</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::PricePanel</name>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>%n model</numerusform>
            <numerusform>%n models</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n provider(s)</source>
        <translation>
            <numerusform>%n provider</numerusform>
            <numerusform>%n providers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s) old</source>
        <comment>a price book</comment>
        <translation>
            <numerusform>%n day old</numerusform>
            <numerusform>%n days old</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::PriceUpdateSheet</name>
    <message numerus="yes">
        <source>%n line(s) are hardly right.</source>
        <translation>
            <numerusform>%n line is hardly right.</numerusform>
            <numerusform>%n lines are hardly right.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n line</numerusform>
            <numerusform>%n lines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>%n model</numerusform>
            <numerusform>%n models</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Accept %n line(s)</source>
        <translation>
            <numerusform>Accept %n line</numerusform>
            <numerusform>Accept %n lines</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::ProblemsPanel</name>
    <message numerus="yes">
        <source>%n errors</source>
        <translation>
            <numerusform>%n error</numerusform>
            <numerusform>%n errors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warnings</source>
        <translation>
            <numerusform>%n warning</numerusform>
            <numerusform>%n warnings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hints</source>
        <translation>
            <numerusform>%n hint</numerusform>
            <numerusform>%n hints</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::QueuePopover</name>
    <message numerus="yes">
        <source>and %n more</source>
        <comment>runs</comment>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::QueuedRuns</name>
    <message numerus="yes">
        <source>%n prompt(s)</source>
        <translation>
            <numerusform>%n prompt</numerusform>
            <numerusform>%n prompts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n time(s)</source>
        <translation>
            <numerusform>%n time</numerusform>
            <numerusform>%n times</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>%n model</numerusform>
            <numerusform>%n models</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::ReadingBar</name>
    <message numerus="yes">
        <source>%n prompt(s)</source>
        <translation>
            <numerusform>%n prompt</numerusform>
            <numerusform>%n prompts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n prompt(s)</source>
        <translation>
            <numerusform>%1 of %n prompt</numerusform>
            <numerusform>%1 of %n prompts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n hit(s)</source>
        <translation>
            <numerusform>%1 of %n hit</numerusform>
            <numerusform>%1 of %n hits</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hit(s)</source>
        <translation>
            <numerusform>%n hit</numerusform>
            <numerusform>%n hits</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::RepriceSheet</name>
    <message numerus="yes">
        <source>%1, %n unknown</source>
        <comment>known costs, how many are not</comment>
        <translation>
            <numerusform>%1, %n unknown</numerusform>
            <numerusform>%1, %n unknown</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::RequestWords</name>
    <message numerus="yes">
        <source>%n messages</source>
        <translation>
            <numerusform>%n message</numerusform>
            <numerusform>%n messages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::RunExporter</name>
    <message numerus="yes">
        <source>On screen: %n answer(s)</source>
        <translation>
            <numerusform>On screen: %n answer</numerusform>
            <numerusform>On screen: %n answers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n answer(s)</source>
        <translation>
            <numerusform>%n answer</numerusform>
            <numerusform>%n answers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n answer(s) exported to %1.</source>
        <translation>
            <numerusform>%n answer exported to %1.</numerusform>
            <numerusform>%n answers exported to %1.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::RunSettingsButton</name>
    <message numerus="yes">
        <source>%n time(s)</source>
        <translation>
            <numerusform>%n time</numerusform>
            <numerusform>%n times</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::SettingsPage</name>
    <message numerus="yes">
        <source>One is right where a server answers one call after the other: a call that waits in its queue would look like a slow model. Servers elsewhere get up to %n call(s) at once.</source>
        <translation>
            <numerusform>One is right where a server answers one call after the other: a call that waits in its queue would look like a slow model. Servers elsewhere get %n call at once.</numerusform>
            <numerusform>One is right where a server answers one call after the other: a call that waits in its queue would look like a slow model. Servers elsewhere get up to %n calls at once.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::SignalPane</name>
    <message numerus="yes">
        <source>The table names %n users.</source>
        <translation>
            <numerusform>The table names %n user.</numerusform>
            <numerusform>The table names %n users.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::SourceView</name>
    <message numerus="yes">
        <source> %n more problems below.</source>
        <translation>
            <numerusform> %n more problems below.</numerusform>
            <numerusform> %n more problems below.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::SpendingPopover</name>
    <message numerus="yes">
        <source>%n reused</source>
        <translation>
            <numerusform>%n reused</numerusform>
            <numerusform>%n reused</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n answer(s)</source>
        <comment>of a model</comment>
        <translation>
            <numerusform>%n answer</numerusform>
            <numerusform>%n answers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n answer(s)</source>
        <comment>to ask for</comment>
        <translation>
            <numerusform>%n answer</numerusform>
            <numerusform>%n answers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The sum is unknown: %n model(s) without a price.</source>
        <translation>
            <numerusform>The sum is unknown: %n model without a price.</numerusform>
            <numerusform>The sum is unknown: %n models without a price.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n call(s) of unknown cost count at their worst.</source>
        <translation>
            <numerusform>%n call of unknown cost counts at its worst.</numerusform>
            <numerusform>%n calls of unknown cost count at their worst.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::StorePanel</name>
    <message numerus="yes">
        <source>Reached: it holds %n run(s).</source>
        <translation>
            <numerusform>Reached: it holds %n run.</numerusform>
            <numerusform>Reached: it holds %n runs.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::StylePreview</name>
    <message numerus="yes">
        <source>In this style a switch of model is noticeable by %1 on average, as written by %2. %n pair(s) are measured;</source>
        <translation>
            <numerusform>In this style a switch of model is noticeable by %1 on average, as written by %2. %n pair is measured;</numerusform>
            <numerusform>In this style a switch of model is noticeable by %1 on average, as written by %2. %n pairs are measured;</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them less noticeable,</source>
        <translation>
            <numerusform>%n of them less noticeable,</numerusform>
            <numerusform>%n of them less noticeable,</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more.</source>
        <translation>
            <numerusform>%n more.</numerusform>
            <numerusform>%n more.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::TakeoverView</name>
    <message numerus="yes">
        <source>%n recorded answers</source>
        <translation>
            <numerusform>%n recorded answer</numerusform>
            <numerusform>%n recorded answers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>voices compared on %n prompts</source>
        <translation>
            <numerusform>voices compared on %n prompt</numerusform>
            <numerusform>voices compared on %n prompts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::TargetBlock</name>
    <message numerus="yes">
        <source>%n golden answer(s) of the policy&apos;s voice contract</source>
        <translation>
            <numerusform>%n golden answer of the policy&apos;s voice contract</numerusform>
            <numerusform>%n golden answers of the policy&apos;s voice contract</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>, wrote %n of them</source>
        <translation>
            <numerusform>, wrote %n of them</numerusform>
            <numerusform>, wrote %n of them</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n prompt(s)</source>
        <translation>
            <numerusform>%n prompt</numerusform>
            <numerusform>%n prompts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::TastingResultView</name>
    <message numerus="yes">
        <source>%n golden answer(s)</source>
        <translation>
            <numerusform>%n golden answer</numerusform>
            <numerusform>%n golden answers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n ranking(s)</source>
        <translation>
            <numerusform>%n ranking</numerusform>
            <numerusform>%n rankings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n person(s)</source>
        <translation>
            <numerusform>%n person</numerusform>
            <numerusform>%n people</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n prompt(s)</source>
        <translation>
            <numerusform>%n prompt</numerusform>
            <numerusform>%n prompts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n trial(s)</source>
        <translation>
            <numerusform>%n trial</numerusform>
            <numerusform>%n trials</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::TastingStart</name>
    <message numerus="yes">
        <source>Answers to %n prompt(s)</source>
        <translation>
            <numerusform>Answers to %n prompt</numerusform>
            <numerusform>Answers to %n prompts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>%n model</numerusform>
            <numerusform>%n models</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>answers to %n prompt(s) to rank</source>
        <translation>
            <numerusform>answers to %n prompt to rank</numerusform>
            <numerusform>answers to %n prompts to rank</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n person(s)</source>
        <translation>
            <numerusform>%n person</numerusform>
            <numerusform>%n people</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n vote(s)</source>
        <translation>
            <numerusform>%n vote</numerusform>
            <numerusform>%n votes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n guess(es) whose answer it is</source>
        <translation>
            <numerusform>%n guess whose answer it is</numerusform>
            <numerusform>%n guesses whose answer it is</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about %n minute(s) of reading</source>
        <translation>
            <numerusform>about %n minute of reading</numerusform>
            <numerusform>about %n minutes of reading</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::TastingView</name>
    <message numerus="yes">
        <source>%1 has %n vote(s) left.</source>
        <translation>
            <numerusform>%1 has %n vote left.</numerusform>
            <numerusform>%1 has %n votes left.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::ToneBlock</name>
    <message numerus="yes">
        <source>needs %n prompt(s)</source>
        <translation>
            <numerusform>needs %n prompt</numerusform>
            <numerusform>needs %n prompts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n axis(es) are grey: these answers do not read like English, and what these axes count is English words.</source>
        <translation>
            <numerusform>%n axis is grey: these answers do not read like English, and what it counts is English words.</numerusform>
            <numerusform>%n axes are grey: these answers do not read like English, and what they count is English words.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::TrafficSheet</name>
    <message numerus="yes">
        <source>Add %n prompt(s)</source>
        <translation>
            <numerusform>Add %n prompt</numerusform>
            <numerusform>Add %n prompts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln request(s)</source>
        <translation>
            <numerusform>%Ln request</numerusform>
            <numerusform>%Ln requests</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln conversation(s)</source>
        <translation>
            <numerusform>%Ln conversation</numerusform>
            <numerusform>%Ln conversations</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> %n request(s) cannot be asked and were passed over.</source>
        <translation>
            <numerusform> %n request cannot be asked and was passed over.</numerusform>
            <numerusform> %n requests cannot be asked and were passed over.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>signalbox::ui::VoicesPage</name>
    <message numerus="yes">
        <source>%n answer(s) are kept.</source>
        <translation>
            <numerusform>%n answer is kept.</numerusform>
            <numerusform>%n answers are kept.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n answer(s) are kept and will not be sent again.</source>
        <translation>
            <numerusform>%n answer is kept and will not be sent again.</numerusform>
            <numerusform>%n answers are kept and will not be sent again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n answer(s)</source>
        <translation>
            <numerusform>%n answer</numerusform>
            <numerusform>%n answers</numerusform>
        </translation>
    </message>
</context>
</TS>
