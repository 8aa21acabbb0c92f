import { OrchError } from '@orch/core'

export interface RemoteOptions {
  /** As git names it: with a slash and the branch behind it, it is what the target is called. Default `origin`. */
  readonly name?: string
  /**
   * `https://…`, `ssh://…`, `user@host:path`, or the absolute path of a repository on this machine. Default: what the repository's configuration has for that
   * name; that has to be https or ssh, because whoever works in a linked worktree can write it, and hooks of a repository on this machine would run here.
   */
  readonly url?: string
  /** For https. Default none. Over ssh your own agent and `~/.ssh` let us in. */
  readonly auth?: RemoteAuth
  /** Milliseconds between two looks at it; after one in vain longer and longer, up to 10 times. Default 30 000. */
  readonly lookMs?: number
}

export interface RemoteAuth {
  /** `github.com`, or `example.org:8443`. Nobody else is ever sent it, whatever an address says. */
  readonly host: string
  /** The name of the environment variable that holds the password or token. */
  readonly password: string
  /** Default `x-access-token`, which hosts take with a token. */
  readonly user?: string
}

export interface Address {
  readonly url: string
  readonly protocol: 'https' | 'ssh' | 'file'
  /** With its port, if it has one; null for a path. */
  readonly host: string | null
}

const host = String.raw`[A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?`
const user = String.raw`[A-Za-z0-9_][\w.-]*`
const rest = String.raw`[^\s\p{Cc}]+`
const https = new RegExp(`^https://(?:${user}@)?(${host})/${rest}$`, 'u')
const ssh = new RegExp(`^ssh://(?:${user}@)?(${host})/${rest}$`, 'u')
/** `user@host:path`; two colons would name a program. */
const short = new RegExp(`^${user}@([A-Za-z0-9][A-Za-z0-9.-]*):(?![-:])${rest}$`, 'u')
const path = /^(?:file:\/\/)?\/[^\p{Cc}]*$/u

/** Throws `unusable-remote`. What is in the address is never told: it may be a password. */
export function addressOf(
  { name = 'origin', url: given, auth }: RemoteOptions,
  configured: ReadonlyMap<string, string>,
): Address {
  if (!/^[A-Za-z0-9_][\w.-]{0,99}$/.test(name) || name.endsWith('.lock') || name.includes('..'))
    throw unusable(`'${name}' cannot be the name of a remote`)
  const url = given ?? configured.get(name.toLowerCase())
  if (url === undefined) {
    throw unusable(
      `the repository has no remote ${name}: add it (git remote add ${name} …), or give its url in the configuration`,
    )
  }
  if (/:\/\/[^/]*:[^/]*@/.test(url)) {
    throw unusable(
      `the address of ${name} holds a password, which others can read there; put it into a variable and name that in remote.auth`,
    )
  }
  const address = parsed(url)
  if (address === null)
    throw unusable(`the address of ${name} is neither https://…, ssh://…, user@host:path nor an absolute path`)
  if (address.protocol === 'file' && given === undefined) {
    throw unusable(
      `${name} is a path in the repository's configuration, where agents can write; if it is yours, give it as remote.url in the configuration of orch`,
    )
  }
  if (auth !== undefined && (address.protocol !== 'https' || address.host !== auth.host))
    throw unusable(`remote.auth is for https://${auth.host}, and the address of ${name} is elsewhere`)
  return address
}

function parsed(url: string): Address | null {
  const web = https.exec(url)
  if (web !== null) return { url, protocol: 'https', host: web[1] ?? null }
  const shell = ssh.exec(url) ?? short.exec(url)
  if (shell !== null) return { url, protocol: 'ssh', host: shell[1] ?? null }
  return path.test(url) ? { url, protocol: 'file', host: null } : null
}

export function unusable(message: string): OrchError {
  return new OrchError('unusable-remote', message, { port: 'vcs' })
}
