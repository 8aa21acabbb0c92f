import type { BadInput } from './bad-input.ts'

export const badCalls: readonly BadInput[] = [
  {
    input: 'an unknown command',
    calls: [['stats']],
    code: 'usage',
    printed: `unknown command 'stats' (Did you mean status?) orch --help shows what there is`,
  },
  {
    input: 'an unknown option',
    calls: [['run', '--max-agent', '3']],
    code: 'usage',
    printed: `unknown option '--max-agent' (Did you mean --max-agents?) orch run --help shows what there is`,
  },
  {
    input: 'a missing argument',
    calls: [['add']],
    code: 'usage',
    printed: `missing required argument 'file'; orch add --help shows what there is`,
  },
  {
    input: 'too many arguments',
    calls: [['plan', 'a', 'b']],
    code: 'usage',
    printed: `too many arguments for 'plan'. Expected 1 argument but got 2: a, b. orch plan --help shows what there is`,
  },
  {
    input: 'a file without a name',
    calls: [
      ['plan', ''],
      ['graph', ''],
    ],
    code: 'no-file',
    printed: 'The name of the file is empty.',
  },
  {
    input: 'an option that needs a value',
    calls: [['run', '--epic']],
    code: 'usage',
    printed: `option '--epic <id>' argument missing; orch run --help shows what there is`,
  },
  {
    input: 'a value that an option cannot have',
    calls: [['run', '--max-agents', '-1']],
    code: 'usage',
    printed: `option '--max-agents <n>' argument '-1' is invalid. It must be a whole number from 1. orch run --help shows what there is`,
  },
  {
    input: 'a format that a picture cannot have',
    calls: [['graph', '--format', 'pdf']],
    code: 'usage',
    printed: `option '-f, --format <format>' argument 'pdf' is invalid. Allowed choices are text, json, mermaid, dot, svg, html. orch graph --help shows what there is`,
  },
  {
    input: 'a picture in a file of a kind that is none',
    calls: [['graph', '--output', 'plan.png']],
    code: 'usage',
    printed: 'plan.png does not say what it is to hold: add --format text, json, mermaid, dot, svg, html.',
  },
  {
    input: 'a picture in a folder that is not there',
    calls: [['graph', '--output', 'missing/plan.svg']],
    code: 'unwritable-file',
    printed: 'missing/plan.svg cannot be written: its folder does not exist.',
  },
  {
    input: 'an id that begins with a dash and is taken for an option',
    calls: [['show', '-rf']],
    code: 'usage',
    printed: `unknown option '-rf'; what is no option stands behind --, orch show --help shows what there is`,
  },
  {
    input: 'an answer without a text',
    calls: [['guide', 'a', ' ']],
    code: 'usage',
    printed: 'Say what the agent is to be told: orch guide TASK "…"',
  },
  {
    input: 'a task that is not there',
    calls: [
      ['show', 'b'],
      ['land', 'b'],
      ['retry', 'b'],
      ['cancel', 'b'],
      ['guide', 'b', 'x'],
    ],
    code: 'unknown-task',
    printed: 'there is no task b; `orch status` lists them',
  },
  {
    input: 'a task that is not done, to be landed',
    calls: [['land', 'a']],
    code: 'task-not-ready',
    printed: 'task a is not ready to land: its agent is not done (never started)',
  },
  {
    input: '`orch tell` by a person',
    calls: [['tell', 'done']],
    code: 'no-turn',
    printed: 'orch tell is for agents: it needs the environment variable ORCH_OUTBOX, which orch run sets for them.',
  },
]
