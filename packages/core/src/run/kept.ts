import { OrchError } from '../model/error.ts'
import type { BranchFacts, RunRecord } from '../model/run-state.ts'
import { slugOf } from '../model/slug.ts'
import type { TaskId } from '../model/task.ts'
import type { KeptChanges, KeptWork, RestoreTo } from '../ports/kept-work.ts'
import type { Vcs } from '../ports/vcs.ts'
import type { Setup } from './ports.ts'

/** Kept work, and the tasks whose it is: several for the workspace of a group, none where nobody knows the workspace any more. */
export interface KeptItem extends KeptWork {
  readonly tasks: readonly TaskId[]
}

export interface KeptReport {
  readonly work: KeptItem
  /** Null for a folder, which git cannot represent. */
  readonly changes: KeptChanges | null
}

export interface RestoredWork {
  readonly work: KeptItem
  readonly to: RestoreTo
}

/** The newest first. Null: the repository is of a kind that does not tell. Throws `unknown-task`. */
export async function listKept(
  setup: Setup,
  task: string | undefined,
  signal: AbortSignal,
): Promise<readonly KeptItem[] | null> {
  return setup.ports.vcs.kept === undefined ? null : (await find(setup, task, signal)).items
}

export async function showKept(
  setup: Setup,
  asked: { readonly task: string; readonly name?: string; readonly patch?: boolean },
  signal: AbortSignal,
): Promise<KeptReport> {
  const { vcs } = setup.ports
  const { items, records } = await find(setup, asked.task, signal)
  const work = pick(items, asked.task, asked.name)
  if (work.oid === null) return { work, changes: null }
  const { base: from = null, target } = branchOf(work, records) ?? {}
  const { patch = false } = asked
  const changes = await able(vcs, 'keptChanges')({ oid: work.oid, from, target, patch, signal })
  if (!changes.ok) throw lost(work)
  return { work, changes: changes.value }
}

export async function restoreKept(
  setup: Setup,
  asked: { readonly task: string; readonly name?: string; readonly to?: RestoreTo },
  signal: AbortSignal,
): Promise<RestoredWork> {
  const { ports, policy } = setup
  const { items } = await find(setup, asked.task, signal)
  const work = pick(items, asked.task, asked.name)
  if (work.oid === null)
    throw new OrchError(
      'unknown-kept',
      `${work.directory} was moved aside because git cannot represent it; copy what you need from there`,
    )
  const to = asked.to ?? { branch: `kept/${work.workspace}/${work.name}` }
  if ('branch' in to && to.branch.startsWith(policy.branchPrefix))
    throw new OrchError(
      'not-restored',
      `branches that begin with ${policy.branchPrefix} are those of tasks at work; name another one than ${to.branch}`,
    )
  const restored = await able(ports.vcs, 'restore')({ oid: work.oid, to, signal })
  if (restored.ok) return { work, to }
  if (restored.reason === 'gone') throw lost(work)
  throw new OrchError('not-restored', `${restored.detail ?? restored.reason}. Nothing was changed.`)
}

interface Found {
  readonly items: readonly KeptItem[]
  readonly records: readonly RunRecord[]
}

/** Tasks by their ids; and by their workspaces, for those that nobody knows any more. */
async function find({ ports }: Setup, asked: string | undefined, signal: AbortSignal): Promise<Found> {
  const [{ records }, { tasks }, kept] = await Promise.all([
    ports.queue.read({ all: true, signal }),
    ports.queue.list({ all: true, signal }),
    able(ports.vcs, 'kept')({ signal }),
  ])
  const owners = new Map<string, Set<TaskId>>()
  const add = (workspace: string, id: TaskId) =>
    owners.set(workspace, (owners.get(workspace) ?? new Set<TaskId>()).add(id))
  const ids = new Set([...tasks.map(({ id }) => id), ...records.map(({ id }) => id)])
  for (const id of ids) add(slugOf(id), id)
  for (const { id, state } of records) if (state.branch !== null) add(state.branch.workspace, id)
  const all = kept.map((work): KeptItem => ({ ...work, tasks: [...(owners.get(work.workspace) ?? [])] })).reverse()
  if (asked === undefined) return { items: all, records }
  const items = all.filter((item) => item.tasks.includes(asked) || (!ids.has(asked) && item.workspace === asked))
  if (items.length === 0 && !ids.has(asked))
    throw new OrchError('unknown-task', `there is no task ${asked}, and nothing is kept of one; \`orch kept list\``)
  return { items, records }
}

/** The newest, when none is named. */
function pick(items: readonly KeptItem[], task: string, name: string | undefined): KeptItem {
  const exact = items.find((item) => item.name === name)
  const found = exact === undefined ? items.filter((item) => item.name.startsWith(name ?? '')) : [exact]
  const [first] = found
  if (first !== undefined && (found.length === 1 || name === undefined)) return first
  const what = name === undefined ? `nothing is kept of ${task}` : `nothing that is kept of ${task} is called ${name}`
  const several = `several things that are kept of ${task} begin with ${name}: ${found.map((item) => item.name).join(', ')}`
  throw new OrchError('unknown-kept', first === undefined ? what : several)
}

/** Its branch may have begun anew since: the repository believes it only where it can be. */
function branchOf(work: KeptItem, records: readonly RunRecord[]): BranchFacts | null {
  const branches = records.flatMap(({ state }) => (state.branch?.workspace === work.workspace ? [state.branch] : []))
  return branches.length === 1 ? (branches[0] ?? null) : null
}

function lost({ name, oid }: KeptItem): OrchError {
  return new OrchError('object-missing', `the commit ${oid} of ${name} is not in the repository any more`, {
    port: 'vcs',
  })
}

function able<Verb extends 'kept' | 'keptChanges' | 'restore'>(vcs: Vcs, verb: Verb): Required<Vcs>[Verb] {
  const found: Vcs[Verb] = vcs[verb]
  if (found === undefined)
    throw new OrchError('unknown-kept', 'this repository is of a kind that does not tell what it keeps')
  return found.bind(vcs) as Required<Vcs>[Verb]
}
