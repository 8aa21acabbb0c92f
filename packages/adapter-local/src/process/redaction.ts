import type { Redact, Report } from '@orch/core'

/** Well-known shapes: GitHub, GitLab, OpenAI and Anthropic, Slack, AWS, npm, Google, credentials in an address. */
const shapes = [
  /\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[\w-]{16,}|npm_[A-Za-z0-9]{30,})\b/g,
  /\b(sk-[\w-]{16,}|xox[abeprs]-[\w-]{10,}|AKIA[A-Z0-9]{16}|AIza[\w-]{30,})/g,
  /(?<=:\/\/)[^\s/:@]*:[^\s/@]+(?=@)/g,
]

/** For what agents print and tell: what looks like a token goes as well. */
export function withShapes(redact: Redact): Redact {
  return (text) => shapes.reduce((clean, shape) => clean.replace(shape, '[redacted]'), redact(text))
}

export function redactReport(report: Report | null, redact: Redact): Report | null {
  if (report === null) return null
  switch (report.tell) {
    case 'planning':
    case 'working':
      return report.note === undefined ? report : { ...report, note: redact(report.note) }
    case 'stuck':
      return {
        tell: 'stuck',
        reason: redact(report.reason),
        options: report.options.map(redact),
        context: redact(report.context),
      }
    case 'done':
      return report.noChanges === undefined ? report : { ...report, noChanges: redact(report.noChanges) }
    case 'no-verdict':
      return { ...report, why: redact(report.why) }
    case 'verdict': {
      const findings = report.findings.map((one) => ({ ...one, file: redact(one.file), text: redact(one.text) }))
      return { ...report, summary: redact(report.summary), findings }
    }
  }
}
