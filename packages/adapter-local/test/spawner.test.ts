import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Run } from '../src/spawn/message.ts'
import { runHere } from '../src/spawn/run.ts'
import { type Spawner, spawner } from '../src/spawn/spawner.ts'

const directory = mkdtempSync(join(tmpdir(), 'orch spawn '))
afterAll(() => rmSync(directory, { recursive: true }))

const sh = (script: string, more: Partial<Run> = {}): Run => ({
  file: '/bin/sh',
  argv: ['-c', script],
  directory,
  environment: { PATH: process.env.PATH ?? '' },
  longest: 20_000,
  ...more,
})

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()

async function ready(): Promise<Spawner> {
  await vi.waitUntil(() => spawner() !== null, { interval: 5, timeout: 10_000 })
  const found = spawner()
  if (found === null) throw new Error('it was ready a moment ago')
  return found
}

describe('the process that starts processes', () => {
  let started: Spawner
  beforeAll(async () => {
    started = await ready()
  })

  it('passes on what it is given and what comes back, to the byte', async () => {
    const input = Buffer.from([0, 255, 10, 13, 195, 40])
    const ran = await started.run(
      sh('cat; printf "%s\\n" "$1" "$X" >&2; exit 7', {
        input,
        argv: ['-c', 'cat; printf "%s|" "$0" "$X" "$HOME" >&2; exit 7', "a b'\n$(c)"],
        environment: { PATH: process.env.PATH ?? '', X: 'ü' },
      }),
    )
    expect([...ran.output]).toEqual([...input])
    expect(text(ran.errors)).toBe("a b'\n$(c)|ü||")
    expect(ran).toMatchObject({ code: 7, why: null, errorCode: null })
  })

  it('says what cannot be started, and what was ended', async () => {
    expect(await started.run(sh('', { file: join(directory, 'none') }))).toMatchObject({
      code: null,
      errorCode: 'ENOENT',
    })
    expect(await started.run(sh('kill -9 $$'))).toMatchObject({ code: null, why: 'it was ended by SIGKILL' })
    expect(await started.run(sh('exec sleep 1000', { longest: 20 }))).toMatchObject({ code: null })
    await expect(started.launch(sh('', { directory: join(directory, 'none') }), () => undefined)).rejects.toThrow(
      'ENOENT',
    )
  })

  it('says what the system refuses outright, and lives on', async () => {
    const file = join(directory, 'a-file')
    writeFileSync(file, '')
    const refused: Readonly<Record<string, Partial<Run>>> = {
      ENOTDIR: { directory: file },
      E2BIG: { argv: ['-c', 'true', 'x'.repeat(200_000)] },
      ERR_INVALID_ARG_VALUE: { argv: ['-c', 'a\0b'] },
    }
    for (const [errorCode, more] of Object.entries(refused)) {
      expect(await started.run(sh('true', more))).toMatchObject({ code: null, errorCode })
      expect(await runHere(sh('true', more))).toMatchObject({ code: null, errorCode })
      let ended = false
      const launched = started.launch(sh('true', more), () => {
        ended = true
      })
      await expect(launched).rejects.toThrow(errorCode === 'ERR_INVALID_ARG_VALUE' ? 'null bytes' : errorCode)
      expect(ended).toBe(true)
    }
    expect(text((await started.run(sh('echo alive'))).output)).toBe('alive\n')
    expect(spawner()).toBe(started)
  })

  it('ends what prints without end, keeps nothing of it, and lives on', async () => {
    for (const run of [(it: Run) => started.run(it), (it: Run) => runHere(it)]) {
      const ran = await run(sh('yes; yes >&2', { most: 1_000_000 }))
      expect(ran).toMatchObject({ code: null, why: 'it printed more than 1000000 bytes', errorCode: null })
      expect(ran.output.length).toBe(0)
    }
    const whole = await started.run(sh('yes | head -c 100000000'))
    expect([whole.code, whole.output.length]).toEqual([0, 100_000_000])
    expect(spawner()).toBe(started)
  })

  it('ends what is no longer wanted', async () => {
    const over = new AbortController()
    const ran = started.run(sh('echo $$ >pid; exec sleep 1000'), over.signal)
    await vi.waitUntil(() => existsSync(join(directory, 'pid')) && readFileSync(join(directory, 'pid'), 'utf8') !== '')
    over.abort()
    expect(await ran).toMatchObject({ code: null })
  })

  it('tells whoever waits when it is killed, leaves what it launched alone, and another one takes its place', async () => {
    const said = await started.launch(sh('echo $PPID $$ >&3; exec 3>&-; exec sleep 1000'), () => undefined)
    const [itself = 0, launched = 0] = said.trim().split(' ').map(Number)
    const waiting = started.run(sh('sleep 1000'))
    process.kill(itself, 'SIGKILL')
    await expect(waiting).rejects.toMatchObject({ code: 'spawner-ended', retryable: true })
    expect(() => process.kill(launched, 0)).not.toThrow()
    process.kill(launched, 'SIGKILL')
    const ran = await (await ready()).run(sh('echo again'))
    expect(text(ran.output)).toBe('again\n')
  })

  it('keeps no program alive, and is gone with it', async () => {
    const program = `
      import { spawner } from ${JSON.stringify(join(import.meta.dirname, '../src/spawn/spawner.ts'))}
      while (spawner() === null) await new Promise((resolve) => setTimeout(resolve, 5))
      const run = { file: '/bin/sh', argv: ['-c', 'echo $PPID'], directory: '/', environment: { PATH: '/usr/bin:/bin' }, longest: 10000 }
      process.stdout.write((await spawner().run(run)).output)
    `
    const words = ['--conditions=@orch/source', '--input-type=module', '--eval', program]
    const printed = execFileSync(process.execPath, words, {
      encoding: 'utf8',
      timeout: 20_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const pid = Number(printed)
    expect(pid).toBeGreaterThan(1)
    await vi.waitUntil(() => isGone(pid), { timeout: 10_000 })
  })
})

it('is done without where it cannot be started', () => {
  const program = `
    import { spawner } from ${JSON.stringify(join(import.meta.dirname, '../src/spawn/spawner.ts'))}
    process.execPath = '/nowhere/node'
    const found = []
    for (let count = 0; count < 50; count++) {
      found.push(spawner())
      await new Promise((resolve) => setImmediate(resolve))
    }
    process.stdout.write(String(found.every((one) => one === null)))
  `
  const words = ['--conditions=@orch/source', '--input-type=module', '--eval', program]
  expect(execFileSync(process.execPath, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })).toBe('true')
})

/** Also when nobody has asked for its exit status, as under a first process that never does. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return true
  }
  return spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.startsWith('Z') ?? false
}
