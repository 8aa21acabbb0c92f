import type { DoctorReport, Finding } from '@orch/core'
import type { Look } from './look.ts'
import { plain } from './plain.ts'
import { count } from './status.ts'
import { wrapped } from './width.ts'

const marks = {
  person: { mark: '[!]', format: 'red' },
  fix: { mark: '[!]', format: 'yellow' },
  run: { mark: '[~]', format: 'cyan' },
  nobody: { mark: '[ ]', format: 'dim' },
} as const

/** `orch doctor`: what needs somebody first. */
export function doctorText({ findings, mended, unmended }: DoctorReport, look: Look): string {
  const order: readonly Finding['needs'][] = ['person', 'fix', 'run', 'nobody']
  const sorted = [...findings].sort((a, b) => order.indexOf(a.needs) - order.indexOf(b.needs))
  const blocks = [
    ...mended.map((finding) => `${look.style('green', '[+]')} mended: ${plain(finding.what)}`),
    ...unmended.map(
      ({ finding, why }) => `${look.style('yellow', '[!]')} not mended: ${plain(finding.what)}: ${plain(why)}`,
    ),
    ...sorted.map((finding) => findingText(finding, look)),
    summary(findings),
  ]
  return blocks.join('\n')
}

function findingText({ code, task, what, why, run, fix, needs }: Finding, look: Look): string {
  const { mark, format } = marks[needs]
  const about = task === null ? '' : `${look.style('bold', plain(task))}  `
  const lines = [`why       ${why}`, `orch run  ${run}`, ...(fix === null ? [] : [`--fix     ${fix}`])]
  return [
    `${look.style(format, mark)} ${about}${plain(what)} ${look.style('dim', `(${code})`)}`,
    ...lines.flatMap((line) => (look.width === null ? [`      ${line}`] : wrapped(line, look.width, 6))),
  ].join('\n')
}

function summary(findings: readonly Finding[]): string {
  const number = (needs: Finding['needs']) => findings.filter((finding) => finding.needs === needs).length
  const parts = [
    number('person') > 0 ? `${number('person')} for you` : '',
    number('fix') > 0 ? `${number('fix')} for orch doctor --fix` : '',
    number('run') > 0 ? `${number('run')} for the next orch run, which heals by itself` : '',
  ].filter((part) => part !== '')
  if (parts.length > 0) return `${count(findings.length, 'finding')}: ${parts.join(', ')}`
  return findings.length === 0 ? 'All is well.' : 'Nothing has to be done.'
}
