import type { Family } from './family.ts'
import { type Issue, isOver } from './issue.ts'

/**
 * What a task waits for, each with Beads' own meaning of when it is satisfied:
 * `blocks` until closed or pinned, also where an issue above has it; `conditional-blocks` until closed in any way; `waits-for` until all
 * children of the other are closed; and an issue with children cannot be closed before them.
 */
export function dependenciesOf(issue: Issue, family: Family): readonly string[] {
  const waits = new Set<string>()
  for (const { type, depends_on_id } of issue.dependencies ?? []) {
    const other = family.issues.get(depends_on_id)
    if (other === undefined || other.status === 'pinned') continue
    if (type === 'blocks') waits.add(other.id)
    if (type === 'conditional-blocks' && !isOver(other)) waits.add(other.id)
    if (type === 'waits-for') addOpen(waits, family.childrenOf(other.id))
  }
  addOpen(waits, family.childrenOf(issue.id))
  for (const above of family.ancestorsOf(issue.id)) {
    for (const id of ownBlockers(family.issues.get(above), family)) waits.add(id)
  }
  waits.delete(issue.id)
  return [...waits]
}

/** What keeps an issue from being worked on, and with it everything below. */
function ownBlockers(issue: Issue | undefined, family: Family): readonly string[] {
  const waits = new Set<string>()
  for (const { type, depends_on_id } of issue?.dependencies ?? []) {
    const other = family.issues.get(depends_on_id)
    if (other === undefined || isOver(other)) continue
    if (type === 'blocks' || type === 'conditional-blocks') waits.add(other.id)
    if (type === 'waits-for') addOpen(waits, family.childrenOf(other.id))
  }
  return [...waits]
}

function addOpen(waits: Set<string>, issues: readonly Issue[]): void {
  for (const each of issues) if (!isOver(each)) waits.add(each.id)
}
