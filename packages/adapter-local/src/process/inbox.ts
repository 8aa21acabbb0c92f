import { createHash } from 'node:crypto'
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Guidance } from '@orch/core'
import { failPoint } from '../fail-point.ts'
import type { Folder } from './folder.ts'

/**
 * Puts guidance into `$ORCH_INBOX`: one Markdown file each, `0001-<12 hex digits of its key>.md`, whose names sort in the order in
 * which they came. They appear whole. The agent may take them away; what was delivered is noted elsewhere and never comes twice.
 */
export async function deliver(folder: Folder, guidance: Guidance): Promise<void> {
  const suffix = `-${createHash('sha256').update(guidance.key).digest('hex').slice(0, 12)}.md`
  await mkdir(folder.sent, { mode: 0o700, recursive: true })
  const [sent, waiting] = await Promise.all([readdir(folder.sent), readdir(folder.inbox)])
  if (sent.some((name) => name.endsWith(suffix))) return
  const there = waiting.find((name) => name.endsWith(suffix))
  const name = there ?? `${String(next([...sent, ...waiting])).padStart(4, '0')}${suffix}`
  if (there === undefined) {
    const temporary = join(folder.path, `.${name}`)
    await writeFile(temporary, `${guidance.text}\n`, { mode: 0o600 })
    await rename(temporary, join(folder.inbox, name))
  }
  failPoint('guidance-delivered')
  // After the delivery: between the two a crash may deliver twice what was taken at once, never nothing.
  await writeFile(join(folder.sent, name), '', { mode: 0o600 })
}

function next(names: readonly string[]): number {
  return 1 + Math.max(0, ...names.map((name) => Number(/^(\d{4,9})-/.exec(name)?.[1] ?? 0)))
}
