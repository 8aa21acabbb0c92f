import { readFile, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Turn } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { rigged, signal, waitFor } from './process-rig.ts'

describe('telling what became of a process', () => {
  it('tells the signal that ended the command', async () => {
    const rig = rigged()
    await rig.run('k', 'kill -9 $$')
    expect(await rig.over('k')).toMatchObject({ is: 'ended', exit: 137 })
  })

  it('says vanished with survivors when only the launcher was killed', async () => {
    const rig = rigged()
    await rig.run('k', 'trap "" TERM; echo ready; sleep 1000')
    await waitFor(() => rig.log('k'), Boolean)
    process.kill(await rig.pid('k'), 'SIGKILL')
    expect(await rig.over('k')).toMatchObject({ is: 'vanished', survivors: true })
    expect(await rig.runner.stop({ key: 'k', graceMs: 20, signal })).toBe('stopped')
    expect(await rig.turn('k')).toMatchObject({ is: 'vanished', survivors: false })
  })

  it.runIf(process.platform === 'linux')('tells whoever has just come how long at least it has run', async () => {
    const rig = rigged()
    const before = performance.now()
    await rig.run('k', 'sleep 1000')
    const seen = await waitFor(
      async () => (await rig.again().observe({ keys: ['k'], signal })).get('k'),
      (turn) => turn?.is === 'alive' && (turn.runsFor ?? 0) > 100,
    )
    expect(seen).toMatchObject({ is: 'alive' })
    // The kernel counts in hundredths of a second.
    expect(seen?.is === 'alive' && seen.runsFor).toBeLessThan(performance.now() - before + 20)
  })

  it('tells whoever has just come how long at least it has been silent', async () => {
    const rig = rigged()
    await rig.run('k', 'echo ready; sleep 1000')
    await waitFor(() => rig.log('k'), Boolean)
    const before = performance.now()
    const silence = (turn: Turn | undefined) => (turn?.is === 'alive' ? (turn.silentFor ?? 0) : 0)
    const another = async () => silence((await rig.again().observe({ keys: ['k'], signal })).get('k'))
    await rig.seen('k', (turn) => silence(turn) > 1000)
    expect(await another()).toBeGreaterThan(1000)
    expect(await another()).toBeLessThan(performance.now() - before + 1)
    await rig.runner.send({ key: 'k', guidance: { key: 'g', text: 'go on', turn: null }, signal })
    expect(await another()).toBeLessThan(1000)
    expect(silence(await rig.turn('k'))).toBeLessThan(1000)
  })

  it.each(['before', 'another machine', 'to come'])('believes nothing that was noted %s', async (when) => {
    const rig = rigged()
    await rig.run('k', 'sleep 1000')
    const note = join(rig.processes, 'k', 'silence')
    await rig.seen('k', (turn) => turn.is === 'alive' && (turn.silentFor ?? 0) > 1000)
    const [version, boot, namespace, machine, since, ...sign] = (await readFile(note, 'utf8')).split(' ')
    const host =
      when === 'before' ? ['other', namespace, machine] : [boot, namespace, when === 'to come' ? machine : 'other']
    await writeFile(note, [version, ...host, when === 'to come' ? Number(since) + 1e9 : since, ...sign].join(' '))
    const seen = (await rig.again().observe({ keys: ['k'], signal })).get('k')
    expect(seen?.is === 'alive' && seen.silentFor).toBeLessThan(1000)
  })

  it.runIf(process.platform === 'linux')('finds and ends children that left the group', async () => {
    const rig = rigged()
    await rig.run('k', 'setsid sleep 1000 </dev/null >/dev/null 2>&1 & exit 0')
    expect(await rig.over('k')).toMatchObject({ is: 'ended', survivors: true })
    expect(await rig.runner.stop({ key: 'k', graceMs: 5000, signal })).toBe('stopped')
    expect(await rig.turn('k')).toMatchObject({ is: 'ended', survivors: false })
  })

  it('never takes a stranger for the process that had its number', async () => {
    const rig = rigged()
    await rig.run('victim', 'sleep 1000')
    await rig.run('k', 'true')
    await rig.over('k')
    const [, , ...rest] = (await readFile(join(rig.processes, '.claims', 'k'), 'utf8')).split(' ')
    const claim = `1 ${await rig.pid('victim')} ${rest.slice(0, -1).join(' ')} 12345\n`
    await unlink(join(rig.processes, 'k', 'exit'))
    await unlink(join(rig.processes, '.claims', 'k')) // a file of its own: the other name of it is a link
    await writeFile(join(rig.processes, '.claims', 'k'), claim)
    const fresh = rig.again()
    expect((await fresh.observe({ keys: ['k'], signal })).get('k')).toMatchObject({ is: 'vanished', survivors: false })
    expect(await fresh.stop({ key: 'k', graceMs: 0, signal })).toBe('stopped')
    expect(await rig.turn('victim')).toMatchObject({ is: 'alive' })
  })

  for (const [what, change, expected] of [
    ['another machine', ['boot', 'machine'], { is: 'unknown' }],
    ['another pid namespace', ['namespace'], { is: 'unknown' }],
    ['before a reboot', ['boot'], { is: 'vanished', survivors: false }],
  ] as const) {
    it(`judges a process of ${what}`, async () => {
      const rig = rigged()
      await rig.run('k', 'sleep 1000')
      const path = join(rig.processes, '.claims', 'k')
      const whole = await readFile(path, 'utf8')
      const names = ['v', 'pid', 'id', 'boot', 'namespace', 'machine']
      const words = whole.split(' ').map((word, at) => (change.some((name) => name === names[at]) ? 'other' : word))
      await writeFile(path, words.join(' '))
      const fresh = rig.again()
      expect((await fresh.observe({ keys: ['k'], signal })).get('k')).toMatchObject(expected)
      expect(await fresh.stop({ key: 'k', graceMs: 0, signal })).toBe(
        expected.is === 'unknown' ? 'survivors' : 'stopped',
      )
      await writeFile(path, whole)
      expect((await rig.again().observe({ keys: ['k'], signal })).get('k')).toMatchObject({ is: 'alive' })
    })
  }

  it('says unknown when a folder or what is in it was taken away or damaged, and starts nothing again', async () => {
    const rig = rigged()
    for (const key of ['living', 'ended', 'everything', 'damaged', 'forged'])
      await rig.run(key, key === 'ended' ? 'true' : 'sleep 1000')
    await rig.over('ended')
    for (const key of ['living', 'ended', 'everything']) await rm(join(rig.processes, key), { recursive: true })
    const everything = join(rig.processes, '.claims', 'everything')
    const claim = await readFile(everything)
    await rm(everything)
    await writeFile(join(rig.processes, '.claims', 'damaged'), 'garbage\n')
    await writeFile(join(rig.processes, 'forged', 'exit'), 'rm -rf\n')
    const fresh = rig.again()
    const keys = ['living', 'ended', 'damaged', 'forged', ...(process.platform === 'linux' ? ['everything'] : [])]
    for (const [key, turn] of await fresh.observe({ keys, signal })) expect([key, turn.is]).toEqual([key, 'unknown'])
    for (const key of keys) expect(await rig.run(key, 'true')).toMatchObject({ reason: 'already-started' })
    for (const key of keys) await fresh.stop({ key, graceMs: 1000, signal })
    await writeFile(everything, claim) // for the clean-up
    await fresh.forget({ prefixes: ['living', 'ended'], signal })
    for (const turn of (await rig.again().observe({ keys: ['living', 'ended'], signal })).values()) {
      expect(turn).toEqual({ is: 'never' })
    }
  })
})
