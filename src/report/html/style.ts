/** The look of the page: two palettes, no font that would have to be fetched. Colours of text reach 4.5:1 on their ground. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #fbfaf8; --panel: #ffffff; --text: #1d1c1a; --quiet: #5f5b54; --line: #e2ded6; --accent: #1f5f8b;
  --good: #1c6b3c; --good-ground: #e1f2e6; --bad: #a3231f; --bad-ground: #fbe5e3; --open: #6b5206; --open-ground: #f7eccb;
  --code: #3b76b5; --land: #7a5ca8; --checks: #b0762a; --evaluation: #2b8a6e; --service: #6f7d8c; --gate: #b2507c; --sealed: #8a7a2e; --audit: #97806b; --opinion: #8c5a3c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #16171a; --panel: #1f2125; --text: #ecebe8; --quiet: #a9a69f; --line: #35383e; --accent: #8ec4ec;
    --good: #86d9a3; --good-ground: #173524; --bad: #ff9d96; --bad-ground: #45201e; --open: #e9cf7d; --open-ground: #3a3115;
    --code: #6ea8e6; --land: #b094de; --checks: #dfa862; --evaluation: #56c3a0; --service: #95a3b3; --gate: #e283ad; --sealed: #c9b65e; --audit: #bfa78f; --opinion: #d99b78;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { position: relative; margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main, .masthead, nav, footer { max-width: 70rem; margin-inline: auto; padding-inline: 1.25rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: .5rem; top: .5rem; background: var(--panel); padding: .5rem; z-index: 1; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
code, pre, .signs { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .9em; }
.masthead { padding-top: 2.5rem; }
.spec { margin: 0; color: var(--quiet); }
h1 { margin: .1rem 0 .6rem; font-size: clamp(1.6rem, 5vw, 2.4rem); line-height: 1.15; }
h2 { margin: 0 0 .75rem; font-size: 1.3rem; }
h3 { margin: 0 0 .25rem; font-size: 1rem; }
.outcome { margin: 0; font-size: 1.1rem; }
.reason { margin: .75rem 0 0; }
.fine { color: var(--quiet); font-size: .875rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: 1px; margin: 1.25rem 0 .75rem; background: var(--line); border: 1px solid var(--line); border-radius: .6rem; overflow: hidden; }
.facts div { background: var(--panel); padding: .7rem .9rem; }
.facts dt { color: var(--quiet); font-size: .8rem; }
.facts dd { margin: 0; font-size: 1.15rem; font-weight: 600; font-variant-numeric: tabular-nums; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: .5rem 0 1rem; padding: 0; list-style: none; }
nav a { display: inline-block; padding-block: .2rem; }
section { background: var(--panel); border: 1px solid var(--line); border-radius: .6rem; padding: 1.1rem 1.25rem; margin-bottom: 1.1rem; }
section > p:first-of-type { margin-top: 0; }
.scroll { position: relative; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .925rem; }
th, td { text-align: left; padding: .45rem .75rem .45rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--quiet); font-size: .8rem; font-weight: 500; white-space: nowrap; }
tbody th { font-weight: 400; min-width: 9rem; overflow-wrap: break-word; }
details tbody th { width: 38%; }
td { overflow-wrap: normal; }
.keep { white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.badge { display: inline-block; padding: .05rem .55rem; border-radius: 1rem; font-size: .9em; white-space: nowrap; }
.outcome .badge { padding: .2rem .8rem; font-weight: 600; white-space: normal; }
.is-good { color: var(--good); } .is-bad { color: var(--bad); } .is-open { color: var(--open); } .is-none { color: var(--quiet); }
.badge.is-good { background: var(--good-ground); } .badge.is-bad { background: var(--bad-ground); } .badge.is-open { background: var(--open-ground); } .badge.is-none { background: var(--ground); }
.mark-of { font-weight: 700; }
.signs { white-space: nowrap; letter-spacing: .1em; }
.meter { position: relative; display: inline-block; width: 6.5rem; height: .6rem; margin-right: .4rem; background: var(--line); border-radius: .3rem; vertical-align: baseline; }
.meter .fill { position: absolute; inset: 0 auto 0 0; border-radius: inherit; background: var(--bad); }
.meter.reaches .fill { background: var(--good); }
.meter .mark { position: absolute; top: -.2rem; bottom: -.2rem; width: 2px; margin-left: -1px; background: var(--text); }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 1rem 2rem; }
figure { margin: 0; }
img { max-width: 100%; height: auto; border: 1px solid var(--line); border-radius: .3rem; }
.plain { margin: 0; padding: 0; list-style: none; }
.plain li { display: flex; flex-wrap: wrap; align-items: center; gap: .1rem .4rem; font-size: .925rem; }
.iteration { color: var(--quiet); min-width: 5.5rem; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; margin: 0 0 .9rem; padding: 0; list-style: none; font-size: .875rem; }
.swatch { display: inline-block; width: .8rem; height: .8rem; margin-right: .35rem; border-radius: .2rem; vertical-align: -.05rem; }
.chart { margin-bottom: .75rem; }
.lane { display: grid; grid-template-columns: minmax(6rem, 11rem) 1fr; gap: .75rem; align-items: center; }
.lane .name { font-size: .875rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.track { position: relative; padding: .25rem 0; border-left: 1px solid var(--line); border-right: 1px solid var(--line); }
.lane:not(.axis) .track { border-bottom: 1px solid var(--line); }
.row { position: relative; height: 1rem; margin: .1rem 0; }
.bar { position: absolute; top: 0; bottom: 0; min-width: 3px; border-radius: 2px; opacity: .38; }
.bar.critical { opacity: 1; }
.bar.end-failed, .bar.end-infra { box-shadow: inset 0 -4px 0 var(--bad); }
.bar.end-cut { border-right: 3px double var(--text); }
.pause { position: absolute; top: 0; bottom: 0; border-left: 2px dashed var(--quiet); }
.axis .track { height: 1.6rem; border-color: transparent; font-size: .75rem; color: var(--quiet); font-variant-numeric: tabular-nums; }
.axis span { position: absolute; transform: translateX(-50%); white-space: nowrap; }
.axis span:first-child { transform: none; } .axis span:last-child { transform: translateX(-100%); }
.work-code { background: var(--code); } .work-land { background: var(--land); } .work-checks { background: var(--checks); } .work-evaluation { background: var(--evaluation); }
.work-service { background: var(--service); } .work-gate { background: var(--gate); } .work-sealed { background: var(--sealed); } .work-opinion { background: var(--opinion); } .work-audit { background: var(--audit); }
details { margin-bottom: .6rem; }
summary { cursor: pointer; padding: .3rem 0; font-weight: 600; }
pre { overflow-x: auto; margin: .5rem 0; padding: .7rem .9rem; background: var(--ground); border: 1px solid var(--line); border-radius: .4rem; }
.question + .question { margin-top: 1rem; }
footer { padding-block: .5rem 3rem; }
@media (max-width: 40rem) {
  main, .masthead, nav, footer { padding-inline: .8rem; }
  section { padding: .9rem .8rem; }
  .lane { grid-template-columns: 1fr; gap: 0; margin-bottom: .4rem; }
  .axis .name, .axis span:nth-child(even) { display: none; }
  .facts { grid-template-columns: 1fr 1fr; }
  nav a { padding-block: .45rem; }
  .wide { min-width: 36rem; }
  .stacks, .stacks tbody, .stacks tr, .stacks th { display: block; }
  .stacks thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .stacks tr { padding-block: .6rem; border-bottom: 1px solid var(--line); }
  .stacks tbody tr:last-child { border-bottom: 0; }
  .stacks th, .stacks td { padding: .1rem 0; border: 0; }
  .stacks td { display: grid; grid-template-columns: 6.5rem 1fr; text-align: left; white-space: normal; }
  .stacks td::before { content: attr(data-column); color: var(--quiet); font-size: .8rem; padding-top: .1rem; }
}
@media print {
  nav, .skip { display: none; }
  section { break-inside: avoid; border: 0; padding-inline: 0; }
  .bar, .fill, .swatch, .badge, .meter { print-color-adjust: exact; }
}
`;
