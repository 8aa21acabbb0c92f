import { latestReport, parseReport, verdictProblem } from '@orch/core'
import { describe, expect, it } from 'vitest'

const fine = { verdict: 'approve', summary: 'Does it', findings: [] }
const finding = { file: 'a.ts', text: 'is wrong' }

describe('a verdict', () => {
  it.each([
    fine,
    { verdict: 'changes', summary: 'No', findings: [finding, { ...finding, line: 3 }] },
    { ...fine, findings: Array.from({ length: 30 }, () => finding) },
  ])('is taken as it is', (verdict) => {
    expect(verdictProblem(verdict)).toBe(null)
    expect(parseReport(JSON.stringify({ tell: 'verdict', ...verdict }))).toEqual({ tell: 'verdict', ...verdict })
  })

  it.each<readonly [unknown, string]>([
    [null, 'object'],
    [[fine], 'object'],
    ['approve', 'object'],
    [{ ...fine, verdict: 'approved' }, 'verdict'],
    [{ ...fine, verdict: ['approve'] }, 'verdict'],
    [{ summary: 'x', findings: [] }, 'verdict'],
    [{ ...fine, summary: ' ' }, 'summary'],
    [{ ...fine, summary: 'x'.repeat(2001) }, 'summary'],
    [{ verdict: 'approve', summary: 'x' }, 'findings'],
    [{ ...fine, findings: {} }, 'findings'],
    [{ ...fine, findings: Array.from({ length: 31 }, () => finding) }, 'findings'],
    [{ ...fine, findings: ['a.ts'] }, 'findings[0]'],
    [{ ...fine, findings: [finding, { ...finding, file: '' }] }, 'findings[1].file'],
    [{ ...fine, findings: [{ file: 'a' }] }, 'findings[0].text'],
    [{ ...fine, findings: [{ ...finding, text: 'x'.repeat(1001) }] }, 'findings[0].text'],
    [{ ...fine, findings: [{ ...finding, line: 0 }] }, 'findings[0].line'],
    [{ ...fine, findings: [{ ...finding, line: '3' }] }, 'findings[0].line'],
    [{ ...fine, findings: [{ ...finding, severity: 'low' }] }, 'findings[0].severity'],
    [{ ...fine, land: true }, 'land'],
  ])('is none, with the reason, when it is %j', (value, problem) => {
    expect(verdictProblem(value)).toContain(problem)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    const line = isObject ? { tell: 'verdict', ...value } : value
    const none = { tell: 'no-verdict', why: expect.stringContaining(problem) }
    expect(parseReport(JSON.stringify(line))).toEqual(isObject ? none : null)
  })

  it('stands whatever is told of the turn after it, until there is another one or a question', () => {
    const verdict = { tell: 'verdict', verdict: 'approve', summary: 'x', findings: [] } as const
    const other = { ...verdict, verdict: 'changes' } as const
    const question = { tell: 'stuck', reason: 'x', options: [], context: '' } as const
    expect(latestReport(verdict, { tell: 'done' })).toBe(verdict)
    expect(latestReport(verdict, { tell: 'working' })).toBe(verdict)
    expect(latestReport(verdict, other)).toBe(other)
    expect(latestReport(verdict, question)).toBe(question)
    expect(latestReport({ tell: 'done' }, verdict)).toBe(verdict)
    expect(latestReport(null, question)).toBe(question)
  })

  it('is over when another answer follows that cannot be used', () => {
    const verdict = { tell: 'verdict', verdict: 'approve', summary: 'x', findings: [] } as const
    const none = { tell: 'no-verdict', why: 'findings must be a list' } as const
    expect(latestReport(verdict, none)).toBe(none)
    expect(latestReport(none, { tell: 'done' })).toBe(none)
    expect(latestReport(none, verdict)).toBe(verdict)
  })
})
