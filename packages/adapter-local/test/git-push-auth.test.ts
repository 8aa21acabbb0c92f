import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { RemoteOptions } from '../src/git/remote-address.ts'
import { remoteStage } from './git-remote.ts'
import { signal } from './git-task.ts'

const password = 'p455-w0rd/with a space'
const canMakeCertificates = spawnSync('openssl', ['version']).status === 0

interface Host {
  readonly server: Server
  readonly at: string
  /** What stood in place of a user and their password. */
  readonly seen: readonly string[]
  readonly asked: () => number
}

/** A host that lets nobody in without a password, and nobody with one either, and tells everybody what it was sent. */
async function host(folder: string, redirect?: string): Promise<Host> {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const how = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert]
  if (!existsSync(cert)) execFileSync('openssl', [...how, ...names], { stdio: 'ignore' })
  vi.stubEnv('GIT_SSL_CAINFO', cert)
  const seen: string[] = []
  let asked = 0
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    const { authorization } = request.headers
    asked++
    if (redirect !== undefined) return response.writeHead(302, { location: redirect + request.url }).end()
    if (authorization === undefined)
      return response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end('who are you?\n')
    const sent = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString()
    seen.push(sent)
    return response.writeHead(403, { 'content-type': 'text/plain' }).end(`not you, ${sent}\n`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const at = `localhost:${(server.address() as AddressInfo).port}`
  return { server, at, seen, asked: () => asked }
}

afterEach(() => vi.unstubAllEnvs())

/** As `ssh` is called: options, the host, and a command for the shell there. */
const asSsh = `#!/bin/sh
printf '%s\\n' "$@" >>"$0.called"
while test $# -gt 1; do shift; done
exec sh -c "$1"
`

it('over ssh it is the user’s own, who is asked nothing', async () => {
  using stage = remoteStage()
  const bin = join(stage.repository.folder, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'ssh'), asSsh, { mode: 0o755 })
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`)
  const theirs = stage.othersPush({ 'a.txt': 'theirs\n' })
  const vcs = stage.open({ remote: { url: `ssh://git@example.invalid${stage.bare}` } })
  expect((await vcs.observe({ landed: [], signal })).target).toBe(theirs)
  const called = readFileSync(join(bin, 'ssh.called'), 'utf8').split('\n')
  expect(called).toEqual(expect.arrayContaining(['BatchMode=yes', 'git@example.invalid']))
})

describe.skipIf(!canMakeCertificates)('who lets us in', () => {
  it('is the variable that auth names: its host gets it, and no argument, error or trace shows it', async () => {
    using stage = remoteStage()
    const { server, at, seen } = await host(stage.repository.folder)
    const trace = join(stage.repository.folder, 'trace')
    vi.stubEnv('ORCH_TEST_PASSWORD', password)
    vi.stubEnv('GIT_TRACE2_EVENT', trace)
    const { program, ran } = stage.repository.canary()
    for (const [name, value] of [
      ['credential.helper', program],
      ['core.askPass', program],
      ['http.proxy', 'http://127.0.0.1:1'],
      ['http.sslVerify', 'false'],
    ] as const)
      stage.repository.git(['config', name, value])
    const auth = { host: at, password: 'ORCH_TEST_PASSWORD', user: 'me' }
    const vcs = stage.open({ remote: { url: `https://${at}/shop.git`, auth } })
    const { notes = [] } = await vcs.observe({ landed: [], signal })
    server.close()
    expect(seen[0]).toBe(`me:${password}`)
    expect(notes[0]?.why).toMatch(/^origin does not answer, .*not you, me:\[redacted\]$/)
    expect(JSON.stringify(notes)).not.toContain(password)
    expect(readFileSync(trace, 'utf8')).toContain('remote-https')
    expect(readFileSync(trace, 'utf8')).not.toContain(password)
    expect(ran()).toBe(false)
  })

  it('is nobody elsewhere: not where the remote sends us, nor where another address leads', async () => {
    using stage = remoteStage()
    const other = await host(stage.repository.folder)
    const { server, at } = await host(stage.repository.folder, `https://${other.at}`)
    vi.stubEnv('ORCH_TEST_PASSWORD', password)
    const open = (remote: RemoteOptions) => stage.open({ remote }).observe({ landed: [], signal })
    const auth = { host: at, password: 'ORCH_TEST_PASSWORD' }
    const { notes } = await open({ url: `https://${at}/shop.git`, auth })
    expect(notes).toHaveLength(1)
    expect(other.asked()).toBe(0)
    await expect(open({ url: `https://${other.at}/shop.git`, auth })).rejects.toMatchObject({ code: 'unusable-remote' })
    server.close()
    other.server.close()
    expect(other.seen).toEqual([])
  })

  it('is missing where its variable is not set, which is said before anything is tried', async () => {
    using stage = remoteStage()
    const auth = { host: 'localhost', password: 'ORCH_TEST_NOT_SET' }
    const vcs = stage.open({ remote: { url: 'https://localhost/shop.git', auth } })
    await expect(vcs.observe({ landed: [], signal })).rejects.toMatchObject({
      code: 'unusable-remote',
      message: expect.stringContaining('ORCH_TEST_NOT_SET'),
    })
  })
})
