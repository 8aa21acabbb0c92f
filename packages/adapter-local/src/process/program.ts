import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import type { AgentProfile, JsonValue } from '@orch/core'
import { readPart } from '../disk/files.ts'
import type { Folder } from './folder.ts'

/** Linux takes 128 KiB per argument, its end included. */
const maxArgument = 120 * 1024

/** The profile's arguments with the prompt and the session in their places. A prompt too long for an argument is named instead. */
export function argvOf(
  profile: AgentProfile,
  given: { readonly prompt: string; readonly folder: Folder; readonly resume: JsonValue | null },
): readonly [string, ...string[]] {
  const { prompt, folder, resume } = given
  const template = resume !== null && profile.resumeArgv !== undefined ? profile.resumeArgv : profile.argv
  const [program, ...rest] = template
  const fill = (argument: string): string => {
    switch (argument) {
      case '{prompt}':
        if (Buffer.byteLength(prompt) > maxArgument)
          return `Your task is in the file ${folder.prompt}. Read all of it first.`
        return prompt.replaceAll('\0', '\uFFFD') // no argument can hold a NUL; the file keeps it
      case '{prompt-file}':
        return folder.prompt
      case '{resume}':
        return typeof resume === 'string' ? resume : JSON.stringify(resume)
      default:
        return argument
    }
  }
  return [program, ...rest.map(fill)]
}

export type Found = { readonly path: string } | { readonly missing: string }

/** Looks a program up as `execvp` would: below `directory` when it has a slash, otherwise in `path`. */
export function findProgram(program: string, directory: string, path: string): Found {
  if (program === '') return { missing: 'the command is empty' }
  if (program.includes('/')) {
    const wanted = resolve(directory, program)
    const why = whyNot(wanted)
    return why === null ? { path: wanted } : { missing: `${wanted} ${why}` }
  }
  let refused: string | null = null
  for (const folder of path.split(delimiter)) {
    const wanted = join(folder, program)
    const why = whyNot(wanted)
    if (why === null) return { path: wanted }
    if (why !== 'does not exist') refused ??= `${wanted} ${why}`
  }
  return { missing: refused ?? `${program} was not found in PATH` }
}

function whyNot(path: string): string | null {
  try {
    const found = statSync(path)
    if (found.isDirectory()) return 'is a folder'
    if (!found.isFile()) return 'is no file'
  } catch {
    return 'does not exist' // or cannot be reached, which is the same to whoever would run it
  }
  try {
    accessSync(path, constants.X_OK)
  } catch {
    return 'may not be executed'
  }
  const interpreter = interpreterOf(path)
  return interpreter === null || existsSync(interpreter) ? null : `needs ${interpreter}, which does not exist`
}

/** The program that a script names in its first line; null for anything else. */
function interpreterOf(path: string): string | null {
  try {
    const start = readPart(realpathSync(path), 0, 256).toString('latin1')
    return /^#![ \t]*(\/[^\s\0]*)/.exec(start)?.[1] ?? null
  } catch {
    return null // it may be run and not read: whoever runs it will see
  }
}

export function missingText(profile: AgentProfile, missing: string): string {
  return `The command of ${profile.name} cannot run: ${missing}.`
}
