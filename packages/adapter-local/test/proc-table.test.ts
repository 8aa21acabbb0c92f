import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { procTable } from '../src/process/proc-table.ts'

const link = 'LEFT=$((LEFT - 1)); test -d "$WHILE" && test $LEFT -gt 0 && sleep 0.005'
/** Each program of the chain ends as soon as it has started the next: at every moment one of it is alive, none for long. */
const chains = {
  'that replaces itself': `${link} && exec sh -c "$CHAIN"`,
  'that starts its successor and ends': `${link} && { sh -c "$CHAIN" & }; exit 0`,
}

/** Processes that live as long as the folder does; a chain ends by itself, should nobody be left to remove the folder. */
async function begin(chain: string): Promise<{ readonly marker: string; end(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'orch-chain-'))
  const child = spawn('sh', ['-c', 'echo; eval "$CHAIN"'], {
    env: { PATH: process.env.PATH ?? '', CHAIN: chain, WHILE: folder, LEFT: '2000' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  await once(child.stdout, 'data')
  return { marker: `WHILE=${folder}`, end: () => rmdirSync(folder) }
}

/** As by `docker exec`: a PID namespace, entered by a process whose session is outside. */
const namespace = (argv: readonly string[]) => ['--pid', '--fork', '--mount-proc', '--kill-child', ...argv]

describe.skipIf(process.platform !== 'linux')('the table of processes (skipped where there is no /proc)', () => {
  it.each(Object.entries(chains))('never misses a program %s', async (_, chain) => {
    const { marker, end } = await begin(chain)
    try {
      const missed = []
      for (let look = 0; look < 60; look++) {
        const { living, whole } = await procTable().members(null, marker, performance.now())
        if (living.length === 0 && whole) missed.push(look)
      }
      expect(missed).toEqual([])
    } finally {
      end()
    }
  })

  it('never misses a program that replaces itself and takes long to copy its environment', async () => {
    const many = Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`MANY_${index}`, 'x']))
    const chain = [...Array.from({ length: 3000 }, () => 'env'), 'true']
    const child = spawn('env', chain, { env: { PATH: process.env.PATH ?? '', ...many, IS: 'it' }, stdio: 'ignore' })
    try {
      await once(child, 'spawn')
      const missed = []
      for (let look = 0; look < 100; look++) {
        const { living, whole } = await procTable().members(null, 'IS=it', performance.now())
        if (living.length === 0 && whole) missed.push(look)
      }
      expect(child.exitCode).toBe(null)
      expect(missed).toEqual([])
    } finally {
      child.kill('SIGKILL')
    }
  })

  it.skipIf(spawnSync('python3', ['--version']).status !== 0)(
    'finds a program whose first thread has ended (needs python3)',
    async () => {
      const script = [
        'import ctypes, os, threading, time',
        'number = {"x86_64": 60, "aarch64": 93}[os.uname().machine]',
        'threading.Thread(target=lambda: (time.sleep(0.1), print("up", flush=True), time.sleep(20), os._exit(0))).start()',
        'ctypes.CDLL(None).syscall(number, 0)',
      ].join('\n')
      const child = spawn('python3', ['-c', script], {
        env: { ...process.env, HEAD: 'less' },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      try {
        await once(child.stdout, 'data')
        const { living } = await procTable().members(null, 'HEAD=less', performance.now())
        expect(living.map(({ pid }) => pid)).toEqual([child.pid])
      } finally {
        child.kill('SIGKILL')
      }
    },
  )

  it.skipIf(spawnSync('unshare', namespace(['true'])).status !== 0)(
    'finds a program of a session that began outside its container (needs unshare)',
    () => {
      const program = `
        import { spawn } from 'node:child_process'
        import { readFileSync } from 'node:fs'
        import { procTable } from ${JSON.stringify(join(import.meta.dirname, '../src/process/proc-table.ts'))}
        const child = spawn('sh', ['-c', 'echo; exec sleep 20'], { env: { PATH: process.env.PATH, IN: 'it' } })
        await new Promise((resolve) => child.stdout.once('data', resolve))
        const session = readFileSync(\`/proc/\${child.pid}/stat\`, 'utf8').split(' ')[5]
        const { living } = await procTable().members(null, 'IN=it', performance.now())
        console.log(JSON.stringify({ session, found: living.length }))
        child.kill('SIGKILL')
      `
      const words = ['--conditions=@orch/source', '--input-type=module', '--eval', program]
      const { stdout, stderr } = spawnSync('unshare', namespace([process.execPath, ...words]), { encoding: 'utf8' })
      expect(stdout, stderr).toBe('{"session":"0","found":1}\n')
    },
  )

  it('is sure of itself where not too many come and go', async () => {
    await vi.waitUntil(async () => (await procTable().members(null, 'NO=process', 0)).whole)
  })

  it('does not answer from a look that is older than what it is asked about', async () => {
    const table = procTable()
    const before = performance.now()
    expect(await table.members(null, 'NO=process', before)).toMatchObject({ living: [] })
    const { marker, end } = await begin('while test -d "$WHILE"; do sleep 0.05; done')
    try {
      expect((await table.members(null, marker, performance.now())).living).not.toEqual([])
    } finally {
      end()
    }
  })
})
