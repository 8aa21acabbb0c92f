import * as z from 'zod'

const dependency = z.looseObject({ issue_id: z.string(), depends_on_id: z.string(), type: z.string() })

/** An issue as `bd list` and the answer to a write tell it; what we do not use is left out. */
const issue = z.object({
  id: z.string().min(1),
  title: z.string(),
  status: z.string(),
  priority: z.number(),
  issue_type: z.string(),
  created_at: z.string(),
  description: z.string().optional(),
  design: z.string().optional(),
  acceptance_criteria: z.string().optional(),
  notes: z.string().optional(),
  assignee: z.string().optional(),
  close_reason: z.string().optional(),
  metadata: z.unknown().optional(),
  labels: z.array(z.string()).nullish(),
  dependencies: z.array(dependency).nullish(),
})

export const issueList = z.array(issue)

export type Issue = z.infer<typeof issue>
export type IssueMap = ReadonlyMap<string, Issue>

/** The metadata of an issue when it is an object, as it should be; null when it is something else, to which nothing can be added. */
export function metadataOf({ metadata }: Issue): Readonly<Record<string, unknown>> | null {
  if (metadata === undefined || metadata === null) return {}
  return typeof metadata === 'object' && !Array.isArray(metadata) ? (metadata as Record<string, unknown>) : null
}

/** Beads takes pinned issues for done where others wait for them. */
export function isOver({ status }: Issue): boolean {
  return status === 'closed' || status === 'pinned'
}
