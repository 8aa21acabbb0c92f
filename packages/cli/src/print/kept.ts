import type { KeptItem, KeptReport, RestoredWork } from '@orch/core'
import { age } from './duration.ts'
import type { Look } from './look.ts'
import { plain, plainLines, shellWord } from './plain.ts'
import { count } from './status.ts'
import { fit, padEnd, padStart } from './width.ts'

/** Files that are named for people; `--json` has more. */
const mostFiles = 100

/** `orch kept list`. `now` in milliseconds since 1970. */
export function keptText(items: readonly KeptItem[] | null, look: Look, now: number): string {
  if (items === null) return 'This repository is of a kind that does not tell what it keeps.'
  if (items.length === 0) return 'Nothing is kept.'
  const rows = items.map((item) => [
    ownerOf(item),
    item.name,
    item.at === null ? '' : age(new Date(item.at).toISOString(), now),
    item.oid?.slice(0, 10) ?? '',
    holds(item),
  ])
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => plain(row[column] ?? '').length)))
  const lines = rows.map(([owner = '', name = '', old = '', oid = '', what = '']) => {
    const [first = 0, second = 0, third = 0, fourth = 0] = widths
    const line = `  ${padEnd(owner, first)}  ${padEnd(plain(name), second)}  ${padStart(old, third)}  ${padEnd(oid, fourth)}  ${what}`
    return look.width === null ? line.trimEnd() : fit(line.trimEnd(), look.width)
  })
  return [
    look.style('bold', `Kept (${items.length})`),
    ...lines,
    'Look at one: orch kept show TASK NAME   Get it back: orch kept restore TASK NAME',
  ].join('\n')
}

function ownerOf({ tasks, workspace }: KeptItem): string {
  return tasks.length === 0 ? `(${plain(workspace)})` : tasks.map(plain).join(', ')
}

function holds({ kind, files, subject, directory }: KeptItem): string {
  if (kind === 'folder') return `moved aside: ${plain(directory ?? '')}`
  if (kind === 'commits') return `commits up to: ${plain(subject)}`
  const what = kind === 'staged' ? 'staged' : 'not committed'
  if (files === null) return what
  const more = files.count > 3 ? ', …' : ''
  return `${what}: ${count(files.count, 'file')}: ${files.first.slice(0, 3).map(plain).join(', ')}${more}`
}

/** `orch kept show`. */
export function keptChangesText({ work, changes }: KeptReport, look: Look): string {
  const title = `${look.style('bold', ownerOf(work))}  ${plain(work.name)}`
  if (changes === null)
    return `${title}\n  git cannot represent it, so it was moved aside as it was: ${plain(work.directory ?? '')}`
  const files = changes.files.slice(0, mostFiles)
  const number = (value: number | null) => (value === null ? '-' : String(value))
  const lines = files.map(
    ({ path, insertions, deletions }) =>
      `  ${padStart(`+${number(insertions)}`, 6)} ${padStart(`−${number(deletions)}`, 6)}  ${plain(path)}`,
  )
  const rest = changes.count - files.length
  return [
    `${title}  ${work.oid}`,
    changes.count === 0
      ? '  No file differs from where its branch started.'
      : `  ${count(changes.count, 'file')} changed since ${changes.from.slice(0, 10)}`,
    ...lines,
    ...(rest > 0 ? [`  … and ${rest} more`] : []),
    ...(changes.patch === null ? [] : ['', ...plainLines(changes.patch.replace(/\n$/, ''))]),
    ...(changes.isCut ? [`… cut here; all of it: git diff ${changes.from.slice(0, 10)} ${work.oid}`] : []),
  ].join('\n')
}

/** `orch kept restore`. */
export function restoredText({ work, to }: RestoredWork): string {
  const what = `${plain(work.name)} of ${ownerOf(work)} (${work.oid?.slice(0, 10)})`
  if ('directory' in to)
    return `Wrote the files of ${what} into the new directory ${plain(to.directory)}; nothing else was changed.\nLook at it: ls ${shellWord(to.directory)}`
  const branch = shellWord(to.branch)
  return [
    `Made the branch ${plain(to.branch)} at ${what}; nothing else was changed.`,
    `Look at it: git log -p ${branch}   Go on with it: git worktree add DIRECTORY ${branch}`,
  ].join('\n')
}
