import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf, lookAt, namesIn, readText, signatureOf } from '../disk/files.ts'

/** The contents of a git directory of ours by their paths. */
export type ViewFiles = Readonly<Record<'HEAD' | 'config', string>> & {
  readonly 'info/attributes'?: string
}

/** Those that git looks for, and one for each file. Objects are where the environment says. */
function foldersOf(files: ViewFiles): readonly string[] {
  return ['', 'refs', ...(Object.keys(files).some((name) => name.startsWith('info/')) ? ['info'] : [])]
}

/** A few hundred bytes: waiting for them in the background takes longer than writing them. */
export function writeView(directory: string, files: ViewFiles): void {
  for (const folder of foldersOf(files)) mkdirSync(join(directory, folder), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
}

/** For commands that are not told by their environment where objects are. */
export function nameObjects(directory: string, objects: string): void {
  mkdirSync(join(directory, 'objects', 'info'), { recursive: true })
  writeFileSync(join(directory, 'objects', 'info', 'alternates'), `${objects}\n`)
}

/** What shared views looked like when they were last known to hold what we wrote. */
const written = new Map<string, string>()

/**
 * A view below `parent` that everybody with the same contents uses, at the same time too: nothing is ever written into it, their indexes
 * are elsewhere. Made anew when it is not to the letter what it should be.
 */
export function sharedView(parent: string, files: ViewFiles): string {
  const digest = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16)
  const directory = join(parent, `view.${digest}`)
  const now = look(directory, files)
  if (now !== null && written.get(directory) === now) return directory
  if (now === null || !holds(directory, files)) {
    const made = join(parent, `${process.pid}.${randomBytes(6).toString('hex')}`)
    writeView(made, files)
    replace(made, directory, files)
  }
  const known = look(directory, files)
  // Somebody has changed it this very moment; the next use looks again.
  if (known !== null && holds(directory, files)) written.set(directory, known)
  return directory
}

/** Moves with every change in the view; null when there is something in it that we did not write. */
function look(directory: string, files: ViewFiles): string | null {
  const signs: (string | null)[] = []
  const folders = foldersOf(files)
  for (const folder of folders) {
    if (lookAt(join(directory, folder))?.isDirectory() !== true) return null
    const expected = [...folders, ...Object.keys(files)].filter((path) => path !== '' && parentOf(path) === folder)
    if (namesIn(join(directory, folder)).length !== expected.length) return null
  }
  for (const name of Object.keys(files)) {
    if (lookAt(join(directory, name))?.isFile() !== true) return null
    signs.push(signatureOf(join(directory, name)))
  }
  return signs.join('|')
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

function holds(directory: string, files: ViewFiles): boolean {
  return Object.entries(files).every(([name, text]) => readText(join(directory, name)) === text)
}

/** Never takes away what is right: another process may be using it this very moment. */
function replace(made: string, directory: string, files: ViewFiles): void {
  try {
    renameSync(made, directory)
    return
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(codeOf(error) ?? '')) throw error
  }
  // Another process was quicker, with the same contents; or somebody left something else here.
  const isRight = () => look(directory, files) !== null && holds(directory, files)
  const mending = `${directory}.mending`
  for (let tries = 1; !isRight(); tries++) {
    // One at a time, or the second would take the first one's away; who holds it for long has died.
    if (!madeFolder(mending) && tries < mostTries) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, mendingMs)
      continue
    }
    if (!isRight()) {
      moveAway(directory, `${made}.old`)
      moveAway(made, directory)
    }
    rmSync(mending, { recursive: true, force: true })
    break
  }
  rmSync(made, { recursive: true, force: true })
  rmSync(`${made}.old`, { recursive: true, force: true })
}

const mendingMs = 5
const mostTries = 100

function madeFolder(path: string): boolean {
  try {
    mkdirSync(path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** Somebody else may have done it. */
function moveAway(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(codeOf(error) ?? '')) throw error
  }
}
