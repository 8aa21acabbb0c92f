import type { NewTask, Task } from '../model/task.ts'
import type { Plan } from '../plan/plan.ts'
import { toDot } from './dot.ts'
import { toHtml } from './html.ts'
import { toJson } from './interchange.ts'
import { toMermaid } from './mermaid.ts'
import { pictureOf } from './picture.ts'
import { toSvg } from './svg.ts'
import { toText } from './tree.ts'

export const graphFormats = ['text', 'json', 'mermaid', 'dot', 'svg', 'html'] as const
export type GraphFormat = (typeof graphFormats)[number]

export interface DrawGraphOptions {
  readonly format: GraphFormat
  /** The tasks that the plan is of, for what a plan does not tell: kinds, layers and files. */
  readonly tasks?: readonly (Task | NewTask)[]
  /** Columns of the text. Default 80. */
  readonly width?: number
  /** Terminal colours in the text. Default false. */
  readonly color?: boolean
}

/** The graph of a plan's tasks as text in one of the formats. Whatever ids and titles hold, they are shown and never obeyed. */
export function drawGraph(plan: Plan, { format, tasks, ...look }: DrawGraphOptions): string {
  const picture = pictureOf(plan, tasks)
  switch (format) {
    case 'text':
      return toText(picture, look)
    case 'json':
      return toJson(picture)
    case 'mermaid':
      return toMermaid(picture)
    case 'dot':
      return toDot(picture)
    case 'svg':
      return toSvg(picture)
    case 'html':
      return toHtml(picture)
  }
}
