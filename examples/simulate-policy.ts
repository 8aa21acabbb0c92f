import type { PolicyInput } from '@orch/core'
import { simulate, task } from '@orch/core/testing'

const tasks = [
  task('auth', { writes: ['src/auth/**'], minutes: 60, layer: 'api' }),
  task('sso', { writes: ['src/auth/**'], dependsOn: ['auth'], minutes: 45, layer: 'api' }),
  task('export', { writes: ['src/components/ExportButton.tsx'], minutes: 30, layer: 'web' }),
  task('theme', { writes: ['src/theme/**'], minutes: 60, layer: 'web' }),
  task('tests', { writes: ['e2e/**'], dependsOn: ['export', 'theme'], minutes: 30 }),
]

const policies: Readonly<Record<string, PolicyInput>> = {
  'one agent': { maxAgents: 1 },
  'two agents': { maxAgents: 2 },
  'three agents': { maxAgents: 3 },
  'three agents, one at the web': { maxAgents: 3, limits: { layers: { web: 1 } } },
}

// The first attempt at `theme` fails, and what two agents do to package.json is in nobody's scope.
const happens = {
  failures: { theme: 1 },
  agents: { auth: { changes: ['src/auth/login.ts', 'package.json'] }, export: { changes: ['package.json'] } },
}

/** What a run would come to by each of the policies; no agent is started, and nothing is waited for. */
export async function comparePolicies(): Promise<readonly string[]> {
  const lines: string[] = []
  for (const [name, policy] of Object.entries(policies)) {
    const { makespan, utilisation, conflicts } = await simulate(tasks, policy, happens)
    const share = Math.round(utilisation * 100)
    lines.push(`${name}: ${Math.round(makespan)} min, at work ${share} % of the time, conflicts: ${conflicts.length}`)
  }
  return lines
}

if (import.meta.main) console.log((await comparePolicies()).join('\n'))
