import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { command, orch } from '../built.ts'
import { type BenchRepository, benchRepository } from '../run/repository.ts'

const rounds = 15
const tasks = 20

/** Milliseconds of whole processes, one after the other in every round. */
export async function commandTimes() {
  using repository = benchRepository()
  await prepare(repository)
  const outbox = join(repository.root, '..', 'outbox.jsonl')
  const words = {
    node: ['-e', '0'],
    version: [command, '--version'],
    status: [command, 'status'],
    plan: [command, 'plan'],
    tell: [command, 'tell', 'working', '--note', 'the parser first'],
  } as const
  const times: Record<keyof typeof words, number[]> = { node: [], version: [], status: [], plan: [], tell: [] }
  const names = Object.keys(words) as (keyof typeof words)[]
  // The first round only warms the caches of the disk, and those of the command itself.
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const took = millisecondsOf(words[name], repository.root, outbox)
      if (round > 0) times[name].push(took)
    }
  }
  return times
}

/** As a repository looks after `orch init` and `orch add`: a configuration in YAML, and tasks of which some wait for others. */
async function prepare({ root }: BenchRepository): Promise<void> {
  const configuration = [
    'target: main',
    'agent:',
    "  command: ['sh', '-c', 'true']",
    'policy:',
    '  maxAgents: 4',
    '  landing:',
    '    by: human',
    "    checks: ['true']",
  ]
  writeFileSync(join(root, 'orch.config.yaml'), `${configuration.join('\n')}\n`)
  const list = Array.from({ length: tasks }, (_, index) => ({
    id: String(index + 1),
    title: `Task ${index + 1}`,
    writes: [`d${index % 10}/**`],
    dependsOn: index % 4 === 3 ? [String(index)] : [],
  }))
  writeFileSync(join(root, '..', 'tasks.json'), JSON.stringify(list))
  await orch(root, ['add', '../tasks.json'])
}

function millisecondsOf(words: readonly string[], directory: string, outbox: string): number {
  const started = performance.now()
  const { status, stderr } = spawnSync(process.execPath, words, {
    cwd: directory,
    env: { ...process.env, ORCH_OUTBOX: outbox },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  const took = performance.now() - started
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}:\n${stderr}`)
  return took
}
