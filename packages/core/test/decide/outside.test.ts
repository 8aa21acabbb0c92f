import { describe, expect, it } from 'vitest'
import * as landings from '../../src/decide/landing-moves.ts'
import * as moves from '../../src/decide/moves.ts'
import type { PolicyInput } from '../../src/model/policy.ts'
import { decided, head, inShort, me, only, states } from './world-rig.ts'

const committed = moves.committed(states.working, me, head, [], ['docs/x.md'])
const astray = moves.reviewOpened(committed, me, head, null)

const after = (outsideScope: 'warn' | 'stuck' | 'refuse', state = astray, landing: PolicyInput['landing'] = {}) =>
  decided({ states: { t: state }, policy: { outsideScope, landing: { by: 'orchestrator', ...landing } } }).actions

describe('a change that holds files outside its scope', () => {
  it('lands all the same by the policy warn', () => {
    expect(inShort(after('warn'))).toEqual(['build-candidate t'])
  })

  it('waits for a person by the policy stuck, who can let it land', () => {
    const action = only(after('stuck'))
    if (action.do !== 'write') throw new Error('a write is expected')
    expect(action.next.run.stuck).toMatchObject({ reason: expect.stringContaining('docs/x.md') })
    expect(action.next.run.stuck?.options).toContain('land')
    const requests = [['t', { do: 'land' }]] as const
    const policy = { outsideScope: 'stuck' as const }
    const approved = only(decided({ states: { t: action.next }, requests, policy }).actions)
    expect(inShort(after('stuck', approved.do === 'write' ? approved.next : astray))).toEqual(['build-candidate t'])
  })

  it('goes back to its agent by the policy refuse, then to a person, who cannot let it land', () => {
    const action = only(after('refuse'))
    if (action.do !== 'write') throw new Error('a write is expected')
    expect(action.next.run).toMatchObject({ wants: 'turn', repairs: 1 })
    expect(action.next.run.guidance.at(-1)?.text).toContain('docs/x.md')
    const last = only(after('refuse', astray, { maxRepairs: 0 }))
    expect(inShort([last])).toEqual(['write t pr_created stuck'])
    expect(last.do === 'write' && last.next.run.stuck?.options).not.toContain('land')
    expect(inShort(after('refuse', landings.approved(astray, me)))).toEqual(['write t pr_created turn'])
  })

  it('is none when it holds nothing outside', () => {
    for (const policy of ['stuck', 'refuse'] as const)
      expect(inShort(after(policy, states.inReview))).toEqual(['build-candidate t'])
  })

  it('names only some of many files', () => {
    const many = moves.committed(
      states.working,
      me,
      head,
      [],
      Array.from({ length: 40 }, (_, at) => `docs/${at}.md`),
    )
    const action = only(after('stuck', moves.reviewOpened(many, me, head, null)))
    expect(action.do === 'write' && action.next.run.stuck?.reason).toMatch(/docs\/9\.md and 30 more/)
  })
})
