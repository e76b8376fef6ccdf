// SPDX-License-Identifier: Apache-2.0
#include "report_style.h"

namespace signalbox::report_detail {

namespace {

// No character that XML or HTML would read as markup: the page is both.
constexpr std::string_view kStyle = R"css(
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1e25; --quiet: #5a6270; --line: #d9dde5;
  --sunken: #f5f6f9; --mark: #8a4b00; --link: #1d4fb8; --heat: 115, 137, 226;
  --m0: #1d62cc; --m1: #a8480f; --m2: #2a9a74; --m3: #662a8c; --m4: #938f16; --m5: #6b1f3b;
  --m6: #56617a; --m7: #cc66b2; }
@media (prefers-color-scheme: dark) { :root { --paper: #16181d; --ink: #e6e8ee; --quiet: #a0a8b8;
  --line: #343a46; --sunken: #1e2128; --mark: #f0b860; --link: #8ab0ff; --heat: 90, 112, 220;
  --m0: #7aaefa; --m1: #d9822b; --m2: #63e6b9; --m3: #a552e6; --m4: #efe391; --m5: #e2547b;
  --m6: #6c7a98; --m7: #f0b3de; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.5rem 4rem; max-width: 100rem; background: var(--paper);
  color: var(--ink); font: 15px/1.5 Inter, "Segoe UI", system-ui, sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
a { color: var(--link); }
.badge { display: inline-block; border: 1px solid currentColor; border-radius: 4px; color: var(--mark);
  font-size: .75rem; font-weight: 600; padding: 0 .4rem; vertical-align: .2em; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; margin: 1rem 0; }
.facts dt { color: var(--quiet); } .facts dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .75rem; text-align: right;
  vertical-align: top; }
th { font-weight: 600; } th[scope=row] { white-space: nowrap; } th:first-child, td:first-child, td.words, th.words { text-align: left; }
td.words { max-width: 28rem; overflow-wrap: anywhere; }
.quiet { color: var(--quiet); font-size: .875rem; }
.model::before { content: ""; display: inline-block; width: .65rem; height: .65rem; border-radius: 2px;
  margin-right: .45rem; background: var(--quiet); }
.m0::before { background: var(--m0); } .m1::before { background: var(--m1); }
.m2::before { background: var(--m2); } .m3::before { background: var(--m3); }
.m4::before { background: var(--m4); } .m5::before { background: var(--m5); }
.m6::before { background: var(--m6); } .m7::before { background: var(--m7); }
.h0 { background: rgba(var(--heat), .04); } .h1 { background: rgba(var(--heat), .1); }
.h2 { background: rgba(var(--heat), .16); } .h3 { background: rgba(var(--heat), .22); }
.h4 { background: rgba(var(--heat), .28); } .h5 { background: rgba(var(--heat), .34); }
.h6 { background: rgba(var(--heat), .4); } .h7 { background: rgba(var(--heat), .46); }
.h8 { background: rgba(var(--heat), .52); } .h9 { background: rgba(var(--heat), .58); }
.prompt { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 1.25rem; }
.asked { white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0 1rem; max-width: 60rem; }
.asked p { margin: .25rem 0; } .asked p:last-child { font-weight: 600; }
.answers { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(19rem, 1fr); gap: 1.5rem;
  overflow-x: auto; padding-bottom: .5rem; }
.answer { min-width: 0; } .answer + .answer { margin-top: 1.25rem; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0 0; }
.failure, .star { color: var(--mark); }
.note { border-left: 3px solid var(--mark); background: var(--sunken); margin: .75rem 0 0;
  padding: .4rem .75rem; white-space: pre-wrap; overflow-wrap: anywhere; }
details.thinking { margin-top: .5rem; } summary { cursor: pointer; }
ol.contents { columns: 28rem; padding-left: 2rem; } ol.contents li { overflow-wrap: anywhere; }
@media print { :root { --paper: #fff; --ink: #000; --quiet: #444; --line: #bbb; --sunken: #f4f4f4;
    --mark: #7a4200; --link: #000; --heat: 115, 137, 226; }
  @page { margin: 18mm 15mm; }
  body { padding: 0; max-width: none; font-size: 10pt; }
  .scroll, .answers { overflow: visible; } table { font-size: 8.5pt; }
  th, td { padding: .25rem .4rem; } td.words { min-width: 9rem; }
  .answers { display: block; columns: 2; column-gap: 8mm; }
  .column { margin-bottom: 4mm; }
  h2, h3, .asked { break-after: avoid; } tr, .note { break-inside: avoid; }
  nav { display: none; } td, tr, .model::before { print-color-adjust: exact; } }
)css";

} // namespace

std::string_view reportStyle()
{
    return kStyle;
}

std::string_view reportStyleHash()
{
    return "sha256-Rd05WU3GrkVPa6sgf9alk7YalRw8G4IXKK4RIY/bgK8=";
}

} // namespace signalbox::report_detail
