import type { BadFile } from './bad-input.ts'

const both = [['status'], ['run']]

export const badConfigurations: readonly BadFile[] = [
  {
    input: 'a configuration with a mistake in its YAML',
    files: { 'orch.config.yaml': 'target: main\npolicy: [maxAgents: 3\n' },
    calls: both,
    code: 'invalid-configuration',
    printed: `DIRECTORY/orch.config.yaml cannot be read
  orch.config.yaml:3:1: Flow sequence in block collection must be sufficiently indented and end with a ]`,
  },
  {
    input: 'wrong types, values and names, all at once',
    files: {
      'orch.config.json': JSON.stringify({
        traget: 'main',
        agent: { command: 'claude -p {prompt}' },
        policy: { maxAgents: 0, landing: { by: 'nobody' }, branchPrefix: '/orch' },
      }),
    },
    calls: both,
    code: 'invalid-configuration',
    printed: `orch.config.json has 5 problems
  agent.command: expected a list, not "claude -p {prompt}"
  traget: there is no such choice; did you mean target?
  policy.maxAgents: expected at least 1, not 0
  policy.branchPrefix: must be what the name of a branch can begin with, for example orch/ or agents-
  policy.landing.by: expected "human" or "orchestrator", not "nobody"`,
  },
  {
    input: 'a reviewer that nobody would ask',
    files: { 'orch.config.json': JSON.stringify({ reviewer: { command: ['reviewer'] }, policy: { maxAgents: 2 } }) },
    calls: both,
    code: 'invalid-configuration',
    printed: `orch.config.json has a problem
  reviewer: nobody would be reviewed; set policy.landing.review to agent, or take the reviewer out`,
  },
  {
    input: 'a landing by a review host that there is none of, and other choices that do not go with it',
    files: {
      'orch.config.json': JSON.stringify({
        reviewer: { command: ['reviewer'] },
        policy: { landing: { via: 'host' }, epics: { login: { target: 'feature/login' } } },
      }),
    },
    calls: both,
    code: 'invalid-configuration',
    printed: `orch.config.json has 3 problems
  policy.landing.via: host needs a review host that can merge: \`review\`
  policy.epics: the review host has no branches of epics; take them out, or land by push
  reviewer: nobody would be reviewed; set policy.landing.review to agent, or take the reviewer out`,
  },
  {
    input: 'a configuration that is a list',
    files: { 'orch.config.yaml': '- target: main\n' },
    calls: both,
    code: 'invalid-configuration',
    printed: `orch.config.yaml has a problem
  expected an object, not a list`,
  },
  {
    input: '`orch` in a `package.json` that says something else',
    files: { 'package.json': '{ "name": "x", "orch": 7 }' },
    calls: both,
    code: 'invalid-configuration',
    printed: `"orch" in package.json has a problem
  expected an object, not 7`,
  },
  {
    input: 'a `package.json` that is no JSON',
    files: { 'package.json': '{ "name": "x"' },
    calls: both,
    code: 'invalid-configuration',
    printed: `DIRECTORY/package.json cannot be read
  package.json:1:14: Flow map must end with a }
    { "name": "x"
                 ^`,
  },
  {
    input: 'a configuration that throws',
    files: { 'orch.config.ts': "const key: string = 'KEY'\nthrow new Error('set ' + key + ' first')\n" },
    calls: both,
    code: 'unloadable-configuration',
    printed: 'DIRECTORY/orch.config.ts cannot be loaded: set KEY first',
  },
  {
    input: 'a configuration that exports nothing',
    files: { 'orch.config.mjs': "export const target = 'main'\n" },
    calls: both,
    code: 'unloadable-configuration',
    printed: 'DIRECTORY/orch.config.mjs must have a default export: export default defineConfig({ … })',
  },
  {
    input: 'a directory in the place of a configuration',
    files: { 'orch.config.yaml/x': '' },
    calls: both,
    code: 'unloadable-configuration',
    printed: 'DIRECTORY/orch.config.yaml is no file; move it away',
  },
  {
    input: 'a link to itself in the place of a configuration',
    files: {},
    links: { 'orch.config.yaml': 'orch.config.yaml' },
    calls: both,
    code: 'unloadable-configuration',
    printed: 'DIRECTORY/orch.config.yaml is a link that leads to no file; mend the link, or take it away',
  },
  {
    input: 'a link to nowhere in the place of a configuration',
    files: {},
    links: { 'orch.config.json': '../nowhere.json' },
    calls: both,
    code: 'unloadable-configuration',
    printed: 'DIRECTORY/orch.config.json is a link that leads to no file; mend the link, or take it away',
  },
  {
    input: 'both sides of a merge',
    files: {
      'orch.config.yaml': 'agent: { command: [x] }\n<<<<<<< HEAD\ntarget: a\n=======\ntarget: b\n>>>>>>> topic\n',
    },
    calls: both,
    code: 'invalid-configuration',
    printed: `DIRECTORY/orch.config.yaml cannot be read
  orch.config.yaml:2:1: both sides of a merge are here; keep one of them and take the lines <<<<<<<, ======= and >>>>>>> out
    <<<<<<< HEAD
    ^`,
  },
  {
    input: 'both sides of a merge in a program',
    files: {
      'orch.config.mjs': '<<<<<<< HEAD\nexport default {}\n=======\nexport default { target: 1 }\n>>>>>>> topic\n',
    },
    calls: both,
    code: 'unloadable-configuration',
    printed:
      'DIRECTORY/orch.config.mjs cannot be loaded: both sides of a merge are here; keep one of them and take the lines <<<<<<<, ======= and >>>>>>> out',
  },
  {
    input: 'an adapter that is not installed',
    files: { 'orch.config.yaml': "queue: { use: '@acme/queue' }\nagent: { command: [x] }\n" },
    calls: both,
    code: 'unusable-adapter',
    printed: `An adapter of the configuration cannot be used
  queue.use: @acme/queue is not installed. Install it in DIRECTORY, or name another package.`,
  },
  {
    input: 'an adapter that is none',
    files: { 'orch.config.yaml': 'queue: { use: ./queue.mjs }\nagent: { command: [x] }\n', 'queue.mjs': 'export {}\n' },
    calls: both,
    code: 'unusable-adapter',
    printed: `An adapter of the configuration cannot be used
  queue.use: ./queue.mjs is no adapter: it exports no object under the name orchAdapter.`,
  },
  {
    input: 'no agent',
    files: { 'orch.config.yaml': 'target: main\n' },
    calls: [['run']],
    code: 'no-agent',
    printed: `orch run needs an agent. Add it to DIRECTORY/orch.config.yaml.
  agent: the program that does the tasks, for example { command: ['claude', '-p', '{prompt}'] }`,
  },
]
