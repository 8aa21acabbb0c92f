import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { type OrchError, type OrchErrorCode, OrchError as OrchErrors } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { checkConfiguration } from '../src/configuration/check.ts'
import { loadConfiguration } from '../src/configuration/load.ts'
import { agentPrograms } from '../src/init/agent-programs.ts'
import { configurationText } from '../src/init/texts.ts'
import { parseYaml } from '../src/yaml-text.ts'
import { freshFolder } from './rig.ts'

function problemsOf(value: unknown): string[] {
  try {
    checkConfiguration(value, 'orch.config.yaml')
  } catch (error) {
    if (OrchErrors.is(error)) return error.problems.map((problem) => problem.message)
    throw error
  }
  return []
}

async function refusal(work: Promise<unknown>, code: OrchErrorCode): Promise<OrchError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!OrchErrors.is(error)) throw new Error('expected an OrchError', { cause: error })
  expect(error.code).toBe(code)
  return error
}

describe('checking a configuration', () => {
  it('accepts nothing at all, and everything that exists', () => {
    expect(problemsOf({})).toEqual([])
    const policy = {
      maxAgents: 2,
      seal: ['src/**'],
      landing: { by: 'orchestrator', checks: ['npm test'], maxRepairs: 0 },
    }
    const agent = { command: ['claude', '-p', '{prompt}'], inherit: ['KEY'], environment: { A: 'b' } }
    expect(
      problemsOf({ repository: '.', target: 'main', agent, queue: { use: '@acme/queue', team: 'X' }, policy }),
    ).toEqual([])
    const sandbox = { by: 'bubblewrap', network: false, writable: ['~/.agent'] }
    expect(problemsOf({ isolation: 'clone', sandbox, secrets: ['PIN'] })).toEqual([])
    expect(problemsOf({ sandbox: 'bubblewrap' })).toEqual([])
    expect(problemsOf({ agent: { name: 'x', argv: ['x'], resumeArgv: ['x', '{resume}'] } })).toEqual([])
  })

  it('tells what a sandbox may be', () => {
    const expected = ["sandbox: expected 'bubblewrap', or { by: 'bubblewrap' } with network and writable"]
    expect(problemsOf({ sandbox: 'bubble' })).toEqual(expected)
    expect(problemsOf({ sandbox: { network: false } })).toEqual(expected)
    expect(problemsOf({ sandbox: { by: 'bubblewrap', netwrok: true } })).toEqual([
      'sandbox.netwrok: there is no such choice; did you mean network?',
    ])
  })

  it('tells all problems at once, with path, allowed values and the nearest name', () => {
    const problems = problemsOf({
      traget: 'main',
      agent: { command: 'claude -p {prompt}', inherits: [] },
      queue: '@orch/adapter-local',
      runner: { start: () => undefined },
      policy: {
        maxAgent: 3,
        maxAttempts: 0,
        minutes: 'many',
        preset: 'reckless',
        limits: { layer: { ios: 1 }, roles: { qa: 0 } },
        resources: { database: -1 },
        sharedFiles: ['src/index.ts', 'src/@(a|b)'],
        worth: { directly: 2 },
        landing: { by: 'me', checks: ['npm test', 7], whatever: 1 },
      },
    })
    expect(problems.toSorted()).toEqual([
      'agent.command: expected a list, not "claude -p {prompt}"',
      'agent.inherits: there is no such choice; did you mean inherit?',
      'policy.landing.by: expected "human" or "orchestrator", not "me"',
      'policy.landing.checks[1]: expected text, not 7',
      'policy.landing.whatever: there is no such choice; known are by, method, via, checks, checkMs, review, maxRepairs, train, lanes, retryRed',
      'policy.limits.layer: there is no such choice; did you mean layers?',
      'policy.limits.roles.qa: expected at least 1, not 0',
      'policy.maxAgent: there is no such choice; did you mean maxAgents?',
      'policy.maxAttempts: expected at least 1, not 0',
      'policy.minutes: expected a number, not "many"',
      'policy.preset: expected "cautious" or "balanced" or "fast" or "solo" or "pair", not "reckless"',
      'policy.resources.database: expected more than 0, not -1',
      'policy.sharedFiles[1]: the pattern src/@(a|b) cannot be used: extended patterns such as @(…) are not supported; use {…,…}',
      'policy.worth.directly: there is no such choice; did you mean direct?',
      "queue: expected beads, { use: '<package>' }, or in a .ts or .js configuration an object with the functions of this port",
      'runner: is no runner: it lacks observe, stop, send, tail, forget',
      'traget: there is no such choice; did you mean target?',
    ])
  })

  it('wants one way to start the agent', () => {
    const message =
      "agent: needs exactly one of `command` and `argv`, for example command: ['claude', '-p', '{prompt}']"
    expect(problemsOf({ agent: { name: 'x' } })).toEqual([message])
    expect(problemsOf({ agent: { command: ['x'], argv: ['x'] } })).toEqual([message])
    expect(problemsOf([])).toEqual(['expected an object, not a list'])
  })

  it('keeps objects as they are', () => {
    const board = { post: async () => undefined, note: async () => undefined }
    expect(checkConfiguration({ board }, 'x').board).toBe(board)
  })

  it('accepts what orch init writes', () => {
    for (const agents of [[], agentPrograms]) {
      for (const checks of [[], ['npm ci && npm test']]) {
        const { value, problems } = parseYaml('x', configurationText({ target: "it's #1", agents, checks }))
        expect(problems).toEqual([])
        expect(problemsOf(value)).toEqual([])
        expect(value).toMatchObject({ target: "it's #1", policy: { landing: { by: 'human' } } })
        if (agents.length > 0) expect(value).toMatchObject({ agent: { command: agentPrograms[0]?.command } })
      }
    }
  })
})

