import * as personMoves from '../../decide/person-moves.ts'
import { shown } from '../../model/shown.ts'
import type { Since } from '../../ports/vcs.ts'
import type { ActionOf, EffectContext } from './effect.ts'
import { branchOf, keep } from './workspace.ts'

/** How many commits and files an agent is told of by name. */
const most = 30

/** The workspace is made where there is none yet, so that the person finds one. */
export async function take(context: EffectContext, { id, record, answered }: ActionOf<'take'>): Promise<void> {
  const { state } = record
  const { workspace: name, name: branch, base, head } = branchOf(state)
  context.fence()
  const { vcs } = context.ports
  const made = await vcs.createWorkspace({ name, branch, from: head ?? base, signal: context.signal })
  if (!made.ok) {
    context.problem(id, `${id} cannot be taken: its workspace cannot be made: ${made.detail ?? made.reason}`)
    await context.write(id, record, state, answered)
    return
  }
  const kept = await keep(context, id, state)
  await context.write(id, record, personMoves.taken(state, context.mover(), kept), answered)
}

export async function give(context: EffectContext, { id, record, key }: ActionOf<'give'>): Promise<void> {
  const { state } = record
  const before = state.run.taken?.kept ?? null
  const after = await keep(context, id, state)
  const compared =
    before === null || after === null ? null : await context.ports.vcs.since({ before, after, signal: context.signal })
  const text = handedBack(compared?.ok === true ? compared.value : null)
  await context.write(id, record, personMoves.given(state, context.mover(), key, text), [key])
}

/** What the next turn of the agent is told. Subjects and paths are other people's text: one line each, cut off. */
function handedBack(done: Since | null): string {
  const begin = 'A person has worked in your workspace and hands it back.'
  if (done === null) return `${begin} What they changed could not be compared: look at the workspace and its log first.`
  const { commits, files } = done
  if (commits.length === 0 && files.length === 0) return `${begin} They changed nothing.`
  const list = (lines: readonly string[]): string =>
    [...lines.slice(0, most).map((line) => `- ${line}`), ...(lines.length > most ? ['- …'] : [])].join('\n')
  const made = commits.map(({ oid, subject }) => `${oid.slice(0, 12)} ${shown(subject)}`)
  return [
    begin,
    commits.length === 0 ? 'They committed nothing.' : `Their commits, newest first:\n${list(made)}`,
    files.length === 0
      ? 'The files are as you left them.'
      : `Files that are not as you left them:\n${list(files.map(shown))}`,
    'Keep what they did.',
  ].join('\n\n')
}
