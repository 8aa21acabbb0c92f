import { grey, tints } from './palette.ts'

/** Names of colours are written out: not every reader of SVG knows variables. `scope` stands before each rule. */
function colours(dark: boolean): string {
  const ink = dark ? '#ececef' : '#1c1c1f'
  const soft = dark ? '#b4b4bd' : '#55555c'
  const line = dark ? '#8a8a94' : '#8e8e96'
  const rules = [
    `.paper{fill:${dark ? '#161618' : '#ffffff'}}`,
    `.id{fill:${ink}}.title,.time{fill:${soft}}`,
    `.arrow{stroke:${line}}.head path{fill:${line}}`,
    `.arrow.critical{stroke:${ink}}.head.bold path{fill:${ink}}`,
  ]
  for (const [shade, tint] of [...tints, grey].entries()) {
    const name = tint === grey ? 'never' : `batch${shade}`
    const [fill, edge] = dark ? [tint.darkFill, tint.darkEdge] : [tint.fill, tint.edge]
    rules.push(`.${name} .outline{fill:${fill};stroke:${edge}}.${name} .hold{stroke:${edge}}`)
  }
  rules.push(`.task.critical .outline{stroke:${ink}}`)
  return rules.join('')
}

/** Of the graph, alone and in the page. */
export const svgStyle = [
  'text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}',
  '.id{font-size:12.5px;font-weight:600}.title{font-size:11px}.time{font-size:10px;text-anchor:end}',
  '.outline{stroke-width:1.2}.hold{fill:none;stroke-width:1}.critical .outline{stroke-width:2.6}.never .outline{stroke-dasharray:3 3}',
  '.arrow{fill:none;stroke-width:1.2}.arrow.conflict{stroke-dasharray:5 4}.arrow.capacity{stroke-dasharray:1.5 4;stroke-linecap:round}.arrow.critical{stroke-width:2.6}.arrow.capacity.critical{stroke-width:1.6;stroke-opacity:.55}.many .capacity{display:none}',
  colours(false),
  `@media (prefers-color-scheme:dark){${colours(true)}}`,
].join('\n')
