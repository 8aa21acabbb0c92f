import { createHash } from 'node:crypto'
import { readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestRepository } from './git-repository.ts'

/**
 * An index that takes a changed file for the one in HEAD as far as size and times tell, and is not younger than it, as when all three were
 * written in one second.
 *
 * @param assumed whether git is told to assume it unchanged
 */
export function asIfJustCheckedOut(repository: TestRepository, directory: string, path: string, assumed = false): void {
  const index = join(repository.git(['rev-parse', '--absolute-git-dir'], directory), 'index')
  const past = Math.floor(Date.now() / 1000) - 60
  utimesSync(join(directory, path), past, past)
  const committed = repository.git(['rev-parse', `HEAD:${path}`], directory)
  repository.git(['update-index', path], directory)
  if (assumed) repository.git(['update-index', '--assume-unchanged', path], directory)
  const staged = repository.git(['rev-parse', `:${path}`], directory)
  const bytes = readFileSync(index)
  bytes.write(committed, bytes.indexOf(staged, 'hex'), 'hex')
  createHash('sha1')
    .update(bytes.subarray(0, -20))
    .digest()
    .copy(bytes, bytes.length - 20)
  writeFileSync(index, bytes)
  utimesSync(index, past, past)
}
