import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join, sep } from 'node:path'
import { expect } from 'vitest'
import { type Ended, orch } from '../rig.ts'
import type { BadInput } from './bad-input.ts'

export interface Where {
  /** What the command is called with as `-C`. */
  readonly directory: string
  /** Where the command is started: it exists. */
  readonly from: string
  readonly environment?: Readonly<Record<string, string>>
}

/** One message in the words of the table, nothing else on either stream, and the right exit code. */
export async function expectRefusal(bad: BadInput, words: readonly string[], where: Where): Promise<void> {
  const { exit, stdout, stderr } = await call(words, where)
  expect({ exit, stdout }, `orch ${words.join(' ')}: ${stderr}`).toEqual({ exit: bad.exit ?? 2, stdout: '' })
  expect(stderr.replaceAll(where.directory, 'DIRECTORY')).toBe(`orch: ${printedBy(bad, words)}\n`)
  // What a terminal obeys, and lines that nobody reads to their end.
  expect(stderr).not.toMatch(/[^\P{C}\n]/u)
  expect(Math.max(...stderr.split('\n').map((line) => line.length))).toBeLessThan(500)
  expect(stderr).not.toMatch(/^ {4}at |bug in orch/m)
}

/** The same as one JSON document, with the code. */
export async function expectRefusalAsJson(bad: BadInput, words: readonly string[], where: Where): Promise<void> {
  const { exit, stdout, stderr } = await call([...words.slice(0, 1), '--json', ...words.slice(1)], where)
  expect({ exit, stderr }).toEqual({ exit: bad.exit ?? 2, stderr: '' })
  const { error } = JSON.parse(stdout) as { error: { code: string; message: string; problems: { message: string }[] } }
  expect(error.code).toBe(bad.code)
  const [first] = printedBy(bad, words).split('\n')
  expect(error.message.replaceAll(where.directory, 'DIRECTORY')).toBe(first)
  const told = bad.printed.split('\n').filter((line) => /^ {2}\S/.test(line))
  expect(error.problems.length).toBe(told.length)
}

function printedBy({ printed, code }: BadInput, words: readonly string[]): string {
  // Who adds wants to know that it was not done by halves.
  return words[0] === 'add' && code === 'invalid-tasks' ? printed.replace(/\n|$/, '; nothing was added$&') : printed
}

function call(words: readonly string[], { directory, from, environment = {} }: Where): Promise<Ended> {
  const [command = '', ...rest] = words
  return orch([command, '-C', directory, ...rest], { directory: from, environment })
}

/** Every file below `folder` byte for byte with its mode, but for where our own state is. */
export function snapshot(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (/(^|\/)(\.git|bare)\/orch(\/|$)/.test(path.replaceAll(sep, '/'))) continue
    const about = lstatSync(join(folder, path))
    const content = about.isFile() ? readFileSync(join(folder, path)) : ''
    const link = about.isSymbolicLink() ? readlinkSync(join(folder, path)) : ''
    found.set(path, `${about.mode} ${link}${createHash('sha256').update(content).digest('hex')}`)
  }
  return found
}
