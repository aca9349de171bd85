/** How the page looks: light and dark as the reader's system is, and black on white on paper. */

export const PAGE_STYLE = `
:root { color-scheme: light dark; --back: #f3f4f8; --card: #fff; --text: #1b1e28; --soft: #59606f; --line: #d9dce5; --edge: #868c9b;
  --box: #f5f6fa; --accent: #3b4fc4; --on: #fff; --hover: #2e3fa6; --good: #14693b; --bad: #b3261e; --bad-back: #fdf0ef;
  --shadow: 0 1px 2px #1b1e2814, 0 12px 32px #1b1e2814; --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
@media (prefers-color-scheme: dark) {
  :root { --back: #12141b; --card: #1c1f29; --text: #e9ebf2; --soft: #a4abbd; --line: #333846; --edge: #7b8296; --box: #14161e;
    --accent: #a9b6ff; --on: #161a2c; --hover: #c3ccff; --good: #7fd6a2; --bad: #ffb0a8; --bad-back: #3a1d1e; --shadow: 0 12px 32px #0006; }
}
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--back); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
main, footer { width: 100%; max-width: 46rem; margin: 0 auto; padding: 0 1rem; }
main { padding-top: clamp(1rem, 7vh, 4.5rem); flex: 1; }
section.card { background: var(--card); border: 1px solid var(--line); border-radius: 18px; box-shadow: var(--shadow);
  padding: clamp(1.25rem, 5vw, 2.5rem); }
#door { max-width: 34rem; margin: 0 auto; }
.logo { display: block; max-width: 14rem; max-height: 4.5rem; margin: 0 0 1.25rem; }
h1, h2 { line-height: 1.25; margin: 0; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: clamp(1.5rem, 5vw, 2rem); letter-spacing: -.015em; }
#letter-heading { font-size: clamp(1.35rem, 4.5vw, 1.7rem); outline: 0; }
h2 { font-size: 1.1rem; }
p { margin: .75rem 0; overflow-wrap: anywhere; }
a { color: var(--accent); }
[hidden] { display: none !important; }
form { margin-top: 1.5rem; }
label { font-weight: 600; }
#code { display: block; width: 100%; margin-top: .4rem; padding: .8rem .9rem; border: 1.5px solid var(--edge); border-radius: 12px;
  background: var(--box); color: var(--text); font: 600 clamp(1rem, 4.6vw, 1.3rem)/1.3 var(--mono); letter-spacing: .04em; text-transform: uppercase; }
#code[aria-invalid=true] { border-color: var(--bad); }
.hint, .keep, .note, .privacy { color: var(--soft); font-size: .9rem; }
.hint { margin: .45rem 0 0; }
.hint code { white-space: nowrap; }
#problem { margin: .9rem 0 0; padding: .7rem .9rem; border-inline-start: 4px solid var(--bad); border-radius: 6px; background: var(--bad-back); }
button, select { font: inherit; color: inherit; cursor: pointer; }
button { border: 1.5px solid transparent; border-radius: 11px; padding: .55rem 1.1rem; font-weight: 600; min-height: 2.75rem; }
#unlock { width: 100%; margin-top: 1.1rem; min-height: 3.1rem; background: var(--accent); color: var(--on); }
#unlock:hover { background: var(--hover); }
.second, .copy { background: transparent; border-color: var(--edge); }
.second:hover, .copy:hover { background: var(--box); }
.copy { flex: none; min-width: 6.2rem; min-height: 2.5rem; padding: .3rem .8rem; font-size: .9rem; color: var(--accent); }
.copy.done { color: var(--good); border-color: var(--good); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
progress { display: block; width: 100%; height: .5rem; margin-top: 1rem; accent-color: var(--accent); }
.head { display: flex; gap: 1rem; align-items: start; justify-content: space-between; }
.close { flex: none; min-height: 2.5rem; padding: .3rem .9rem; font-size: .9rem; }
.value { margin-top: 1.1rem; }
.label, dt, .choices span { display: block; color: var(--soft); font-size: .85rem; font-weight: 600; }
.line { display: flex; gap: .6rem; align-items: center; margin-top: .3rem; padding: .45rem .45rem .45rem .9rem; border: 1px solid var(--line);
  border-radius: 12px; background: var(--box); }
.line code { flex: 1; min-width: 0; overflow-wrap: anywhere; }
code, pre { font-family: var(--mono); font-size: .92em; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr)); gap: 1rem 1.75rem; margin: 1.4rem 0 0; }
dd { margin: .1rem 0 0; overflow-wrap: anywhere; }
.try { display: flex; flex-wrap: wrap; gap: .4rem 1rem; align-items: center; margin-top: 1.4rem; }
.tried { margin: 0; flex: 1 1 14rem; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.clients { margin-top: 2rem; padding-top: 1.6rem; border-top: 1px solid var(--line); }
.choices { display: flex; flex-wrap: wrap; gap: .75rem 1.25rem; margin: 1rem 0; }
.choices label { flex: 0 1 14rem; min-width: 0; }
@media (max-width: 30rem) { .choices label { flex: 1 1 100%; } }
select { font-weight: 500; width: 100%; margin-top: .25rem; padding: .5rem .6rem; min-height: 2.75rem; border: 1.5px solid var(--edge); border-radius: 11px; background: var(--box); color: var(--text); }
[role=tablist] { display: flex; flex-wrap: wrap; gap: .4rem; }
[role=tab] { min-height: 2.4rem; padding: .25rem .85rem; border-color: var(--line); border-radius: 999px; background: transparent; font-size: .9rem; font-weight: 500; }
[role=tab]:hover { background: var(--box); }
[role=tab][aria-selected=true] { background: var(--accent); border-color: var(--accent); color: var(--on); font-weight: 600; }
[role=tabpanel] { margin-top: 1rem; border-radius: 12px; }
.snippet { border: 1px solid var(--line); border-radius: 12px; background: var(--box); overflow: hidden; }
.snippet + .snippet { margin-top: .9rem; }
.bar { display: flex; gap: .6rem; align-items: center; justify-content: space-between; padding: .4rem .4rem .4rem .9rem; border-bottom: 1px solid var(--line); }
.bar span { min-width: 0; color: var(--soft); font-size: .85rem; font-weight: 600; overflow-wrap: anywhere; }
.bar .copy span { color: inherit; font-size: .9rem; }
pre { margin: 0; padding: .9rem; overflow-x: auto; line-height: 1.6; tab-size: 2; border-radius: 0 0 12px 12px; }
pre:focus-visible { outline-offset: -3px; }
footer { padding-top: 1.5rem; padding-bottom: 2rem; text-align: center; }
footer p { margin: .4rem 0; }
.unseen { position: fixed; top: 0; left: 0; width: 1px; height: 1px; padding: 0; border: 0; opacity: 0; }
.heard { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 30rem) { .line { flex-direction: column; align-items: stretch; padding: .7rem; } }
@media print {
  :root { color-scheme: light; --back: #fff; --card: #fff; --box: #fff; --text: #000; --soft: #333; --line: #999; --accent: #000; --on: #fff; }
  main { padding: 0; }
  section.card { border: 0; box-shadow: none; padding: 0; }
  button, .choices, .try, form { display: none !important; }
  [role=tablist] { display: flex; }
  [role=tab][aria-selected=true] { display: block !important; background: none; color: #000; padding: 0; border: 0; min-height: 0; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  .value, .snippet, dl div { break-inside: avoid; }
}
`;
