import type { Lists, Project } from './project.ts'

/** Minutes of the longest chain that begins with each task, its own included. */
export function tails({ minutes, after, order }: Pick<Project, 'minutes' | 'after' | 'order'>): Float64Array {
  const out = new Float64Array(minutes.length)
  for (let next = order.length - 1; next >= 0; next--) extend(out, minutes, after, order[next] ?? 0)
  return out
}

/** The same of the longest chain that ends with each task. */
export function heads({ minutes, before, order }: Pick<Project, 'minutes' | 'before' | 'order'>): Float64Array {
  const out = new Float64Array(minutes.length)
  for (let next = 0; next < order.length; next++) extend(out, minutes, before, order[next] ?? 0)
  return out
}

function extend(out: Float64Array, minutes: Float64Array, { at, items }: Lists, task: number): void {
  const to = at[task + 1] ?? 0
  let longest = 0
  for (let edge = at[task] ?? 0; edge < to; edge++) {
    const chain = out[items[edge] ?? 0] ?? 0
    if (chain > longest) longest = chain
  }
  out[task] = longest + (minutes[task] ?? 0)
}
