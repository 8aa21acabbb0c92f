import { type Redact, redaction } from '@orch/core'
import { type Address, type RemoteAuth, unusable } from './remote-address.ts'

/** How git is let in, and through nothing else: all that a repository's configuration says of it is out of sight. */
export interface Access {
  readonly settings: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly redact: Redact
}

/** What of a user's own environment has to do with the way to a host. */
const passedOn: Readonly<Record<Address['protocol'], readonly string[]>> = {
  https: [
    ...['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'no_proxy', 'NO_PROXY'],
    ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'GIT_SSL_CAINFO'],
  ],
  ssh: ['SSH_AUTH_SOCK'],
  file: [],
}

/** A constant text for the shell of git: what it gives is in its environment, where no list of processes shows it. */
const helper =
  '!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" "$ORCH_REMOTE_USER" "$ORCH_REMOTE_PASSWORD"; }; f'

/** Asks nobody, and gives up on a host that does not say a word. Throws `unusable-remote` when the variable of `auth` is not set. */
export function accessTo({ protocol }: Address, auth: RemoteAuth | undefined): Access {
  const environment: Record<string, string> = {
    GIT_ALLOW_PROTOCOL: protocol,
    GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=15 -o ServerAliveInterval=15',
  }
  for (const name of passedOn[protocol]) {
    const value = process.env[name]
    if (value !== undefined) environment[name] = value
  }
  // Whoever is led elsewhere would be asked there.
  const settings = ['http.followRedirects=false', 'http.lowSpeedLimit=1', 'http.lowSpeedTime=60']
  if (auth === undefined) return { settings, environment, redact: redaction([]) }
  const password = process.env[auth.password]
  if (password === undefined || password === '')
    throw unusable(`the variable ${auth.password}, which remote.auth names, is not set`)
  return {
    settings: [...settings, `credential.https://${auth.host}.helper=${helper}`],
    environment: {
      ...environment,
      ORCH_REMOTE_USER: auth.user ?? 'x-access-token',
      ORCH_REMOTE_PASSWORD: password,
    },
    redact: redaction([password]),
  }
}
