import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { median } from '../figure.ts'

const rounds = 15

/** Loads one module, with nothing before it but the loader itself, and prints how many milliseconds that took. */
const timed = `
  const started = performance.now()
  await import(process.argv[1])
  console.log(performance.now() - started)
`

/** What importing takes beyond importing an empty module, each time in a process of its own. Milliseconds. */
export function importTimes(): { readonly core: number; readonly plan: number } {
  const folder = mkdtempSync(join(tmpdir(), 'orch-bench-'))
  try {
    const empty = join(folder, 'empty.js')
    writeFileSync(empty, 'export {}\n')
    const core: number[] = []
    const plan: number[] = []
    for (let round = 0; round < rounds; round++) {
      const nothing = millisecondsOf(pathToFileURL(empty).href)
      core.push(millisecondsOf(import.meta.resolve('@orch/core')) - nothing)
      plan.push(millisecondsOf(import.meta.resolve('@orch/core/plan')) - nothing)
    }
    return { core: median(core), plan: median(plan) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function millisecondsOf(url: string): number {
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', timed, url], { encoding: 'utf8' }))
}
