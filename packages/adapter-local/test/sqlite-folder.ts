import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const root = mkdtempSync(join(tmpdir(), 'orch-store-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let count = 0

/** An empty folder for a store, taken away after all tests of the file. */
export function freshDirectory(): string {
  const directory = join(root, `store-${count++}`)
  mkdirSync(directory)
  return directory
}

export function fileOf(directory: string): string {
  return join(directory, 'orch.db')
}
