import type { RunRecord } from '../model/run-state.ts'
import type { TaskId } from '../model/task.ts'
import { bySlug, type Examined } from './examined.ts'
import { type Finding, type FindingCode, finding, type Mend } from './finding.ts'
import { groupWorkspace } from './in-flight.ts'

/** Workspaces, branches and pins that no task in flight has. */
export function diagnoseLeftovers(examined: Examined): readonly Finding[] {
  const { queue, vcs, branchPrefix } = examined
  if (queue === null || !queue.complete || vcs === null) return []
  const whose = owners(examined)
  const workspaces = [...vcs.workspaces.values()].flatMap(({ name, directory, branch }) =>
    one(whose.workspace(name), 'leftover-workspace', {
      subject: directory,
      noun: 'worktree',
      mend: { do: 'retire', workspace: name, branch },
    }),
  )
  const inspection = vcs.inspection
  if (inspection === null) return workspaces
  const out = new Set([...vcs.workspaces.values()].map(({ branch }) => branch))
  const branches = [...inspection.branches.keys()]
    .filter((name) => !out.has(name))
    .flatMap((name) => {
      const { owner, record } = whose.branch(name)
      const isOurs = name.startsWith(branchPrefix) || record !== null
      const workspace = record?.state.branch?.workspace ?? name.slice(branchPrefix.length)
      const mend = { do: 'retire', workspace, branch: name } as const
      return isOurs ? one(owner, 'leftover-branch', { subject: name, noun: 'branch', mend }) : []
    })
  const folders = [...inspection.folders].flatMap(([name, directory]) => {
    const owner = whose.workspace(name)
    // Made whole when its task goes on; of others, git can tell nothing.
    if (owner.is === 'at-work' || owner.is === 'open')
      return [
        finding('torn-workspace', { task: owner.task, subject: directory, what: `git does not know ${directory}` }),
      ]
    return [unknown(directory, 'folder')]
  })
  const kept = [...inspection.kept].flatMap(([name, count]) =>
    whose.workspace(name).is === 'unknown'
      ? [
          finding('unknown-kept', {
            subject: name,
            what: `${count} kept of ${name}; look at it with \`orch kept list ${name}\``,
          }),
        ]
      : [],
  )
  return [...workspaces, ...branches, ...folders, ...kept]
}

type Owner = { readonly is: 'at-work' | 'open' | 'closed'; readonly task: TaskId } | { readonly is: 'unknown' }

function one(
  owner: Owner,
  code: FindingCode,
  { subject, noun, mend }: { readonly subject: string; readonly noun: string; readonly mend: Mend },
): readonly Finding[] {
  switch (owner.is) {
    case 'at-work':
      return []
    case 'open':
      return [
        finding('unclaimed', {
          task: owner.task,
          subject,
          what: `the ${noun} ${subject} is there, and ${owner.task} has not begun`,
        }),
      ]
    case 'closed':
      return [
        finding(code, {
          task: owner.task,
          subject,
          what: `the ${noun} ${subject} is there, and ${owner.task} is closed`,
          mend,
        }),
      ]
    case 'unknown':
      return [unknown(subject, noun)]
  }
}

function unknown(subject: string, noun: string): Finding {
  const what = `the ${noun} ${subject} is of a task that nobody knows; add the task again to go on with it, or see \`orch prune\``
  return finding('unknown', { subject, what })
}

function owners(examined: Examined) {
  const { queue, branchPrefix } = examined
  const tasks = bySlug(examined)
  const records = [...(queue?.records.values() ?? [])]
  const isOpen = (id: TaskId): boolean =>
    queue?.records.get(id)?.state.phase !== 'closed' && queue?.tasks.get(id)?.state === 'open'
  const groups = new Map<string, TaskId>()
  for (const { id, group } of queue?.tasks.values() ?? []) {
    if (group === undefined) continue
    const name = groupWorkspace(group)
    // An open one has the workspace of its group before closed ones have.
    if (isOpen(id) || !groups.has(name)) groups.set(name, id)
  }
  const ownerOf = (record: RunRecord | undefined, id: TaskId | undefined): Owner => {
    if (record !== undefined) return { is: 'at-work', task: record.id }
    if (id === undefined) return { is: 'unknown' }
    const phase = queue?.records.get(id)?.state.phase ?? 'closed'
    if (isOpen(id)) return { is: 'open', task: id }
    return { is: phase === 'closed' ? 'closed' : 'at-work', task: id }
  }
  const inFlight = records.filter(({ state }) => state.phase !== 'closed')
  return {
    workspace(name: string): Owner {
      const group = groups.get(name)
      // Between two tasks of its group it waits for the next.
      if (group !== undefined && isOpen(group)) return { is: 'at-work', task: group }
      return ownerOf(
        inFlight.find(({ state }) => state.branch?.workspace === name),
        group ?? tasks.get(name) ?? records.find(({ state }) => state.branch?.workspace === name)?.id,
      )
    },
    branch(name: string): { readonly owner: Owner; readonly record: RunRecord | null } {
      const record = records.find(({ state }) => state.branch?.name === name) ?? null
      const id = record?.id ?? (name.startsWith(branchPrefix) ? tasks.get(name.slice(branchPrefix.length)) : undefined)
      return {
        owner: ownerOf(
          inFlight.find(({ state }) => state.branch?.name === name),
          id,
        ),
        record,
      }
    },
  }
}
