import type { RunRecord } from '../model/run-state.ts'
import * as moves from './moves.ts'
import { type Verdict, write } from './turn.ts'
import type { Sight } from './world.ts'

/** Of an epic that has begun and lands nothing yet: without its branch none of its tasks can go on, and nobody but a person can tell what was on it. */
export function decideEpic({ world, policy }: Sight, record: RunRecord): Verdict | null {
  const { id, state } = record
  const target = Object.hasOwn(policy.epics, id) ? policy.epics[id]?.target : undefined
  if (target === undefined || world.vcs === null) return null
  const mover = { owner: world.owner, at: world.now }
  const isThere = world.vcs.targets?.has(target) === true
  if (!isThere && state.run.stuck === null) {
    const reason = `the branch ${target} is gone, on which its tasks land`
    const context = `Put it back where it was (\`git reflog\` and \`orch kept list\` tell), and it goes on; \`orch cancel\` gives the landing up.`
    return write(record, moves.askPerson(state, mover, reason, ['cancel'], context))
  }
  if (isThere && state.run.stuck !== null)
    return write(record, moves.moved(state, null, mover, `the branch ${target} is there again`, { stuck: null }))
  const from = world.vcs.target
  return state.run.listed === undefined && isThere ? { do: 'begin-epic', id, record, target, from } : null
}
