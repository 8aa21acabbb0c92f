import { absent, type Change } from './added.ts'
import { failureOf, shown } from './git.ts'
import { copyIndex } from './index-copy.ts'
import { oidOf } from './names.ts'
import type { View } from './view.ts'

interface Named {
  readonly path: string
  readonly change: Change
}

/** Null when it went through, otherwise what is in the way. */
export async function readTree(
  view: View,
  from: string,
  to: string,
): Promise<{ readonly why: string; readonly paths: readonly string[] } | null> {
  const call = { arguments: ['read-tree', '-m', '-u', oidOf(from), oidOf(to)], answers: [0, 128] }
  const answer = await view.git(call)
  if (answer.code === 0) return null
  // A file may be named like what git says of one that is in the way.
  const refusals = answer.errors.replace(/^error: unable to .*$/gm, '')
  if (!/would be|would lose|not uptodate|Cannot|will not/.test(refusals))
    throw failureOf(call, shown(answer.errors), answer)
  const paths = [...new Set([...answer.errors.matchAll(/'([^'\n]+)'/g)].map(([, path]) => path ?? ''))]
  if (paths.length > 0) return { why: `you changed ${paths.join(', ')}`, paths }
  return { why: shown(answer.errors), paths }
}

/** What the index would say if these were added as they are. */
export async function trialOf(view: View, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const before = `${view.index}.trial`
  await copyIndex(view.index, before)
  await addAll(view, paths)
  const after = await staged(view)
  await copyIndex(before, view.index)
  return after
}

export async function addAll(view: View, paths: readonly string[]): Promise<void> {
  const call = {
    arguments: ['update-index', '-z', '--add', '--remove', '--replace', '--stdin'],
    input: paths.map((path) => `${path}\0`).join(''),
    answers: [0, 128],
  }
  const answer = await view.git(call)
  const failure = failureOf(call, shown(answer.errors), answer)
  // Otherwise it says something about the files.
  if (answer.code !== 0 && failure.code === 'disk-full') throw failure
}

/** Makes the index say that these are as they are to become. */
export async function setAll(view: View, changes: readonly Named[]): Promise<void> {
  const lines = changes.map(({ path, change: { old, new: to } }) =>
    to === absent ? `0 ${'0'.repeat(old.length - old.indexOf(' ') - 1)}\t${path}\0` : `${to}\t${path}\0`,
  )
  // What goes, goes first: a file may take the place of its folder.
  const input = [...lines].sort((a, b) => Number(b.startsWith('0 ')) - Number(a.startsWith('0 '))).join('')
  await view.git({ arguments: ['update-index', '-z', '--add', '--replace', '--index-info'], input })
}

/** The tree of a commit in which these are as they are to become. */
export async function treeOf(view: View, commit: string, changes: readonly Named[]): Promise<string> {
  if (changes.length === 0) return commit
  const before = `${view.index}.before`
  await copyIndex(view.index, before)
  await view.git({ arguments: ['read-tree', oidOf(commit)] })
  await setAll(view, changes)
  const tree = (await view.git({ arguments: ['write-tree', '--missing-ok'] })).output.trim()
  await copyIndex(before, view.index)
  return tree
}

/** That of `from`, with everything that is in the index as in `to`. */
export async function treeSoFar(view: View, from: string, to: string): Promise<string> {
  const now = await staged(view)
  const changes = [...(await touched(view, from, to))].map(([path, change]) => ({ path, change }))
  const done = changes.filter(({ path, change }) => (now.get(path) ?? absent) === change.new)
  return treeOf(view, from, done)
}

/** Of these, what the index has as before or as after: the rest the user has staged. */
export async function unstaged(view: View, changes: ReadonlyMap<string, Change>): Promise<ReadonlyMap<string, Change>> {
  const now = await staged(view)
  return new Map([...changes].filter(([path, change]) => [change.old, change.new].includes(now.get(path) ?? absent)))
}

/** Mode and object of each path that differs, before and after. */
export async function touched(view: View, from: string, to: string): Promise<ReadonlyMap<string, Change>> {
  const answer = await view.git({ arguments: ['diff-tree', '-r', '-z', '--no-renames', oidOf(from), oidOf(to)] })
  const fields = answer.output.split('\0')
  const found = new Map<string, Change>()
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [oldMode = '', newMode = '', oldOid = '', newOid = ''] = (fields[at] ?? '').slice(1).split(' ')
    const state = (mode: string, oid: string) => (/^0+$/.test(mode) ? absent : `${mode} ${oid}`)
    found.set(fields[at + 1] ?? '', { old: state(oldMode, oldOid), new: state(newMode, newOid) })
  }
  return found
}

export async function staged(view: View): Promise<ReadonlyMap<string, string>> {
  const listed = await view.git({ arguments: ['ls-files', '-z', '--stage'] })
  return new Map(
    listed.output.split('\0').map((line) => {
      const [mode = '', oid = ''] = line.split(' ')
      return [line.slice(line.indexOf('\t') + 1), `${mode} ${oid}`]
    }),
  )
}
