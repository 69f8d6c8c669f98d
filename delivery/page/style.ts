/**
 * The page's style. Colours are named by their part, once for light and once for dark; the page follows the reader's
 * system. Widths follow the window down to a telephone's. A test holds each pair of text and ground to its contrast.
 */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --line: #d9dde3; --text: #1b2430; --faint: #566273;
  --good: #17713d; --good-soft: #e3f4ea; --bad: #b3261e; --bad-soft: #fbe9e7;
  --quiet: #566273; --quiet-soft: #eceff3; --bar: #3b6fb6; --wait: #8a94a3; --accent: #24518f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --card: #1a2029; --line: #323b48; --text: #e6eaf0; --faint: #a0acbb;
    --good: #6fd196; --good-soft: #17301f; --bad: #ff8a80; --bad-soft: #3a1c1a;
    --quiet: #a0acbb; --quiet-soft: #252d38; --bar: #6d9fe0; --wait: #75808f; --accent: #8fb8ee;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; overflow-wrap: break-word; }
main { margin: 0 auto; max-width: 74rem; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2.75rem 0 .75rem; }
h3 { font-size: 1.05rem; margin: 0 0 .15rem; }
h4 { font-size: .95rem; margin: 1.1rem 0 .3rem; }
p { margin: .25rem 0 .75rem; }
a { color: var(--accent); }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .86em; }
pre { margin: .5rem 0; padding: .75rem; overflow: auto; max-height: 24rem; background: var(--page);
  border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
.faint { color: var(--faint); font-weight: 400; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 1rem; margin: .75rem 0; }
.failure { border-left: 4px solid var(--bad); }
.badge { display: inline-block; padding: 0 .55em; border-radius: 1em; font-size: .82rem; font-weight: 400;
  overflow-wrap: anywhere; vertical-align: .05em; }
.good { color: var(--good); background: var(--good-soft); }
.bad { color: var(--bad); background: var(--bad-soft); }
.bad-text { color: var(--bad); }
.quiet { color: var(--quiet); background: var(--quiet-soft); }
.verdict { margin: 0 0 .75rem; }
.verdict .badge { font-size: 1rem; padding: .1em .75em; font-weight: 600; }
.outcomes { list-style: none; margin: 0 0 1rem; padding: 0; }
.outcomes li { padding: .15rem 0; }
.facts { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 1rem 0 0; }
.facts dt { color: var(--faint); font-size: .82rem; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.facts + .notes, .charts + .notes { margin-top: .75rem; }
.notes { margin: .25rem 0 .75rem; padding-left: 1.25rem; }
.message { white-space: pre-line; margin: .5rem 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem 1rem .4rem 0; border-bottom: 1px solid var(--line); }
thead th { font-weight: 600; color: var(--faint); font-size: .82rem; white-space: nowrap; }
tbody th { font-weight: 400; }
td code, td time, td .share { white-space: nowrap; }
td:has(> .badge) { min-width: 9.5rem; }
td .badge { border-radius: .8em; }
td .long { display: inline-block; min-width: 12rem; overflow-wrap: anywhere; }
td code.variables { white-space: pre-line; }
tbody tr:last-child > * { border-bottom: 0; }
th:last-child, td:last-child { padding-right: 0; }
.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.stages { display: flex; flex-wrap: wrap; gap: .75rem; align-items: stretch; list-style: none; margin: .6rem 0; padding: 0; }
.stage { flex: 1 1 14.5rem; border: 1px solid var(--line); border-top-width: 3px; border-radius: 6px; padding: .6rem .8rem; }
.stage.bad-edge { border-top-color: var(--bad); }
.stage.good-edge { border-top-color: var(--good); }
.stage h4 { margin: 0; }
.stage ul { list-style: none; margin: .3rem 0 0; padding: 0; }
.stage li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .1rem .5rem; padding: .15rem 0;
  font-variant-numeric: tabular-nums; }
.bars { list-style: none; margin: .25rem 0 1.1rem; padding: 0; }
.bars li, .axis { display: grid; grid-template-columns: 12rem 1fr 6rem; gap: 0 .75rem; align-items: center; padding: .1rem 0; }
.bars .label { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.track { position: relative; height: 1.05rem; background: var(--quiet-soft); border-radius: 3px; }
.bar { position: absolute; top: 0; bottom: 0; min-width: 3px; border-radius: 3px; background: var(--bar); }
.bar.failed { background: var(--bad); }
.bar.waiting { background: repeating-linear-gradient(135deg, var(--wait) 0 4px, transparent 4px 7px); border: 1px solid var(--wait); }
.bar.action { background: var(--quiet); top: 35%; bottom: 35%; }
.bar.weight { background: var(--quiet); border-radius: 0; }
.axis { margin: 0; }
.axis .track { background: none; }
.tick { position: absolute; font-size: .78rem; color: var(--faint); border-left: 1px solid var(--line); padding-left: .25rem; line-height: 1.05rem;
  font-variant-numeric: tabular-nums; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: .75rem; }
.charts .card { margin: 0; }
.chart { width: 100%; height: auto; display: block; }
.chart rect { fill: var(--bar); }
.chart rect.none { fill: var(--line); }
.chart line { stroke: var(--line); }
.chart text { fill: var(--faint); font-size: 11px; font-variant-numeric: tabular-nums; }
@media (min-width: 60rem) { .chart text { font-size: 8px; } }
details { margin: .75rem 0 0; }
summary { cursor: pointer; color: var(--accent); }
@media (max-width: 40rem) {
  main { padding: 1.25rem .75rem 3rem; }
  .card { padding: .8rem; }
  .stage { flex-basis: 100%; }
  .bars li { grid-template-columns: 1fr 5.5rem; padding: .25rem 0; }
  .bars li .label { grid-column: 1; grid-row: 1; }
  .bars li .figure { grid-column: 2; grid-row: 1; }
  .bars li .track { grid-column: 1 / -1; grid-row: 2; height: .7rem; }
  .axis { display: none; }
}
`;
