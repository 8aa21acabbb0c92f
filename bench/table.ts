import type { Figure } from './figure.ts'

/** Figures for a person. */
export function table(figures: readonly Figure[]): string {
  const rows = [['figure', 'value', 'goal', ''], ...figures.map(row)]
  const [name = 0, value = 0, goal = 0] = [0, 1, 2].map((at) =>
    Math.max(...rows.map((cells) => cells[at]?.length ?? 0)),
  )
  return rows
    .map(([a = '', b = '', c = '', d = '']) =>
      `${a.padEnd(name)}  ${b.padStart(value)}  ${c.padStart(goal)}  ${d}`.trimEnd(),
    )
    .join('\n')
}

function row(figure: Figure): readonly string[] {
  const { value, unit, goal } = figure
  if (goal === null) return [figure.figure, written(value, unit), '–', '']
  return [figure.figure, written(value, unit), written(goal, unit), isReached(figure, goal) ? 'reached' : 'missed']
}

function written(value: number, unit: Figure['unit']): string {
  if (unit === 'ratio') return `${value.toFixed(2)} ×`
  if (unit === '%') return `${value.toFixed(2)} %`
  if (unit === 'count') return String(Math.round(value * 100) / 100)
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`
}

/** Most figures are costs; what was landed, and what was predicted, is to be all of it. */
function isReached({ figure, value }: Figure, goal: number): boolean {
  return /^(landed|live-)/.test(figure) ? value >= goal : value <= goal
}
