import type { Plan } from './plan.ts'

export interface DrawOptions {
  /** Columns of the terminal. */
  readonly width: number
  /** Terminal colours. Default false. */
  readonly color?: boolean
}

export function drawPlan(plan: Plan, _options: DrawOptions): string {
  return plan.tasks.map((task) => task.id).join('\n')
}
