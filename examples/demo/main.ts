/** The way through in half a minute: plan, run and land eight tasks with three agents in a real repository. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { local } from '@orch/adapter-local'
import { command, createOrchestrator } from '@orch/core'
import { drawPlan } from '@orch/core/plan'
import { git, makeProject } from './project.ts'
import { tasks } from './tasks.ts'

const keep = process.argv.includes('--keep')
const workspace = join(import.meta.dirname, '../..')
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'orch-demo-')))
const repository = join(folder, 'measures')
const began = performance.now()
const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort())

try {
  process.exitCode = await demo()
} finally {
  if (keep) say(`Kept for you to look at: ${repository}`)
  else rmSync(folder, { recursive: true, force: true })
}

async function demo(): Promise<number> {
  makeProject(repository)
  say(`Eight tasks, at most three agents, a small TypeScript project in\n${repository}`)

  await using orch = createOrchestrator({
    ...local({
      repository,
      target: 'main',
      agent: command({ name: 'demo agent', argv: [process.execPath, join(import.meta.dirname, 'agent.ts')] }),
    }),
    policy: { maxAgents: 3, backoffMs: 200, landing: { by: 'orchestrator', checks: ['node --test'] } },
  })
  await orch.add(tasks)
  const plan = await orch.plan()

  orch.on('task-started', ({ task, attempt, turn }) =>
    line('▸', 'cyan', task, `agent at work (attempt ${attempt}, turn ${turn})`),
  )
  orch.on('task-failed', ({ task, why }) => line('✗', 'red', task, `${why}: tried again, nothing lands`))
  orch.on('task-stuck', ({ task, stuck }) => {
    line('!', 'yellow', task, `stuck: ${stuck.reason} (${stuck.options.join(' | ')})`)
    line('✎', 'yellow', task, `answered: ${stuck.options[0]}`)
    orch.guide(task, stuck.options[0] ?? 'Decide yourself').catch(fail)
  })
  orch.on('task-committed', ({ task }) => line('·', 'gray', task, 'committed, checks follow'))
  orch.on('task-landed', ({ task, commit }) =>
    line('✓', 'green', task, `landed as ${commit.slice(0, 8)}, with the tree that was checked`),
  )
  orch.on('problem', ({ task, message }) => line('?', 'red', task ?? '', message))

  const result = await orch.run({ signal: AbortSignal.any([interrupted.signal, AbortSignal.timeout(120_000)]) })
  if (interrupted.signal.aborted) {
    const stopped = await orch.stopAgents()
    say(`Interrupted: ${stopped.length} agents stopped, the project is taken away.`)
    return 130
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1)

  heading('The plan that it followed')
  console.log(drawPlan(plan, { width: process.stdout.columns ?? 80 }))
  heading('orch status')
  orchCommand('status')
  heading('git log --graph --oneline main')
  console.log(git(repository, 'log', '--graph', '--oneline', '--decorate', 'main').trimEnd())
  heading('git status')
  const status = git(repository, 'status', '--short', '--branch').trimEnd()
  console.log(status)
  heading('node --test, on main')
  const tests = spawnSync(process.execPath, ['--test', '--test-reporter=dot'], { cwd: repository, encoding: 'utf8' })
  console.log((tests.stdout + tests.stderr).trimEnd())

  const landed = result.tasks.filter((task) => task.status === 'merged').length
  const clean = status.split('\n').length === 1
  const halfDone = git(repository, 'log', '--format=%s', 'main').split('\n').includes('wip')
  const good = result.outcome === 'done' && landed === tasks.length && clean && tests.status === 0 && !halfDone
  say(
    `${landed} of ${tasks.length} tasks landed in ${seconds} s; the working tree is ${clean ? 'clean' : 'DIRTY'};\n` +
      `the tests on main ${tests.status === 0 ? 'pass' : 'FAIL'}; the crashed attempt's half-work ${halfDone ? 'LANDED' : 'did not land'}.`,
  )
  return good ? 0 : 1
}

function orchCommand(...args: readonly string[]): void {
  const main = join(workspace, 'packages/cli/src/main.ts')
  const argv = ['--conditions=@orch/source', main, '-C', repository, ...args]
  execFileSync(process.execPath, argv, { stdio: 'inherit' })
}

function line(symbol: string, colour: 'cyan' | 'red' | 'yellow' | 'gray' | 'green', task: string, text: string): void {
  const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(5)
  console.log(`${styleText('gray', `${seconds}s`)}  ${styleText(colour, symbol)} ${task.padEnd(9)} ${text}`)
}

function heading(text: string): void {
  console.log(`\n${styleText('bold', text)}`)
}

function say(text: string): void {
  console.log(`\n${text}`)
}

function fail(error: unknown): void {
  console.error(error)
  process.exitCode = 1
}
