import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { sayBound } from '../plan/explain.ts'
import { ganttHtml } from './gantt.ts'
import { legendHtml } from './legend.ts'
import type { PageData } from './page/data.ts'
import { pageScript } from './page-script.ts'
import { pageStyle } from './page-style.ts'
import type { Picture } from './picture.ts'
import { px } from './shapes.ts'
import { svgStyle } from './style.ts'
import { drawn } from './svg.ts'
import { escaped, headline, jsonText, minutes } from './texts.ts'

/**
 * The graph and a chart of time as a page that stands alone: it asks nothing of any network, and a policy in it forbids that it could.
 * Texts of tasks are in it escaped, or as JSON that the page's own script shows as text.
 */
export function toHtml(picture: Picture): string {
  const { plan } = picture
  const style = svgStyle + pageStyle
  const { body, width, height } = drawn(picture)
  const size = `width="${px(width)}" height="${px(height)}" viewBox="0 0 ${px(width)} ${px(height)}"`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${escaped(headline(plan))}</title>
<style>${style}</style>
</head>
<body>
<header>
<div><h1>${escaped(headline(plan))}</h1>
<p>${escaped(summary(plan))}</p></div>
<output id="found" for="find"></output>
<label class="find">Find a task <input id="find" type="search" autocomplete="off" spellcheck="false"></label>
</header>
<div class="columns">
<main>
<section class="graph" aria-labelledby="graph-title">
<div class="bar"><h2 id="graph-title">What waits for what</h2>
<div class="zoom" role="group" aria-label="Size of the drawing"><button type="button" id="smaller" aria-label="Smaller">−</button><button type="button" id="whole">Whole</button><button type="button" id="real">100 %</button><button type="button" id="larger" aria-label="Larger">+</button></div></div>
${legendHtml(picture)}
<div id="canvas"><svg id="drawing" role="group" aria-label="Tasks; arrow keys go from one to the next" ${size}>
${body}
</svg></div>
</section>
<section class="times" aria-labelledby="times-title">
<h2 id="times-title">When</h2>
${ganttHtml(picture)}
</section>
</main>
<aside id="details" aria-live="polite" aria-label="The chosen task" tabindex="-1"><p class="hint">Choose a task to see when it starts and what it waits for.</p></aside>
</div>
<script type="application/json" id="data">${jsonText(dataOf(picture))}</script>
<script>${pageScript}</script>
</body>
</html>`
}

function summary({ lowerBound, recommendation, warnings }: Picture['plan']): string {
  const least = `At least ${minutes(lowerBound.minutes)} min by ${sayBound(lowerBound)}`
  const told = warnings.slice(0, 3).map((warning) => ` · ${warning.message}`)
  const more = warnings.length > 3 ? [` · and ${warnings.length - 3} warnings more`] : []
  return [least, ` · ${recommendation.reason}`, ...told, ...more].join('')
}

function dataOf({ boxes, arrows, plan }: Picture): PageData {
  return {
    tasks: boxes.map(({ batch, ...box }) => ({ ...box, batch: plan.batches[batch ?? -1] ?? null })),
    arrows: arrows.map(({ from, to }) => [from, to]),
  }
}

/** Nothing but this style and this script, by their digests. */
function policy(style: string): string {
  const digest = (text: string) => `'sha256-${btoa(String.fromCharCode(...sha256(utf8ToBytes(text))))}'`
  return [
    "default-src 'none'",
    `style-src ${digest(style)}`,
    `script-src ${digest(pageScript)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}
