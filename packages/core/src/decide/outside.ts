import type { RunRecord } from '../model/run-state.ts'
import { shown } from '../model/shown.ts'
import * as moves from './moves.ts'
import { type Verdict, write } from './turn.ts'
import type { Sight } from './world.ts'

/** How many files are named. */
const most = 10

/** What the policy says of a change that holds files outside its scope; null: it may go on. */
export function decideOutside({ world, policy }: Sight, record: RunRecord): Verdict | null {
  const { state } = record
  const { outside = [], head } = state.branch ?? {}
  if (outside.length === 0 || policy.outsideScope === 'warn') return null
  const mover = { owner: world.owner, at: world.now }
  const reason = `it changes ${outsideText(outside)} outside its scope`
  if (policy.outsideScope === 'stuck') {
    if (state.review?.approved === true) return null
    return write(record, moves.askPerson(state, mover, reason, ['land', 'guide', 'retry --fresh', 'cancel']))
  }
  if (state.run.repairs >= policy.landing.maxRepairs)
    return write(record, moves.askPerson(state, mover, reason, ['guide', 'retry --fresh', 'cancel']))
  const text =
    `Your change is not landed: ${reason}. Make these files again what they are on the branch that you started from, and commit that; ` +
    'when the task cannot be done without them, tell that you are stuck and why.'
  return write(record, moves.repair(state, mover, text, `scope-${head}`))
}

/** Names of files in a sentence, the first few. */
function outsideText(files: readonly string[]): string {
  const more = files.length - most
  return `${files.slice(0, most).map(shown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
