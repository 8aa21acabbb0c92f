import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectNoCrash, scripted, started } from './scripted.ts'

const megabytes = 100
/** `orch run` may not need more than this, whatever agents print. It needs about 150 without any output. */
const bound = 400 * 1024
const lines = `head -c ${megabytes}000000 /dev/zero | tr '\\0' x | fold -w 99`
const oneLine = `head -c ${megabytes}000000 /dev/zero | tr '\\0' y`

/** The most memory that the process has ever had, in kilobytes; null where the system does not tell. */
function peakOf(pid: number): number | null {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return null
  }
}

/** Looks again and again; what it answers ends that. */
function peakWatch(pid: number): () => number {
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, peakOf(pid) ?? 0)
  }, 20)
  return () => {
    clearInterval(watch)
    return peak
  }
}

describe.concurrent('an agent that prints 100 MB', { timeout: 90_000 }, () => {
  it('is no burden: memory stays bounded, the log is whole, and what is shown is short and harmless', async () => {
    const hostile = `printf '\\033[2J\\033]0;owned\\007\\000\\001\\302\\233evil\\r'; head -c 200000 /dev/urandom`
    const { root, call } = await scripted({
      agents: {
        lines: `${lines}; ${lines} >&2; echo x > lines.txt`,
        oneline: `${oneLine} >&2; exit 7`,
        binary: `${hostile}; printf '\\n\\033[31mlast \\302\\233word\\033[0m\\n'; exit 8`,
      },
    })
    const running = started(root)
    const peak = peakWatch(running.child.pid ?? 0)
    const ended = await running.ended
    expectNoCrash(ended)
    expect(ended.exit).toBe(1)
    expect(ended.stderr).toMatch(/lines: landed as/)
    expect(ended.stderr).toMatch(/good: landed as/)
    if (process.platform === 'linux') expect(peak()).toBeGreaterThan(10_000)
    expect(peak()).toBeLessThan(bound)

    const logs = readdirSync(join(root, '.git/orch/processes')).flatMap((name) =>
      name.startsWith('.') ? [] : [statSync(join(root, '.git/orch/processes', name, 'log')).size],
    )
    expect(logs.filter((size) => size >= megabytes * 1_000_000)).toHaveLength(2)

    expect(ended.stderr).toMatch(/oneline: .* exit 7: "y{200}…"/)
    expect(ended.stderr).toMatch(/binary: .* exit 8: "last word"/)
    const shown = await Promise.all(['lines', 'oneline', 'binary'].map((task) => call('show', task)))
    for (const { exit, stdout, stderr } of [ended, ...shown]) {
      expect(exit).toBeLessThan(2)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
      expect(stdout.length + stderr.length).toBeLessThan(300_000)
    }
    const json = await call('show', 'binary', '--json')
    expect((JSON.parse(json.stdout) as { tail: string[] }).tail.at(-1)).toBe('last word')

    // A task that has landed needs its log no more.
    expect(await call('prune', '--yes')).toMatchObject({ exit: 0 })
    const left = readdirSync(join(root, '.git/orch/processes')).filter((name) => name.startsWith('lines'))
    expect(left).toEqual([])
  })
})

describe('a check that prints 100 MB', { timeout: 90_000 }, () => {
  it('is no burden whether it passes or fails, and only its end is handed on', async () => {
    const check = `${lines}; ${oneLine} >&2; echo; test ! -e bad.txt || { printf 'last \\033[31mword\\n'; exit 9; }`
    const { root, call, notes } = await scripted({
      agents: { bad: 'cat "$ORCH_PROMPT_FILE" > "$NOTES/prompt"; echo "$ORCH_TURN" > bad.txt' },
      policy: { landing: { checks: [check], maxRepairs: 1 } },
    })
    const running = started(root)
    const peak = peakWatch(running.child.pid ?? 0)
    const ended = await running.ended
    expectNoCrash(ended)
    expect(ended.exit).toBe(1)
    expect(ended.stderr).toMatch(/good: landed as/)
    expect(peak()).toBeLessThan(bound)
    const { stdout } = await call('status')
    expect(stdout).toMatch(/bad +STUCK/)
    const prompt = readFileSync(join(notes, 'prompt'), 'utf8')
    expect(prompt).toMatch(/last word/)
    expect(prompt.length).toBeLessThan(300_000)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(ended.stderr + stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
    expect(ended.stderr.length + stdout.length).toBeLessThan(10_000)
  })
})
