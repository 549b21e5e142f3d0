/** The report's style sheet: light and dark, wide and narrow, screen and paper. Contrasts are at least 4.5 : 1. */
export const STYLE = `
:root{color-scheme:light dark;--page:#f4f6f8;--card:#fff;--ink:#16202b;--soft:#54616f;--line:#d9e0e7;--accent:#0a6b72;--area:#0a6b7226;
--masked:#0a6b72;--masked-bg:#e0f2f1;--scanned:#3a4fa8;--scanned-bg:#e8ebfa;--removed:#5b3a8c;--removed-bg:#f0e9f9;--kept:#8a4b00;--kept-bg:#fdf0dd;--warn:#8a4b00;--warn-bg:#fff6e6;--warn-line:#e0a94a}
@media (prefers-color-scheme:dark){:root{--page:#10161c;--card:#18212a;--ink:#e6edf3;--soft:#a2b0be;--line:#2c3844;--accent:#5cc8c4;--area:#5cc8c433;
--masked:#7ad9d3;--masked-bg:#12393b;--scanned:#b3c0ff;--scanned-bg:#232d55;--removed:#d5bcf5;--removed-bg:#382a4f;--kept:#ffc97a;--kept-bg:#43300f;--warn:#ffc97a;--warn-bg:#2c2412;--warn-line:#8a6420}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;max-width:76rem;padding:1.5rem 1rem 3rem;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
.brand{margin:0;color:var(--soft)}
.brand b{color:var(--accent);letter-spacing:.02em}
h1{margin:.25rem 0 0;font-size:1.9rem;line-height:1.2}
h2{margin:0 0 .75rem;font-size:1.2rem}
.lede{margin:.5rem 0 1.25rem;font-size:1.1rem;max-width:60rem}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:.75rem;margin:0}
.cards div,section{background:var(--card);border:1px solid var(--line);border-radius:.6rem}
.cards div{padding:.75rem 1rem}
.cards dt{color:var(--soft);font-size:.875rem}
.cards dd{margin:0}
.cards strong{display:block;font-size:1.45rem;line-height:1.3;font-variant-numeric:tabular-nums}
.cards span,small{color:var(--soft);font-size:.8125rem}
.binding{color:var(--soft);font-size:.9rem;margin:1rem 0}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:0 0 1.25rem;padding:0}
a{color:var(--accent);text-underline-offset:.2em}
section{padding:1.1rem 1.25rem 1.25rem;margin:0 0 1rem}
section>:last-child{margin-bottom:0}
.warnings{background:var(--warn-bg);border-color:var(--warn-line)}
.warnings h2::before{content:"⚠ ";color:var(--warn)}
.warnings ul{margin:0;padding-left:1.2rem}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.875em}
small{display:block}
table{width:100%;border-collapse:collapse;font-size:.9rem;margin:0 0 1rem}
caption{text-align:left;color:var(--soft);padding:0 0 .5rem}
th,td{padding:.5rem .75rem .5rem 0;text-align:left;vertical-align:top;border-top:1px solid var(--line);font-weight:400;overflow:clip}
th:last-child,td:last-child{padding-right:0}
thead th{border-top:0;color:var(--soft);font-size:.8125rem;font-weight:600;vertical-align:bottom}
tbody th{min-width:8rem}
tbody th code{font-weight:600}
caption::first-letter,thead th::first-letter{text-transform:uppercase}
#columns td{max-width:18rem}
#columns td:nth-of-type(2){min-width:9rem}
.figures{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;overflow-wrap:normal}
.digest{font-size:.8125rem}
.outcome{display:inline-block;padding:.05rem .5rem;border-radius:1rem;font-size:.8125rem;white-space:nowrap;color:var(--masked);background:var(--masked-bg)}
.scanned,.partly{color:var(--scanned);background:var(--scanned-bg)}
.removed,.emptied{color:var(--removed);background:var(--removed-bg)}
.kept{color:var(--kept);background:var(--kept-bg)}
.facts{margin:0 0 1rem}
.facts div{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;gap:0 1rem;padding:.4rem 0;border-top:1px solid var(--line)}
.facts div:first-child{border-top:0;padding-top:0}
.facts dt{color:var(--soft)}
.facts dt::first-letter{text-transform:uppercase}
.facts dd{margin:0}
figure{margin:0}
figcaption{color:var(--soft);font-size:.9rem}
.chart{display:block;width:100%;height:auto;font-size:14px}
.chart text{fill:var(--soft)}
.grid{stroke:var(--line)}
.area{fill:var(--area)}
.line{fill:none;stroke:var(--accent);stroke-width:2;vector-effect:non-scaling-stroke}
footer{color:var(--soft);font-size:.875rem;max-width:60rem}
@media screen and (max-width:60rem){
body{padding:1rem .75rem 2rem}
section{padding:1rem}
table,caption,tbody,tr,th,td{display:block}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tbody tr{border-top:1px solid var(--line);padding:.75rem 0}
tbody th,td{border:0;padding:.1rem 0;text-align:left}
#columns td{max-width:none}
.figures{text-align:left}
.none{display:none}
.cards{grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr))}
.cards strong{font-size:1.2rem}
td{display:grid;grid-template-columns:7rem 1fr;gap:.75rem}
td::before{content:attr(data-label);color:var(--soft);font-size:.8125rem;line-height:1.6}
td .outcome{justify-self:start}
.facts div{grid-template-columns:1fr}
.chart{font-size:30px}
}
@media print{
@page{margin:14mm}
:root{--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--accent:#0a6b72;--area:#0a6b7226;--masked:#000;--masked-bg:#fff;--scanned:#000;--scanned-bg:#fff;--removed:#000;--removed-bg:#fff;--kept:#000;--kept-bg:#fff;--warn:#000;--warn-bg:#fff;--warn-line:#000}
html{font-size:8.5pt}
body{max-width:none;padding:0}
nav{display:none}
section{border:0;border-top:1px solid var(--line);border-radius:0;padding:.75rem 0}
.cards{grid-template-columns:repeat(5,1fr)}
.cards div{padding:.4rem .5rem}
.outcome{border:1px solid #000;padding:0 .35rem}
thead{display:table-header-group}
tr,.cards div,.facts div,figure{break-inside:avoid}
h2,caption{break-after:avoid}
}
`;
