import type { Issue, IssueMap } from './issue.ts'

/** Who is below whom, by the parent links; the dots of an id say nothing. */
export interface Family {
  readonly issues: IssueMap
  /** In the order of their issues. */
  childrenOf(id: string): readonly Issue[]
  /** The nearest first. */
  ancestorsOf(id: string): readonly string[]
}

export function familyOf(issues: IssueMap): Family {
  const parents = new Map<string, string>()
  const children = new Map<string, Issue[]>()
  for (const issue of issues.values()) {
    const parent = issue.dependencies?.find(({ type }) => type === 'parent-child')?.depends_on_id
    if (parent === undefined || parent === issue.id) continue
    parents.set(issue.id, parent)
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [issue])
    else siblings.push(issue)
  }
  return {
    issues,
    childrenOf: (id) => children.get(id) ?? [],
    ancestorsOf: (id) => {
      const found = new Set<string>()
      for (let at = parents.get(id); at !== undefined && at !== id && !found.has(at); at = parents.get(at))
        found.add(at)
      return [...found]
    },
  }
}

/**
 * The epic that a task counts to: `wanted` when it is that issue or anywhere below it, otherwise the topmost issue above it. Undefined:
 * nothing is above it.
 */
export function epicOf(family: Family, id: string, wanted: string | undefined): string | undefined {
  const above = family.ancestorsOf(id)
  if (wanted !== undefined && (wanted === id || above.includes(wanted))) return wanted
  return above.at(-1)
}
