import { access, constants, stat } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** A coding agent that we know how to call without a person at the keyboard. */
export interface AgentProgram {
  readonly program: string
  readonly command: readonly string[]
  /** The variables in which it looks for its key. */
  readonly inherit: readonly string[]
}

export const agentPrograms: readonly AgentProgram[] = [
  {
    program: 'claude',
    command: ['claude', '-p', '{prompt}', '--permission-mode', 'acceptEdits', '--allowedTools', 'Bash(orch tell:*)'],
    inherit: ['ANTHROPIC_API_KEY'],
  },
  {
    program: 'codex',
    command: ['codex', 'exec', '--sandbox', 'workspace-write', '{prompt}'],
    inherit: ['OPENAI_API_KEY'],
  },
  {
    program: 'gemini',
    command: ['gemini', '-p', '{prompt}', '--approval-mode', 'auto_edit'],
    inherit: ['GEMINI_API_KEY'],
  },
  { program: 'opencode', command: ['opencode', 'run', '{prompt}'], inherit: ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY'] },
]

/** Those that `path` (as in `$PATH`) has. */
export async function installedAgents(path: string): Promise<readonly AgentProgram[]> {
  const found = await Promise.all(agentPrograms.map(({ program }) => isOnPath(program, path)))
  return agentPrograms.filter((_agent, index) => found[index])
}

async function isOnPath(program: string, path: string): Promise<boolean> {
  for (const directory of path.split(delimiter)) {
    if (directory === '') continue
    const file = join(directory, program)
    const executable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (executable && (await stat(file)).isFile()) return true
  }
  return false
}
