/**
 * The page's style. Colours are named by their part, once for light and once for dark; the page follows the reader's
 * system. Widths follow the window down to a telephone's.
 */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --line: #d9dde3; --text: #1b2430; --faint: #566273;
  --good: #17713d; --good-soft: #e3f4ea; --bad: #b3261e; --bad-soft: #fbe9e7;
  --quiet: #566273; --quiet-soft: #eceff3; --bar: #3b6fb6; --accent: #24518f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --card: #1a2029; --line: #323b48; --text: #e6eaf0; --faint: #a0acbb;
    --good: #6fd196; --good-soft: #17301f; --bad: #ff8a80; --bad-soft: #3a1c1a;
    --quiet: #a0acbb; --quiet-soft: #252d38; --bar: #6d9fe0; --accent: #8fb8ee;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 2rem 1.25rem 4rem; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
p { margin: .25rem 0 .75rem; }
a { color: var(--accent); }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .86em; }
pre { margin: .5rem 0 0; padding: .75rem; overflow: auto; max-height: 22rem; background: var(--page);
  border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
.faint { color: var(--faint); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 1rem; margin: .75rem 0; }
.failure { border-left: 4px solid var(--bad); }
.badge { display: inline-block; padding: 0 .5em; border-radius: 1em; font-size: .82rem; white-space: nowrap; }
.good { color: var(--good); background: var(--good-soft); }
.bad { color: var(--bad); background: var(--bad-soft); }
.quiet { color: var(--quiet); background: var(--quiet-soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--faint); font-size: .82rem; white-space: nowrap; }
tbody tr:last-child td { border-bottom: 0; }
.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.stages { display: flex; flex-wrap: wrap; gap: .75rem; align-items: stretch; }
.stage { flex: 1 1 9.5rem; border: 1px solid var(--line); border-radius: 6px; padding: .6rem .7rem; background: var(--page); }
.stage.bad-edge { border-color: var(--bad); }
.stage.good-edge { border-color: var(--good); }
.stage .name { font-weight: 600; }
.stage ul { list-style: none; margin: .4rem 0 0; padding: 0; }
.stage li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .1rem .5rem; padding: .15rem 0; }
.timeline { display: grid; grid-template-columns: minmax(9rem, 14rem) 1fr 5.5rem; gap: .15rem .75rem; align-items: center; }
.timeline .label { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.timeline .group { grid-column: 1 / -1; font-weight: 600; margin-top: .6rem; }
.track { position: relative; height: 1.05rem; background: var(--quiet-soft); border-radius: 3px; }
.bar { position: absolute; top: 0; bottom: 0; min-width: 2px; border-radius: 3px; background: var(--bar); }
.bar.failed { background: var(--bad); }
details { margin: .5rem 0; }
summary { cursor: pointer; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .5rem 0; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  .timeline { grid-template-columns: 1fr 4.5rem; }
  .timeline .track { grid-column: 1 / -1; grid-row: auto; }
  dl { grid-template-columns: 1fr; }
}
`;
