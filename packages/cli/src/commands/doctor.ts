import type { Finding } from '@orch/core'
import type { Command } from 'commander'
import { addCommand, type Reply } from '../command.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import { doctorText } from '../print/doctor.ts'

/** `orch doctor`. */
export function addDoctor(program: Command, reply: Reply): void {
  addCommand(program, {
    usage: 'doctor',
    description:
      'find and explain what queue, git, processes and worktrees do not agree on; exit 1: you, 3: heals itself',
    examples: ['orch doctor', 'orch doctor --fix', 'orch doctor --json'],
  })
    .option('--fix', 'mend what is safe to mend; works while a run goes on, and removes nothing that is not kept')
    .action((options: { fix?: boolean }, called: Command) =>
      reply(called, async (call) => {
        const { open } = await import('../open.ts')
        await using opened = await open(call)
        const report = await opened.orchestrator.doctor({ fix: options.fix ?? false })
        return { json: report, text: (look) => doctorText(report, look), exit: exitFor(report.findings) }
      }),
    )
}

function exitFor(findings: readonly Finding[]): ExitCode {
  const needs = new Set(findings.map((finding) => finding.needs))
  if (needs.has('person') || needs.has('fix')) return exitCode.failures
  return needs.has('run') ? exitCode.waits : exitCode.done
}
