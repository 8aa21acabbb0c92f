import type { Action, Decision } from '../../decide/action.ts'
import type { World } from '../../decide/world.ts'
import { isReached, type Row, rows } from './rows.ts'

export type ActionName = Action['do']

/** Every action that there is, in the order of a task's life. */
export const actionNames = Object.keys({
  'begin-epic': true,
  claim: true,
  'create-workspace': true,
  'start-turn': true,
  send: true,
  stop: true,
  seal: true,
  'fail-attempt': true,
  'open-review': true,
  'start-review': true,
  'take-verdict': true,
  'build-candidate': true,
  'start-checks': true,
  'amend-candidate': true,
  'await-target': true,
  reject: true,
  land: true,
  carry: true,
  'verify-landing': true,
  finish: true,
  write: true,
  'drop-requests': true,
  'start-fresh': true,
  reopen: true,
  take: true,
  give: true,
  'set-aside': true,
  'tell-conflicts': true,
  'tell-target': true,
} satisfies Record<ActionName, true>) as readonly ActionName[]

/** How often each action was decided and each row of the recovery table was met. */
export class Coverage {
  readonly actions = new Map<ActionName, number>()
  readonly rows = new Map<Row, number>()

  decided(world: World, { actions }: Decision): void {
    const byTask = new Map<string, Action>()
    for (const action of actions) {
      byTask.set(action.id, action)
      this.actions.set(action.do, (this.actions.get(action.do) ?? 0) + 1)
    }
    for (const record of world.records.values()) {
      if (world.busy.has(record.id)) continue
      for (const row of rows) {
        if (isReached[row]({ world, record, action: byTask.get(record.id) ?? null }))
          this.rows.set(row, (this.rows.get(row) ?? 0) + 1)
      }
    }
  }
}
