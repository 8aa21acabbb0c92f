import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { testRepository } from './git-repository.ts'
import { files, open, signal } from './git-task.ts'

/** Commits of one file with a long name each, some megabytes of log. */
function withPast(root: string, commits: number): void {
  const name = (index: number) => `${'long/'.repeat(40)}${index % 7}`
  const input = Array.from(
    { length: commits },
    (_, index) =>
      `commit refs/heads/main\ncommitter A <a@example.org> ${index} +0000\ndata 1\nc\n` +
      `${index === 0 ? 'from refs/heads/main^0\n' : ''}M 100644 inline ${name(index)}\ndata ${String(index).length}\n${index}\n`,
  )
  execFileSync('git', ['fast-import', '--quiet', '--force'], { cwd: root, input: input.join('') })
}

it('is read whole, and git ends with whoever stops reading', async () => {
  using repository = testRepository(files)
  withPast(repository.root, 20_000)
  const log = (await open(repository).history?.({ signal }))?.log
  let first = 0
  for await (const part of log ?? []) {
    first = part.length
    break
  }
  expect(first).toBeGreaterThan(0)
  let bytes = 0
  const again = (await open(repository).history?.({ signal }))?.log
  for await (const part of again ?? []) bytes += part.length
  expect(bytes).toBeGreaterThan(20_000 * 240)
})

it('ends with the signal', async () => {
  using repository = testRepository(files)
  withPast(repository.root, 20_000)
  const end = new AbortController()
  const log = (await open(repository).history?.({ signal: end.signal }))?.log
  const reading = (async () => {
    for await (const _part of log ?? []) end.abort(new Error('enough'))
  })()
  await expect(reading).rejects.toThrow('enough')
})
