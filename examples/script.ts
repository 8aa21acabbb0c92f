import { local } from '@orch/adapter-local'
import { type AgentProfile, createOrchestrator, type RunResult } from '@orch/core'

/** Three tasks, three agents at most, everything lands by itself once the checks pass. */
export async function runTheSprint(
  repository: string,
  agent: AgentProfile,
  checks: readonly string[],
): Promise<RunResult> {
  await using orch = createOrchestrator({
    ...local({ repository, target: 'main', agent }),
    policy: { maxAgents: 3, landing: { by: 'orchestrator', checks } },
  })
  await orch.add([
    { id: 'export', title: 'Add export button', writes: ['src/components/ExportButton.tsx'] },
    { id: 'auth', title: 'Refactor auth service', writes: ['src/auth/**'] },
    { id: 'sso', title: 'Add SSO support', writes: ['src/auth/**'], dependsOn: ['auth'] },
  ])
  orch.on('task-stuck', ({ task, stuck }) => {
    // An agent's question. What @orch itself asks, when attempts have failed, is left to a person.
    if (stuck.by === 'agent') void orch.guide(task, stuck.options[0] ?? 'Decide yourself')
  })
  return await orch.run({ signal: AbortSignal.timeout(3_600_000) })
}
