import { cut, oneLine } from '../plan/columns.ts'
import { grey, shadeOf, type Tint, tints } from './palette.ts'
import { type Arrow, type Box, calm, type Picture } from './picture.ts'
import { timeOf } from './texts.ts'

/** The graph as a Mermaid flowchart, as GitHub shows it in Markdown. */
export function toMermaid({ boxes, arrows: all }: Picture): string {
  const arrows = calm(all)
  const lines = ['flowchart LR']
  for (const [number, box] of boxes.entries()) lines.push(`  ${boxText(number, box)}`)
  for (const arrow of arrows) lines.push(`  ${arrowText(arrow)}`)
  const bold = arrows.flatMap((arrow, index) => (arrow.critical ? [index] : []))
  if (bold.length > 0) lines.push(`  linkStyle ${bold.join(',')} stroke-width:3px`)
  const used = new Set(boxes.map((box) => shadeOf(box.batch)))
  for (const [shade, tint] of tints.entries()) if (used.has(shade)) lines.push(`  ${classText(`batch${shade}`, tint)}`)
  if (used.has(null)) lines.push(`  ${classText('never', grey)}`)
  const critical = boxes.flatMap((box, number) => (box.critical ? [`t${number}`] : []))
  if (critical.length > 0) lines.push('  classDef critical stroke-width:3px', `  class ${critical.join(',')} critical`)
  return lines.join('\n')
}

const shapes = {
  change: ['(', ')'],
  read: ['([', '])'],
  sync: ['{{', '}}'],
  manual: ['[/', '/]'],
} as const

function boxText(number: number, box: Box): string {
  const [open, close] = box.hold ? ['[[', ']]'] : shapes[box.kind]
  const title = box.title === box.id ? '' : `<br/>${text(cut(box.title, 60))}`
  const shade = shadeOf(box.batch)
  const label = `${text(cut(box.id, 60))}${title}<br/>${text(timeOf(box))}`
  return `t${number}${open}"${label}"${close}:::${shade === null ? 'never' : `batch${shade}`}`
}

function arrowText({ from, to, sort, about, critical }: Arrow): string {
  const shaft = sort === 'order' ? (critical ? '==>' : '-->') : '-.->'
  const label = about === null || sort === 'order' ? '' : `|"${text(cut(about, 40))}"|`
  return `t${from} ${shaft}${label} t${to}`
}

function classText(name: string, { fill, edge }: Tint): string {
  return `classDef ${name} fill:${fill},stroke:${edge},color:#1c1c1f`
}

/** Every mark of ASCII but a few becomes Mermaid's code of a character: nothing is left that quotes, comments, directives or Markdown are made of. */
function text(given: string): string {
  return oneLine(given).replace(/[!-+:-@[-`{-~]|[-.](?![\p{L}\p{N}])/gu, (mark) => `#${mark.charCodeAt(0)};`)
}
