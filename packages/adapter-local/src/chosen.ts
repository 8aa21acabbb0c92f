import { isAbsolute } from 'node:path'
import { type AdapterOptions, OrchError, type PortName, type Problem } from '@orch/core'
import type { RemoteOptions } from './git/remote-address.ts'
import type { LocalOptions } from './local.ts'

interface Chosen extends Pick<LocalOptions, 'isolation' | 'sandbox' | 'secrets'> {
  readonly remote?: string | RemoteOptions
}
/** What is wrong with a value, without its name; null when nothing is. */
type Check = (value: unknown) => string | null

const choices: Readonly<Partial<Record<PortName, Readonly<Record<string, Check>>>>> = {
  vcs: {
    isolation: (value) => (value === 'worktree' || value === 'clone' ? null : "expected 'worktree' or 'clone'"),
    remote: (value) => (isText(value) ? null : whyNoRemote(value)),
  },
  runner: {
    sandbox: (value) => (value === 'bubblewrap' ? null : whyNoSandbox(value)),
    secrets: (value) => (areTexts(value) ? null : 'expected a list of names of variables'),
  },
}

/** What a configuration says beside `use`. Throws `invalid-configuration` with everything that is wrong with it. */
export function chosenFrom(port: PortName, options: AdapterOptions): Chosen {
  const { repository: _repository, target: _target, path: _path, ...given } = options
  const known = choices[port] ?? {}
  const problems = Object.entries(given).flatMap(([name, value]): readonly Problem[] => {
    const field = `${port}.${name}`
    const check = known[name]
    if (check === undefined) {
      const names = Object.keys(known).join(', ') || 'none'
      const message = `${field}: there is no such choice; those of @orch/adapter-local for ${port}: ${names}`
      return [{ code: 'unknown-field', field, message }]
    }
    const why = check(value)
    return why === null ? [] : [{ code: 'invalid-value', field, message: `${field}: ${why}` }]
  })
  if (problems.length === 0) return given
  throw new OrchError('invalid-configuration', `@orch/adapter-local cannot be used for ${port} like this`, { problems })
}

function whyNoSandbox(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('by' in value) || value.by !== 'bubblewrap')
    return "expected 'bubblewrap', or { by: 'bubblewrap' } with network and writable"
  for (const [name, one] of Object.entries(value)) {
    if (name === 'network' && typeof one !== 'boolean') return 'network is true or false'
    if (name === 'writable' && !(areTexts(one) && one.every((path) => isAbsolute(path))))
      return 'writable is a list of folders, each absolute'
    if (!['by', 'network', 'writable'].includes(name))
      return `there is no choice ${name}; known are network and writable`
  }
  return null
}

function whyNoRemote(value: unknown): string | null {
  const expected = 'expected the name of a remote, or { name, url, auth: { host, password, user }, lookMs }'
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return expected
  const { name, url, auth, lookMs, ...others } = value as Record<string, unknown>
  const isNumber = lookMs === undefined || (Number.isSafeInteger(lookMs) && Number(lookMs) >= 1)
  const isFine = [name, url].every((one) => one === undefined || isText(one)) && isNumber && isAuth(auth)
  return isFine && Object.keys(others).length === 0 ? null : expected
}

function isAuth(value: unknown): boolean {
  if (value === undefined) return true
  if (typeof value !== 'object' || value === null) return false
  const { host, password, user, ...others } = value as Record<string, unknown>
  const isWhole = isText(host) && isText(password) && (user === undefined || isText(user))
  return isWhole && Object.keys(others).length === 0
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText)
}
