import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from './usage-error.ts'

/**
 * A directory for the `PATH` of agents in which `orch` is this very program on this very Node, however the run was started
 * (`npx`, a script of the workspace, a path). `state`: where our files of this repository are.
 */
export async function agentCommandDirectory(state: string): Promise<string> {
  const directory = join(state, 'bin')
  const file = join(directory, 'orch')
  // Whoever debugs this run does not debug every call of its agents.
  const flags = process.execArgv.filter((flag) => !flag.startsWith('--inspect'))
  const program = [process.execPath, ...flags, join(import.meta.dirname, mainName)]
  const text = `#!/bin/sh\nexec ${program.map(quoted).join(' ')} "$@"\n`
  if ((await present(file)) === text) return directory
  await mkdir(directory, { recursive: true })
  // An agent may be calling it at this moment: it sees the old or the new one, whole.
  const fresh = `${file}.${process.pid}`
  await writeFile(fresh, text, { mode: 0o755 })
  await rename(fresh, file)
  return directory
}

/** The file that runs the command lies beside this one, as source and as build. */
const mainName = import.meta.filename.endsWith('.ts') ? 'main.ts' : 'main.js'

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

async function present(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return null
    throw error
  }
}
