import { covers, type Glob } from '@orch/core'
import type { Unmerged } from './merge-output.ts'
import type { Objects } from './objects.ts'

/** The attributes that a merge obeys, taken from a tree and reduced to what git has built in. */
export interface Attributes {
  /** Lines for `info/attributes`; empty when the tree says nothing that matters. */
  of(commit: string): Promise<string>
  /** The same for many, by the commit. */
  all(commits: readonly string[]): Promise<ReadonlyMap<string, string>>
}

/** Trees whose lines are kept: those of the target and of a hundred branches. */
const mostKnown = 200

/** Git without a working tree reads no tracked attributes: a file marked `-merge` would be merged as text. */
export function attributesOf(objects: Objects): Attributes {
  const known = new Map<string, string>()
  const all: Attributes['all'] = async (commits) => {
    const found = await objects.commits(commits)
    const trees = new Map(commits.map((commit) => [commit, found.get(commit)?.tree ?? commit]))
    const unknown = [...new Set(trees.values())].filter((tree) => !known.has(tree))
    if (known.size + unknown.length > mostKnown) known.clear()
    const files = await attributeFiles(
      objects,
      [...new Set(trees.values())].filter((tree) => !known.has(tree)),
    )
    const contents = await objects.blobs([...files.values()].flatMap((below) => [...below.values()]))
    for (const [tree, below] of files) {
      const lines = [...below]
        .sort(([a], [b]) => a.length - b.length)
        .flatMap(([path, oid]) => reduced(contents.get(oid) ?? '', path.slice(0, -'.gitattributes'.length)))
      known.set(tree, lines.length === 0 ? '' : `${lines.join('\n')}\n`)
    }
    return new Map([...trees].map(([commit, tree]) => [commit, known.get(tree) ?? '']))
  }
  return { all, of: async (commit) => (await all([commit])).get(commit) ?? '' }
}

/**
 * The attribute files of trees by their paths. Trees are looked at one level at a time and never twice, so after a landing only
 * what it changed is read.
 */
async function attributeFiles(
  objects: Objects,
  roots: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const files = new Map(roots.map((root) => [root, new Map<string, string>()]))
  let level = roots.map((root) => ({ root, folder: '', tree: root }))
  while (level.length > 0) {
    const outlines = await objects.outlines([...new Set(level.map(({ tree }) => tree))])
    const below: typeof level = []
    for (const { root, folder, tree } of level) {
      const outline = outlines.get(tree)
      if (outline?.attributes != null) files.get(root)?.set(`${folder}.gitattributes`, outline.attributes)
      for (const [name, oid] of outline?.folders ?? []) below.push({ root, folder: `${folder}${name}/`, tree: oid })
    }
    level = below
  }
  return files
}

const kept =
  /^[-!]?(?:merge|text|binary|crlf|eol|conflict-marker-size)$|^(?:eol=(?:lf|crlf)|text=auto|conflict-marker-size=\d+|merge=(?:text|binary|union))$/

/** @param folder where the file stands: empty, or ending in `/` */
function reduced(text: string, folder: string): readonly string[] {
  const macros = new Set<string>()
  return text.split('\n').flatMap((line) => {
    const parsed = parseLine(line.trim())
    if (parsed === null) return []
    const { pattern, attributes } = parsed
    if (pattern.startsWith('[attr]')) {
      // Only the root may define one.
      if (folder !== '') return []
      macros.add(pattern.slice('[attr]'.length))
      return [[pattern, ...attributes.flatMap(reduce)].join(' ')]
    }
    const left = attributes.flatMap((attribute) =>
      macros.has(attribute.replace(/^[-!]/, '')) ? [attribute] : reduce(attribute),
    )
    return left.length === 0 ? [] : [[quoted(below(folder, pattern)), ...left].join(' ')]
  })
}

/** Lines that have those of the files that `union` covers merged with the lines of both, whatever the tree says of them. */
export function unionLines(files: readonly Unmerged[], union: readonly Glob[]): string {
  const hot = union.length === 0 ? [] : files.filter(({ path }) => covers(union, path))
  return hot.map(({ bytes }) => `${quoted(`/${literal(bytes)}`)} merge=union\n`).join('')
}

/** A driver of somebody's own does not exist for us: the file merges as if nothing was said. */
function reduce(attribute: string): readonly string[] {
  if (kept.test(attribute)) return [attribute]
  return attribute.startsWith('merge=') ? ['!merge'] : []
}

function below(folder: string, pattern: string): string {
  if (folder === '') return pattern
  const anchored = pattern.slice(0, -1).includes('/')
  return anchored ? `/${literal(folder)}${pattern.replace(/^\//, '')}` : `/${literal(folder)}**/${pattern}`
}

function literal(path: string): string {
  return path.replaceAll(/[\\*?[\]]/g, '\\$&')
}

function parseLine(line: string): { readonly pattern: string; readonly attributes: readonly string[] } | null {
  if (line === '' || line.startsWith('#') || line.startsWith('!')) return null
  const quotedPattern = /^"((?:[^"\\]|\\.)*)"/.exec(line)
  const pattern = quotedPattern?.[0] ?? /^\S+/.exec(line)?.[0] ?? ''
  const attributes = line
    .slice(pattern.length)
    .split(/[ \t\r]+/)
    .filter((attribute) => attribute !== '')
  return { pattern: quotedPattern === null ? pattern : unquoted(quotedPattern[1] ?? ''), attributes }
}

const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' }

function unquoted(text: string): string {
  return text.replaceAll(/\\([0-7]{3}|.)/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? code),
  )
}

/** In ASCII: a view's files are text, and a pattern may be any bytes. */
function quoted(pattern: string): string {
  if (/^[!#-~]+$/.test(pattern)) return pattern
  const escaped = pattern
    .replaceAll(/["\\]/g, '\\$&')
    .replaceAll(/[^ -~]/g, (byte) => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`)
  return `"${escaped}"`
}
