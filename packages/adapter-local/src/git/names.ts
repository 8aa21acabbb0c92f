import { OrchError } from '@orch/core'

declare const checked: unique symbol
/** A full ref name that git accepts and that no command takes for an option. */
export type RefName = string & { readonly [checked]: 'ref' }
/** A branch, by the name that people know it by. */
export interface NamedRef {
  readonly name: string
  readonly ref: RefName
}
/** `[a-z0-9-]`, with `.` inside: safe as a file name and as a part of a ref. */
export type WorkspaceName = string & { readonly [checked]: 'workspace' }

const hex = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/

export function isOid(text: string): boolean {
  return hex.test(text)
}

/** Throws `OrchError('bug')` for anything but a full object id. */
export function oidOf(text: string): string {
  if (!isOid(text)) throw new OrchError('bug', `'${text}' is no object id`)
  return text
}

/** `refs/heads/<branch>`. Throws `invalid-branch` for a name that git would refuse or take for something else. */
export function branchRef(branch: string): RefName {
  const wrong =
    branch === '' ||
    branch === 'HEAD' ||
    branch.length > 200 ||
    branch.startsWith('-') ||
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|\/$|^\/|\.$/.test(branch) ||
    branch.split('/').some((part) => part.startsWith('.') || part.endsWith('.lock'))
  if (wrong) throw new OrchError('invalid-branch', `'${branch}' cannot be the name of a branch; choose another one`)
  return `refs/heads/${branch}` as RefName
}

export function isWorkspaceName(name: string): name is WorkspaceName {
  const right = name.length <= 100 && /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(name)
  return right && !name.includes('..') && !name.endsWith('.lock')
}

export function workspaceName(name: string): WorkspaceName {
  if (!isWorkspaceName(name)) {
    throw new OrchError('bug', `'${name}' cannot be the name of a workspace`)
  }
  return name
}

/** The pin `what` of `owner`: `refs/orch/kept/<owner>/<what>`. */
export function pinRef(owner: string, what: string): RefName {
  return `refs/orch/kept/${workspaceName(owner)}/${workspaceName(what)}` as RefName
}

/** One pin per distinct head. */
export function headPin(owner: string, head: string): RefName {
  return pinRef(owner, `head-${head.slice(0, 16)}`)
}
