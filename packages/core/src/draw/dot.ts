import { cut, oneLine } from '../plan/columns.ts'
import { grey, shadeOf, tints } from './palette.ts'
import { type Arrow, type Box, calm, type Picture } from './picture.ts'
import { timeOf } from './texts.ts'

/** The graph in the language of Graphviz: `dot -Tsvg`. */
export function toDot({ boxes, arrows, plan }: Picture): string {
  const lines = [
    'digraph plan {',
    '  graph [rankdir=LR, bgcolor="transparent", fontname="sans-serif", ranksep=0.6, nodesep=0.25]',
    '  node [shape=box, style="rounded,filled", fontname="sans-serif", fontsize=11, margin="0.15,0.08"]',
    '  edge [fontname="sans-serif", fontsize=9, color="#77777f", fontcolor="#55555c", arrowsize=0.7]',
  ]
  for (const [number, box] of boxes.entries())
    lines.push(`  ${boxText(number, box, plan.batches[box.batch ?? -1]?.name)}`)
  for (const arrow of calm(arrows)) lines.push(`  ${arrowText(arrow)}`)
  return [...lines, '}'].join('\n')
}

const shapes = {
  change: 'shape=box, style="rounded,filled"',
  read: 'shape=ellipse, style=filled',
  sync: 'shape=hexagon, style=filled',
  manual: 'shape=parallelogram, style=filled',
} as const

function boxText(number: number, box: Box, batch: string | undefined): string {
  const { fill, edge } = tints[shadeOf(box.batch) ?? -1] ?? grey
  const lines = [cut(box.id, 40), ...(box.title === box.id ? [] : [cut(box.title, 40)]), timeOf(box)]
  const fields = [
    `label=${quoted(lines)}`,
    `tooltip=${quoted([cut(box.why, 300)])}`,
    shapes[box.kind],
    ...(box.hold ? ['peripheries=2'] : []),
    `fillcolor="${fill}", color="${edge}"`,
    ...(batch === undefined ? [] : [`class="batch-${batch}"`]),
    ...(box.critical ? ['penwidth=3'] : []),
  ]
  return `t${number} [${fields.join(', ')}]`
}

function arrowText({ from, to, sort, about, critical }: Arrow): string {
  const fields = [
    ...(sort === 'conflict' ? ['style=dashed'] : sort === 'capacity' ? ['style=dotted'] : []),
    ...(about === null || sort === 'order' ? [] : [`label=${quoted([cut(about, 30)])}`]),
    ...(critical ? ['penwidth=3', 'color="#1c1c1f"'] : []),
    // Who gets whose seat says nothing about what belongs together.
    ...(sort === 'capacity' ? ['constraint=false'] : []),
  ]
  return `t${from} -> t${to}${fields.length === 0 ? '' : ` [${fields.join(', ')}]`}`
}

/** A quoted text of several lines: no escape and no character reference of Graphviz can be written by what it holds. */
function quoted(lines: readonly string[]): string {
  const harmless = lines.map((one) =>
    oneLine(one).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;'),
  )
  return `"${harmless.join('\\n')}"`
}
