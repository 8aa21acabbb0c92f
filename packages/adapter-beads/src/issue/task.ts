import { type Task, taskOf } from '@orch/core'
import { dependenciesOf } from './dependencies.ts'
import { epicOf, type Family } from './family.ts'
import { fieldsOf } from './fields.ts'
import { type Issue, type IssueMap, metadataOf } from './issue.ts'
import { type ReadRecord, readRecord } from './record.ts'

/** An issue as a task, and as a record of ours where it has one. */
export interface ReadIssue {
  readonly issue: Issue
  readonly task: Task
  readonly read: ReadRecord
  /** For the order of the source. */
  readonly order: number
}

/** Types that hold no work for an agent: an epic or a milestone is done when its children are. */
const gathering = new Set(['epic', 'milestone'])
/** What tools put into the database for themselves. */
const furniture = new Set(['gate', 'message', 'molecule', 'event', 'agent', 'rig', 'convoy', 'slot', 'merge-slot'])

export function isGathering({ issue_type }: Issue): boolean {
  return gathering.has(issue_type)
}

export function isFurniture({ issue_type, labels }: Issue): boolean {
  return furniture.has(issue_type) || (labels?.includes('gt:slot') ?? false)
}

/** What `issue` says as a task. What cannot be read is left to a person, and says why. */
export function readIssue(issue: Issue, family: Family, wanted: string | undefined): ReadIssue {
  const { fields, problem } = fieldsOf(issue)
  const { dependsOn: ordered = [], order = 0, title: longTitle, priority: ownPriority, ...own } = fields
  const read = readRecord(issue)
  const trouble = problem ?? read.problem
  const title = longTitle ?? issue.title
  const epic = epicOf(family, issue.id, wanted)
  const task = taskOf({
    ...own,
    id: issue.id,
    title: trouble === null ? title : `${title} (orch leaves it to you: ${trouble})`,
    body: bodyOf(issue),
    state: stateOf(issue),
    dependsOn: inOrder(dependenciesOf(issue, family), ordered),
    priority: ownPriority ?? issue.priority,
    hold: (own.hold ?? false) || isKeptByPerson(issue, read) || isGated(issue, family.issues),
    ...(epic !== undefined && { epic }),
    ...((trouble !== null || isGathering(issue)) && { kind: 'manual' as const }),
  })
  return { issue, task, read: trouble === null ? read : { ...read, problem: trouble }, order }
}

function bodyOf({ description = '', design, acceptance_criteria, notes }: Issue): string {
  const parts = { Design: design, 'Acceptance criteria': acceptance_criteria, Notes: notes }
  const more = Object.entries(parts).flatMap(([name, text]) =>
    text === undefined || text === '' ? [] : [`## ${name}\n\n${text}`],
  )
  return more.length === 0 ? description : [...(description === '' ? [] : [description]), ...more].join('\n\n')
}

/** `bd close` leaves a reason, ours none: whoever closed it last says how. */
function stateOf(issue: Issue): Task['state'] {
  if (issue.status !== 'closed') return 'open'
  const byUs = issue.close_reason === undefined || issue.close_reason === ''
  return byUs && metadataOf(issue)?.closed_as === 'cancelled' ? 'cancelled' : 'done'
}

/** Somebody works on it by hand, or has put it aside: nobody starts an agent on it before they say so. */
function isKeptByPerson(issue: Issue, { record }: ReadRecord): boolean {
  const isTheirs = (issue.assignee ?? '') !== (record?.holder ?? '')
  return isTheirs || (record === null && issue.status !== 'open')
}

/** `bd list` shows no gates: what waits for something that is not there waits for one of them. */
function isGated({ dependencies }: Issue, issues: IssueMap): boolean {
  return (dependencies ?? []).some(({ type, depends_on_id }) => type === 'blocks' && !issues.has(depends_on_id))
}

function inOrder(ids: readonly string[], order: readonly string[]): readonly string[] {
  const placeOf = (id: string): number => {
    const place = order.indexOf(id)
    return place === -1 ? order.length : place
  }
  return ids.length < 2 ? ids : [...ids].sort((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1))
}