describe('finding a configuration', () => {
  it('takes the nearest up to the root, and nothing above it', async () => {
    const outside = freshFolder({ 'orch.config.json': '{ "target": "outside" }', 'root/a/b/x': '' })
    const root = join(outside, 'root')
    const directory = join(root, 'a/b')
    expect(await loadConfiguration({ directory, root })).toEqual({ configuration: {}, file: null })
    mkdirSync(join(root, 'a'), { recursive: true })
    const inside = freshFolder({
      'package.json': '{ "orch": { "target": "root" } }',
      'a/orch.config.yaml': 'target: a\n',
      'a/b/x': '',
    })
    const found = await loadConfiguration({ directory: join(inside, 'a/b'), root: inside })
    expect(found).toEqual({ configuration: { target: 'a' }, file: join(inside, 'a/orch.config.yaml') })
    expect((await loadConfiguration({ directory: inside, root: inside })).configuration).toEqual({ target: 'root' })
  })

  it('runs TypeScript and JavaScript', async () => {
    const typescript = freshFolder({ 'orch.config.ts': "const target: string = 'typed'\nexport default { target }\n" })
    expect((await loadConfiguration({ directory: typescript, root: typescript })).configuration.target).toBe('typed')
    const javascript = freshFolder({ 'orch.config.mjs': "export default { target: 'plain' }\n" })
    expect((await loadConfiguration({ directory: javascript, root: javascript })).configuration.target).toBe('plain')
  })

  it('says where a configuration is broken', async () => {
    const load = async (files: Record<string, string>, code: OrchErrorCode = 'unloadable-configuration') => {
      const root = freshFolder(files)
      return refusal(loadConfiguration({ directory: root, root }), code)
    }
    const yaml = await load(
      { 'orch.config.yaml': 'policy:\n  maxAgents: 1\n  maxAgents: 2\n' },
      'invalid-configuration',
    )
    expect(yaml.problems[0]?.message).toMatch(
      /orch\.config\.yaml:3:3: the key maxAgents is here twice\n {2}maxAgents: 2\n {2}\^$/,
    )
    expect((await load({ 'orch.config.mjs': 'throw new Error("oops")' })).message).toContain('cannot be loaded: oops')
    expect((await load({ 'orch.config.mjs': 'export const x = 1' })).message).toContain('must have a default export')
    const missing = await load({
      'orch.config.mjs': 'import { readFileSync } from "node:fs"; readFileSync("/nowhere/at/all")',
    })
    expect(missing.message).toContain('ENOENT')
    const named = await load({ 'package.json': '{ "orch": { "target": 7 } }' }, 'invalid-configuration')
    expect(named.message).toBe('"orch" in package.json has a problem')
    expect(named.problems).toEqual([
      { code: 'invalid-value', field: 'target', message: 'target: expected text, not 7' },
    ])
  })

  it('looks at the root when called from outside', async () => {
    const root = freshFolder({ 'orch.config.json': '{ "target": "main" }' })
    const elsewhere = freshFolder()
    symlinkSync(root, join(elsewhere, 'link'))
    expect((await loadConfiguration({ directory: elsewhere, root })).configuration.target).toBe('main')
  })
})
