import { type AgentProfile, command, OrchError } from '@orch/core'
import type { Configuration } from './configuration.ts'

/** Stands in where no agent is configured: everything but `orch run` works without one. */
export const noAgent: AgentProfile = { name: 'none', argv: ['orch-no-agent-is-configured'] }

/** The agent that the configuration names; null when it names none. */
export function agentOf({ agent }: Configuration): AgentProfile | null {
  return agent === undefined ? null : profileOf(agent)
}

export function profileOf(given: NonNullable<Configuration['agent']>): AgentProfile {
  if ('argv' in given) return { ...given, name: given.name ?? given.argv[0] }
  const { command: argv, ...rest } = given
  return command({ argv, ...rest })
}

/** @param file the configuration that was found, if any */
export function agentMissing(file: string | null): OrchError {
  const where = file === null ? 'There is no configuration; orch init writes one' : `Add it to ${file}`
  const message = "agent: the program that does the tasks, for example { command: ['claude', '-p', '{prompt}'] }"
  const problems = [{ code: 'missing-field' as const, field: 'agent', message }]
  return new OrchError('no-agent', `orch run needs an agent. ${where}.`, { problems })
}
