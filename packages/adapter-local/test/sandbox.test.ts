import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AgentRunner, command, type Vcs } from '@orch/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { gitVcs } from '../src/git/git-vcs.ts'
import { processRunner } from '../src/process/process-runner.ts'
import { bubblewrap } from '../src/sandbox/bubblewrap.ts'
import { type TestRepository, testRepository } from './git-repository.ts'
import { make, seal, signal } from './git-task.ts'

interface Stage extends Disposable {
  readonly repository: TestRepository
  readonly vcs: Vcs
  readonly runner: AgentRunner
  readonly at: string
  /** Runs a script in the sandbox to its end, by default in the workspace of a task; what it printed. */
  run(
    script: string,
    options?: { readonly directory?: string; readonly isReader?: boolean },
  ): Promise<readonly string[]>
}

async function stage(
  isolation: 'worktree' | 'clone' = 'worktree',
  options: Partial<Parameters<typeof bubblewrap>[0]> = {},
): Promise<Stage> {
  const repository = testRepository()
  const vcs = gitVcs({ repository: repository.root, target: 'main', isolation })
  const { directory: at } = await make(repository, vcs)
  const runner = processRunner({
    directory: join(repository.common, 'orch', 'processes'),
    sandbox: bubblewrap({ repository: repository.root, ...options }),
  })
  let turns = 0
  const ended = async (key: string) => {
    for (;;) {
      const turn = (await runner.observe({ keys: [key], signal })).get(key)
      if (turn?.is !== 'alive') return turn
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  return {
    repository,
    vcs,
    runner,
    at,
    async run(script, { directory = at, isReader = false } = {}) {
      const key = `turn-${++turns}`
      const profile = command({ argv: ['sh', '-c', script] })
      const environment = {
        GIT_AUTHOR_NAME: 'A',
        GIT_AUTHOR_EMAIL: 'a@b.c',
        GIT_COMMITTER_NAME: 'A',
        GIT_COMMITTER_EMAIL: 'a@b.c',
      }
      const start = { key, profile, directory, isReader, prompt: 'the prompt', environment, signal }
      expect(await runner.start(start)).toMatchObject({ ok: true })
      await ended(key)
      return runner.tail({ key, lines: 100, signal })
    },
    [Symbol.dispose]: () => repository[Symbol.dispose](),
  }
}

const missing = await bubblewrap({ repository: '.' }).unusable()

afterEach(() => vi.unstubAllEnvs())

describe.skipIf(missing !== null)(`a sandbox${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  it('has no capabilities, so that nothing can be mounted anew to be written', async () => {
    using staged = await stage()
    const { repository, run } = staged
    writeFileSync(join(repository.folder, 'outside'), 'untouched\n')
    const outside = join(repository.root, 'README.md')
    const said = await run(
      `grep CapEff /proc/self/status; mount -o remount,rw,bind / && echo mounted; mount -o remount,rw,bind ${repository.root} && echo mounted; echo x >${outside} && echo written`,
    )
    expect(said.join('\n')).toContain('CapEff:\t0000000000000000')
    expect(said).not.toContain('mounted')
    expect(said).not.toContain('written')
    expect(readFileSync(outside, 'utf8')).toBe('read me\n')
  })

  it.each(['worktree', 'clone'] as const)(
    'lets an agent commit, and write nowhere but in its workspace: %s',
    async (isolation) => {
      using staged = await stage(isolation)
      const { repository, vcs, run } = staged
      const other = await make(repository, vcs, 'other')
      const entry = repository.git(['rev-parse', '--absolute-git-dir'], other.directory)
      const own = repository.git(['rev-parse', '--absolute-git-dir'], staged.at)
      mkdirSync(join(repository.common, 'hooks'), { recursive: true })
      const forbidden = [
        join(repository.root, 'planted'),
        join(repository.common, 'planted'),
        join(repository.common, 'config'),
        join(repository.common, 'hooks', 'pre-commit'),
        join(repository.common, 'info', 'attributes'),
        join(repository.common, 'HEAD'),
        join(repository.common, 'refs/heads/main'),
        join(repository.common, 'refs/stash'),
        join(repository.common, 'orch', 'planted'),
        join(other.directory, 'planted'),
        join(entry, 'HEAD'),
        join(repository.worktrees, 'planted'),
        join(own, 'gitdir'),
        join(own, 'orch-branch'),
        join(process.env.HOME ?? '/root', 'planted-by-a-test'),
        '/etc/planted-by-a-test',
      ]
      const before = forbidden.map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : null))
      const said = await run(
        `echo done >done.txt; git add -A && git commit -qm Done && echo committed; git update-ref refs/heads/main HEAD; ` +
          `for path in ${forbidden.join(' ')}; do echo x >"$path"; done 2>/dev/null; echo tmp >/tmp/x && cat /tmp/x`,
      )
      expect(said).toContain('committed')
      expect(said).toContain('tmp')
      const after = forbidden.map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : null))
      // In a folder of which all is hidden, what is written is gone with it.
      expect(after).toEqual(before)
      const { head } = await seal(vcs)
      expect(repository.git(['log', '-1', '--format=%s', head])).toBe('Done')
    },
  )

  it('lets who only reads write nothing at all but what it tells', async () => {
    using staged = await stage()
    const { repository, vcs, runner, run, at } = staged
    const { directory } = await vcs.checkout({ commit: repository.git(['rev-parse', 'main']), signal })
    const verdict = { tell: 'verdict', verdict: 'approve', summary: 'fine', findings: [] } as const
    for (const place of [directory, at]) {
      const said = await run(
        `cat README.md; for path in README.md new; do echo x >"${place}/$path" && echo written; done 2>/dev/null; rm README.md && echo removed; echo '${JSON.stringify(verdict)}' >>"$ORCH_OUTBOX"`,
        { directory: place, isReader: true },
      )
      expect(said[0]).toBe('read me')
      expect(said).not.toContain('written')
      expect(said).not.toContain('removed')
      expect(readFileSync(join(place, 'README.md'), 'utf8')).toBe('read me\n')
    }
    const turn = (await runner.observe({ keys: ['turn-2'], signal })).get('turn-2')
    expect(turn).toMatchObject({ exit: 0, report: verdict })
  })

  it('keeps our state and other processes out of sight, and still hears and tells', async () => {
    using staged = await stage()
    const { repository, runner, run } = staged
    writeFileSync(join(repository.common, 'orch', 'state.sqlite'), 'records')
    const said = await run(
      `ls ${repository.common}/orch; ls /proc | grep -c '^[0-9]'; cat "$ORCH_PROMPT_FILE"; echo; ls "$ORCH_INBOX" && echo '{"tell":"done"}' >>"$ORCH_OUTBOX"`,
    )
    expect(said).toContain('the prompt')
    expect(said).not.toContain('state.sqlite')
    expect(Number(said.find((line) => /^\d+$/.test(line)))).toBeLessThan(10)
    expect((await runner.observe({ keys: ['turn-1'], signal })).get('turn-1')).toMatchObject({
      exit: 0,
      report: { tell: 'done' },
    })
  })

  it('has the network or not', async () => {
    const interfaces = `sed -n 's/^ *\\([^ ]*\\):.*/\\1/p' /proc/net/dev`
    using open = await stage()
    using closed = await stage('worktree', { network: false })
    expect(await closed.run(interfaces)).toEqual(['lo'])
    expect([...(await open.run(interfaces))].sort()).toEqual(
      readFileSync('/proc/net/dev', 'utf8')
        .split('\n')
        .slice(2, -1)
        .map((line) => line.split(':')[0]?.trim())
        .sort(),
    )
  })

  it('leaves an agent its time when it is stopped, and nothing of it alive', async () => {
    using staged = await stage()
    const { runner, at } = staged
    const profile = command({
      argv: ['sh', '-c', 'trap "echo bye >bye; exit 0" TERM; echo >ready; while :; do sleep 0.05; done'],
    })
    await runner.start({ key: 'k', profile, directory: at, prompt: '', environment: {}, signal })
    await vi.waitUntil(() => existsSync(join(at, 'ready')), { timeout: 20_000 })
    expect(await runner.stop({ key: 'k', graceMs: 10_000, signal })).toBe('stopped')
    expect(readFileSync(join(at, 'bye'), 'utf8')).toBe('bye\n')
    expect((await runner.observe({ keys: ['k'], signal })).get('k')).toMatchObject({ is: 'ended', survivors: false })
  })

  it('is not opened where a link has taken the place of the workspace', async () => {
    using staged = await stage()
    const { repository, runner, at } = staged
    renameSync(at, join(repository.folder, 'aside'))
    symlinkSync(repository.root, at)
    const profile = command({ argv: ['sh', '-c', 'echo x >planted'] })
    await expect(
      runner.start({ key: 'k', profile, directory: at, prompt: '', environment: {}, signal }),
    ).rejects.toMatchObject({ code: 'no-workspace' })
    expect(existsSync(join(repository.root, 'planted'))).toBe(false)
  })

  it('lets an agent write where it is allowed to as well', async () => {
    using folder = testRepository()
    const sessions = realpathSync(folder.folder)
    using staged = await stage('worktree', { writable: [sessions] })
    await staged.run(`echo session >${sessions}/session`)
    expect(readFileSync(join(sessions, 'session'), 'utf8')).toBe('session\n')
  })
})

it('without bubblewrap nothing is run, and it is said what to do', async () => {
  using staged = await stage()
  vi.stubEnv('PATH', '/nowhere')
  const runner = processRunner({
    directory: join(staged.repository.common, 'orch', 'processes'),
    environment: { PATH: '/usr/bin:/bin' },
    sandbox: bubblewrap({ repository: staged.repository.root }),
  })
  const profile = command({ argv: ['sh', '-c', 'echo x >planted'] })
  const refused = { ok: false, reason: 'no-command', detail: expect.stringContaining('install it') }
  expect(await runner.check?.({ profile, signal })).toMatchObject(refused)
  const start = { key: 'k', profile, directory: staged.at, prompt: '', environment: {}, signal }
  expect(await runner.start(start)).toMatchObject(refused)
  expect(existsSync(join(staged.at, 'planted'))).toBe(false)
})
