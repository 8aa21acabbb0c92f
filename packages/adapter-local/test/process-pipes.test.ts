import { execFileSync } from 'node:child_process'
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { rigged } from './process-rig.ts'

/** What a runner in a program of its own sees and does: one that waits in the middle of a read cannot be told to stop. */
function lookedAt(processes: string): unknown {
  const program = `
    import { processRunner } from ${JSON.stringify(join(import.meta.dirname, '../src/process/process-runner.ts'))}
    const runner = processRunner({ directory: ${JSON.stringify(processes)} })
    const { signal } = new AbortController()
    const [turn] = (await runner.observe({ keys: ['k'], signal })).values()
    await runner.tail({ key: 'k', lines: 5, signal })
    await runner.send({ key: 'k', guidance: { key: 'g', text: 'x', turn: null }, signal })
    await runner.forget({ prefixes: ['k'], signal })
    process.stdout.write(JSON.stringify(turn))
  `
  const words = ['--conditions=@orch/source', '--input-type=module', '--eval', program]
  return JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8', timeout: 10_000, killSignal: 'SIGKILL' }))
}

const places: Readonly<Record<string, { readonly paths: readonly string[]; readonly seen: object }>> = {
  'the start': { paths: ['k/started'], seen: { is: 'ended', exit: 3 } },
  'the process number': { paths: ['k/pid'], seen: { is: 'ended', exit: 3 } },
  'the claim': { paths: ['.claims/k'], seen: { is: 'ended', exit: 3 } },
  'claim and number': { paths: ['.claims/k', 'k/pid'], seen: { is: 'unknown', why: 'the record of k is damaged' } },
  'the exit status': { paths: ['k/exit'], seen: { is: 'vanished' } },
  reports: { paths: ['k/events.jsonl'], seen: { is: 'ended', exit: 3 } },
  'the log': { paths: ['k/log'], seen: { is: 'ended', exit: 3 } },
}

const odd: Readonly<Record<string, (path: string) => void>> = {
  pipe: (path) => void execFileSync('mkfifo', [path]),
  'device that never ends': (path) => symlinkSync('/dev/zero', path),
}

for (const [what, put] of Object.entries(odd)) {
  it.each(Object.keys(places))(`a ${what} in the place of %s of a process keeps nobody waiting`, async (name) => {
    const rig = rigged()
    await rig.run('k', 'exit 3')
    await rig.over('k')
    const { paths = [], seen } = places[name] ?? {}
    for (const path of paths) {
      rmSync(join(rig.processes, path))
      put(join(rig.processes, path))
    }
    expect(lookedAt(rig.processes)).toMatchObject(seen ?? {})
  })
}
