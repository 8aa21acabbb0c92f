import { type AgentProgram, agentPrograms } from './agent-programs.ts'

/** The `orch.config.yaml` that `orch init` writes. */
export function configurationText(options: {
  readonly target: string | null
  readonly agents: readonly AgentProgram[]
  readonly checks: readonly string[]
  /** Default: what is built in. */
  readonly queue?: 'beads'
}): string {
  const { target, agents, checks, queue } = options
  return `# How orch works on this repository. Everything has a default, except the agent.

# The branch that finished work lands on. Default: the one that is checked out.
${target === null ? '# target: main' : `target: ${scalar(target)}`}

# The program that does a task: program and arguments, without a shell, started in the task's own worktree.
# {prompt} is replaced by what the task says; the file $ORCH_PROMPT_FILE has it, too. Of your environment it sees
# only the usual variables and those that inherit names.
${agentText(agents)}

# Adapters other than the built-in one, by package: queue, vcs, runner, board, review. beads: tasks and all that is known of them in Beads (bd).
${queue === undefined ? "# queue: { use: '@orch/adapter-local' }" : `queue: ${queue}`}

policy:
  # The choices to begin with: balanced | cautious | fast | solo | pair
  # preset: balanced
  # Agents that may work at the same time.
  maxAgents: 3
  # A task that does not say what it writes: warn | alone (nothing runs beside it) | allow
  # unknownScope: warn
  # Attempts before a task waits for a person.
  # maxAttempts: 3
  landing:
    # human: a change lands when you say so (orch land TASK). orchestrator: when its checks have passed.
    by: human
    # merge | squash | rebase
    # method: merge
    # Commands that must succeed on exactly what is about to land, in a check-out of its own.
    ${checks.length === 0 ? "# checks: ['npm test']" : `checks: ${list(checks)}`}
`
}

function agentText(agents: readonly AgentProgram[]): string {
  const [first, ...others] = agents.length > 0 ? agents : agentPrograms
  if (!first) return ''
  const lines = blockOf(first).map((line) => (agents.length > 0 ? line : `# ${line}`))
  const rest = others.map((agent) => `# or: command: ${list(agent.command)}`)
  return [...lines, ...rest].join('\n')
}

function blockOf(agent: AgentProgram): string[] {
  return ['agent:', `  command: ${list(agent.command)}`, `  inherit: ${list(agent.inherit)}`]
}

function list(items: readonly string[]): string {
  return `[${items.map(scalar).join(', ')}]`
}

/** Plain where YAML reads it as the same text, otherwise quoted. */
function scalar(text: string): string {
  if (/^[A-Za-z][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text)) return text
  return /^[\x20-\x7E]*$/.test(text) ? `'${text.replaceAll("'", "''")}'` : JSON.stringify(text)
}

/** The example `tasks.yaml`. */
export const tasksText = `# Tasks for orch: one entry each. Only id is needed. orch plan tasks.yaml shows what may run side by side, orch add tasks.yaml
# stores them. The agent is told title and body.
- id: greeting
  title: Add a function that greets
  body: |
    Add src/greeting.js with a function greet(name) that returns "Hello, <name>!".
  # The files that it may change, as paths or patterns. Two tasks that may write the same file never run side by side.
  writes: [src/greeting.js]
  minutes: 10

- id: greeting-docs
  title: Describe the greeting in the README
  body: Say in README.md what greet does, with an example.
  writes: [README.md]
  dependsOn: [greeting]
  minutes: 5

# More: kind (change, read, sync, manual), epic, reads, priority (lower starts earlier), hold (not before you say so).
`
