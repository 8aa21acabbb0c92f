const light = '--paper:#fff;--around:#f7f7f8;--ink:#1c1c1f;--soft:#55555c;--line:#e2e2e6;--mark:#1d5fd1;--shade:#eef3fc'
const dark =
  '--paper:#161618;--around:#1d1d20;--ink:#ececef;--soft:#b4b4bd;--line:#34343a;--mark:#8ab4ff;--shade:#232c3b'

/** Of the page round the drawing. Its colours of tasks are the drawing's. */
export const pageStyle = `
:root{${light};color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{margin:0;background:var(--around);color:var(--ink);font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
header{display:flex;flex-wrap:wrap;gap:8px 24px;align-items:end;padding:20px 24px 12px}
header>div{flex:1 1 320px}
h1{font-size:20px;line-height:1.3;margin:0;font-weight:650}
h2{font-size:14px;margin:0;font-weight:650}
p{margin:2px 0}
header p{color:var(--soft);overflow-wrap:anywhere}
.find{color:var(--soft)}
input{font:inherit;color:inherit;background:var(--paper);border:1px solid #8e8e96;border-radius:7px;padding:5px 10px;margin-left:8px;width:220px;color:var(--ink)}
#found{min-width:80px;color:var(--soft);padding-bottom:6px}
button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer}
:focus-visible{outline:2px solid var(--mark);outline-offset:2px;border-radius:4px}
.columns{display:grid;grid-template-columns:minmax(0,1fr) 340px;gap:16px;padding:0 24px 32px;align-items:start}
main>section,aside{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:14px 16px}
main>section+section{margin-top:16px}
.bar{display:flex;justify-content:space-between;align-items:center;gap:12px;flex-wrap:wrap}
.zoom{display:flex;gap:4px}
.zoom button{border:1px solid var(--line);border-radius:7px;min-width:32px;padding:2px 9px;color:var(--soft)}
.zoom button:hover{color:var(--ink);border-color:var(--soft)}
.legend{display:flex;flex-wrap:wrap;gap:2px 18px;list-style:none;margin:4px 0 8px;padding:0;color:var(--soft);font-size:12px}
.legend li{display:flex;align-items:center;gap:7px}
.legend .plain .outline{fill:none;stroke:var(--soft)}.legend .plain .hold{stroke:var(--soft)}
#canvas{overflow:auto;max-height:min(66vh,720px);cursor:grab;margin:0 -16px -14px;border-top:1px solid var(--line);border-radius:0 0 12px 12px;overscroll-behavior:contain}
#canvas:active{cursor:grabbing}
#drawing{display:block;user-select:none}
#drawing .task{cursor:pointer;outline:none}
#drawing .task:hover .outline{stroke-width:2.2}
#drawing .task.chosen .outline,#drawing .task:focus-visible .outline{stroke:var(--mark);stroke-width:3}
.choosing .arrow:not(.near),.choosing .task:not(.near){opacity:.38}
.choosing .arrow.near{display:inline;stroke:var(--mark);stroke-opacity:1;stroke-width:2}
.searching .task:not(.match){opacity:.2}.searching .arrow{opacity:.2}
.searching .task.match{opacity:1}
.axis,.row,.grid{display:grid;grid-template-columns:minmax(110px,30%) 1fr 96px;gap:12px;align-items:center;width:100%;text-align:left}.grid{align-items:stretch}
.axis{position:sticky;top:0;background:var(--paper);border-bottom:1px solid var(--line);z-index:1;padding:4px 6px 0}
.scale{display:block;width:100%;height:22px;overflow:visible}
.scale text{font-size:11px;fill:var(--soft);text-anchor:middle}.scale text:first-of-type{text-anchor:start}
.rows{position:relative}.grid{position:absolute;inset:0;padding:0 6px;pointer-events:none}.grid svg{width:100%;height:100%}.grid line{stroke:var(--line)}
.batch{position:relative}.times .outline{stroke-width:1}.times .critical .outline{stroke-width:2}
.row{padding:1px 6px;border-radius:6px}
.row:hover{background:var(--around)}
.row[aria-pressed=true]{background:var(--shade);box-shadow:inset 3px 0 var(--mark)}
.name{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.name b{font-weight:600}.name span{color:var(--soft);margin-left:8px}
.when{color:var(--soft);text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;font-size:12px}
.when i{font-style:normal}
.batch h3{font-size:12px;font-weight:650;margin:10px 6px 2px}
.batch small{font-size:12px;font-weight:400;color:var(--soft);margin-left:6px}
ol,aside ul{list-style:none;margin:0;padding:0}
aside{position:sticky;top:16px;max-height:calc(100vh - 32px);overflow:auto;overflow-wrap:anywhere}
aside h2{font-size:16px}
aside h3{font-size:12px;margin:14px 0 4px;color:var(--soft);font-weight:600}
aside li button{color:var(--mark);font-weight:600;text-align:left}
aside li button:hover{text-decoration:underline}
#close{float:right;color:var(--soft);width:28px;height:28px;margin:-4px -6px 0 8px;border-radius:6px;font-size:18px;line-height:1}#close:hover{background:var(--around)}
.why{margin:10px 0;padding:9px 12px;background:var(--shade);border-radius:8px}
.hint{color:var(--soft)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:3px 14px;margin:0}
dt{color:var(--soft)}dd{margin:0}
code{font:12px ui-monospace,"SF Mono",Menlo,Consolas,monospace}
[hidden]{display:none!important}
@media (max-width:960px){
.columns{grid-template-columns:minmax(0,1fr);padding:0 12px 24px}header{padding:16px 12px 10px}
aside{display:none}
.telling aside{display:block;position:fixed;inset:auto 0 0;top:auto;max-height:42vh;border-radius:12px 12px 0 0;box-shadow:0 -6px 24px #0003;z-index:2}
.telling{padding-bottom:42vh}
}
@media (max-width:560px){.axis,.row,.grid{grid-template-columns:minmax(90px,34%) 1fr 62px;gap:8px}.when i,.scale text:nth-of-type(even){display:none}input{width:150px}#found{order:1}}
@media (prefers-reduced-motion:no-preference){.task,.arrow{transition:opacity .12s}}
@media print{
@page{margin:12mm}
body,main>section{background:none}header,.columns{padding:0}
aside,.find,#found,.zoom{display:none!important}.columns{display:block}
main>section{border:0;padding:8px 0}#canvas{max-height:none;overflow:visible;margin:0;border:0}
#drawing{width:100%!important;height:auto!important;max-height:240mm}
.choosing .task,.choosing .arrow,.searching .task,.searching .arrow{opacity:1!important}
.axis{position:static}li{break-inside:avoid}h3{break-after:avoid}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`
