import type { Task } from '@orch/core'
import * as z from 'zod'
import { type Issue, metadataOf } from './issue.ts'

const text = z.string().min(1)
const texts = z.array(text)

/** What an issue's metadata may say of a task beyond what Beads itself knows. */
const fields = z.object({
  kind: z.enum(['change', 'read', 'sync', 'manual']).exactOptional(),
  stackedOn: text.exactOptional(),
  writes: texts.exactOptional(),
  reads: texts.exactOptional(),
  group: text.exactOptional(),
  layer: text.exactOptional(),
  role: text.exactOptional(),
  feature: text.exactOptional(),
  establishes: text.exactOptional(),
  follows: texts.exactOptional(),
  resources: z.record(text, z.number().positive()).exactOptional(),
  hold: z.boolean().exactOptional(),
  minutes: z.number().min(0).exactOptional(),
  /** Where Beads has no room for it: a title of another length, a priority that is not 0 to 4. */
  title: z.string().exactOptional(),
  priority: z.number().min(0).exactOptional(),
  /** The order of dependencies, and of issues that were made in one call; Beads keeps none. */
  dependsOn: texts.exactOptional(),
  order: z.number().exactOptional(),
})

export type Fields = z.infer<typeof fields>

const fieldNames = Object.keys(fields.shape) as readonly (keyof Fields)[]

/** Fields that a label can say too: `layer:api`. Metadata goes first. */
const byLabel = ['group', 'layer', 'role', 'feature'] as const

/** The fields of a task, or why they cannot be read: one that is misread could start what must not run. */
export function fieldsOf(issue: Issue): { readonly fields: Fields; readonly problem: string | null } {
  const metadata = metadataOf(issue)
  if (metadata === null) return { fields: {}, problem: 'its metadata is no object' }
  const given = Object.fromEntries(
    fieldNames.flatMap((name) =>
      metadata[name] === undefined || metadata[name] === null ? [] : [[name, metadata[name]]],
    ),
  )
  const read = fields.safeParse(given, { jitless: true })
  if (!read.success) {
    const names = [...new Set(read.error.issues.map(({ path }) => `metadata.${String(path[0])}`))]
    return { fields: {}, problem: `${names.join(', ')} cannot be read` }
  }
  return { fields: { ...labelled(issue), ...read.data }, problem: null }
}

function labelled({ labels }: Issue): Pick<Task, (typeof byLabel)[number]> {
  return Object.fromEntries(
    byLabel.flatMap((name) => {
      const label = labels?.find((each) => each.startsWith(`${name}:`) && each.length > name.length + 1)
      return label === undefined ? [] : [[name, label.slice(name.length + 1)]]
    }),
  )
}
