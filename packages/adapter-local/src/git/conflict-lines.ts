import type { ConflictFile, ConflictLines, ConflictSides, LineRange } from '@orch/core'
import { textOf } from './git.ts'
import type { MergeAnswer, Unmerged } from './merge-output.ts'
import type { View } from './view.ts'

/** Files that are looked into, of all that are asked for together: the rest is told without lines. */
const most = 2000

interface Asked {
  readonly sides: readonly [ours: string, theirs: string]
  readonly answer: MergeAnswer
}

interface Found {
  readonly files: readonly ConflictFile[]
  readonly sides: readonly ConflictSides[]
}

/** What stands for the side that has no such file: no object has this name. */
const nothing = '0'.repeat(40)

/** The files of each answer, with the lines that git could not bring together. One process for all; none without a conflict of texts. */
export async function withLines(view: View, asked: readonly Asked[]): Promise<readonly Found[]> {
  const texts = asked.flatMap(({ answer, sides }) =>
    answer.files.filter(hasText).map((file) => ({ tree: answer.tree, file, sides })),
  )
  const read = texts.slice(0, most)
  const found = await contents(
    view,
    read.flatMap(({ tree, file }) => [`${tree}:${file.bytes}`, file.ours ?? nothing, file.theirs ?? nothing]),
  )
  const places = new Map<Unmerged, readonly Place[]>()
  for (const [index, { file, sides }] of read.entries()) {
    const [merged, ours, theirs] = found.slice(index * 3, index * 3 + 3)
    if (merged == null) continue
    if (ours != null && theirs != null) places.set(file, conflictPlaces(merged, { ours, theirs }, sides))
    else if (!merged.includes('\0')) places.set(file, [{ lines: null, ours: ours ?? null, theirs: theirs ?? null }])
  }
  return asked.map(({ answer: { files } }) => ({
    files: files.map((file) => ({
      path: file.path,
      kind: file.kind,
      lines: (places.get(file) ?? []).flatMap(({ lines }) => lines ?? []),
    })),
    sides: files.flatMap((file) =>
      (places.get(file) ?? []).map(({ ours, theirs }) => ({
        path: file.path,
        ours: ours === null ? null : textOf(ours).replace(/\n$/, ''),
        theirs: theirs === null ? null : textOf(theirs).replace(/\n$/, ''),
      })),
    ),
  }))
}

function hasText({ bytes, kind, ours, theirs }: Unmerged): boolean {
  // The name of an object ends with its line.
  if (bytes.includes('\n')) return false
  if (kind === 'modify-delete') return !!ours || !!theirs
  return (kind === 'content' || kind === 'both-added') && !!ours && !!theirs
}

/** In the given order; null for what is not there. */
async function contents(view: View, names: readonly string[]): Promise<readonly (string | null)[]> {
  if (names.length === 0) return []
  const { output } = await view.git({ arguments: ['cat-file', '--batch'], input: `${names.join('\n')}\n` })
  let at = 0
  return names.map(() => {
    const end = output.indexOf('\n', at)
    const header = output.slice(at, end)
    at = end + 1
    const size = / blob (\d+)$/.exec(header)?.[1]
    if (size === undefined) return null
    const content = output.slice(at, at + Number(size))
    at += Number(size) + 1
    return content
  })
}

/**
 * Where the two sides stand against each other, by the marks that git left in the merged text. They bear the ids of the two commits, so nothing
 * in a file passes for one. Where the same text stands more than once, the place is taken that has the same lines before it.
 */
function conflictPlaces(
  merged: string,
  texts: { readonly ours: string; readonly theirs: string },
  [ours, theirs]: readonly [string, string],
): readonly Place[] {
  const lines = linesOf(merged)
  const files = { ours: linesOf(texts.ours), theirs: linesOf(texts.theirs) }
  const found: Place[] = []
  let before: string[] = []
  let [atOurs, atTheirs] = [0, 0]
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const size = /^<+(?= )/.exec(line)?.[0].length ?? 0
    if (size === 0 || !line.startsWith(ours, size + 1)) {
      before.push(line)
      continue
    }
    const end = lines.findIndex((each, index) => index > at && each.startsWith(`${'>'.repeat(size)} ${theirs}`))
    const middle = lines.findIndex((each, index) => index > at && each.trimEnd() === '='.repeat(size))
    if (middle < 0 || end < middle) break
    const [mine, theirBlock] = [lines.slice(at + 1, middle), lines.slice(middle + 1, end)]
    const one = rangeOf(files.ours, mine, { from: atOurs, before })
    const other = rangeOf(files.theirs, theirBlock, { from: atTheirs, before })
    found.push({ lines: { ours: one, theirs: other }, ours: mine.join('\n'), theirs: theirBlock.join('\n') })
    atOurs = one.from - 1 + one.count
    atTheirs = other.from - 1 + other.count
    before = []
    at = end
  }
  return found
}

interface Place {
  /** Null: it is not about lines. */
  readonly lines: ConflictLines | null
  /** One character per byte; null: the file is not there. */
  readonly ours: string | null
  readonly theirs: string | null
}

function linesOf(text: string): readonly string[] {
  return text.replace(/\n$/, '').split('\n')
}

function rangeOf(
  file: readonly string[],
  block: readonly string[],
  { from, before }: { readonly from: number; readonly before: readonly string[] },
): LineRange {
  let best = { from, alike: -1 }
  for (let at = from; at + block.length <= file.length; at++) {
    if (!block.every((line, index) => file[at + index] === line)) continue
    let alike = 0
    while (alike < before.length && at - alike > from && file[at - alike - 1] === before[before.length - alike - 1])
      alike++
    if (alike > best.alike) best = { from: at, alike }
  }
  return { from: best.from + 1, count: block.length }
}
