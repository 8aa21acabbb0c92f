import type { Report } from '@orch/core'
import type { Environment } from './environment.ts'

const secretName = /TOKEN|SECRET|PASSW|CREDENTIAL|PRIVATE|(^|_)(API|ACCESS|AUTH|SIGNING)?_?KEY$|(^|_)AUTH$/i
/** Well-known shapes: GitHub, GitLab, OpenAI and Anthropic, Slack, AWS, npm, Google, credentials in an address. */
const shapes = [
  /\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[\w-]{16,}|npm_[A-Za-z0-9]{30,})\b/g,
  /\b(sk-[\w-]{16,}|xox[abeprs]-[\w-]{10,}|AKIA[A-Z0-9]{16}|AIza[\w-]{30,})/g,
  /(?<=:\/\/)[^\s/:@]*:[^\s/@]+(?=@)/g,
]

/** Takes the values of our environment that are secrets by their name, and what looks like a token, out of a text. */
export function redact(text: string, ours: Environment): string {
  let clean = text
  for (const value of secretsOf(ours)) clean = clean.replaceAll(value, '[redacted]')
  for (const shape of shapes) clean = clean.replace(shape, '[redacted]')
  return clean
}

function secretsOf(ours: Environment): string[] {
  const values = Object.entries(ours).flatMap(([name, value]) =>
    value !== undefined && value.length >= 6 && secretName.test(name) ? [value] : [],
  )
  return values.sort((a, b) => b.length - a.length) // one may contain another
}

export function redactReport(report: Report | null, ours: Environment): Report | null {
  if (report === null) return null
  const clean = (text: string) => redact(text, ours)
  switch (report.tell) {
    case 'planning':
    case 'working':
      return report.note === undefined ? report : { ...report, note: clean(report.note) }
    case 'stuck':
      return {
        tell: 'stuck',
        reason: clean(report.reason),
        options: report.options.map(clean),
        context: clean(report.context),
      }
    case 'done':
      return report.noChanges === undefined ? report : { ...report, noChanges: clean(report.noChanges) }
  }
}
