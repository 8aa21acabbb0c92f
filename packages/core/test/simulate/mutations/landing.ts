import type { Mutation } from '../mutation.ts'

/** What could be decided wrongly about changes that are to land. */
export const wrongLandings: readonly Mutation[] = [
  {
    name: 'treats commits as done',
    file: 'decide/judge.ts',
    from: "if (turn.is === 'ended' && turn.exit === 0) return",
    to: "if (turn.is === 'vanished' || turn.exit === 0) return",
  },
  {
    name: 'passes over a question when the exit is 0',
    file: 'decide/judge.ts',
    from: 'if (asks !== null) return',
    to: "if (asks !== null && turn.is !== 'ended') return",
  },
  {
    name: 'lands without checks',
    file: 'decide/checking.ts',
    from: 'if (commands.length === 0) return { is',
    to: 'if (commands.length < 9 && !isStale(candidate)) return { is',
  },
  {
    name: 'lands although the checks are red',
    file: 'decide/checking.ts',
    from: "return turn.exit === 0 ? { is: 'green'",
    to: "return turn.exit >= 0 ? { is: 'green'",
  },
  {
    name: 'lands a train that nobody checked to its end',
    file: 'decide/lane.ts',
    from: "free.findLastIndex(({ said }) => said.is === 'green')",
    to: "free.findLastIndex(({ said }) => said.is !== 'red')",
  },
  {
    name: 'lands in lanes though the policy has none',
    file: 'decide/lanes.ts',
    from: "const most = via === 'host' ? 1 : given",
    to: "const most = via === 'host' ? given : 4",
  },
  {
    name: 'gives what may write anything a lane of its own',
    file: 'decide/lanes.ts',
    from: 'return a == null || b == null || areRelated(one, other) || haveFilesInCommon(a, b)',
    to: 'return a != null && b != null && (areRelated(one, other) || haveFilesInCommon(a, b))',
  },
  {
    name: 'makes trains longer than the policy lets it',
    file: 'decide/train.ts',
    from: 'windowOf(world.judged, policy.landing.train)',
    to: 'windowOf(world.judged, policy.landing.train + 1)',
  },
  {
    name: 'blames a change for a red target',
    file: 'decide/checking.ts',
    from: 'if (world.passed?.commit !== base) return false\n',
    to: 'if (world.passed === null) return true\n',
  },
  {
    name: 'blames a change at the first red',
    file: 'decide/checking.ts',
    from: '  if (retryRed) {\n',
    to: '  if (checks.length > 9) {\n',
  },
  {
    name: 'lands without a person',
    file: 'decide/landing.ts',
    from: 'const open = state.review.approved ||',
    to: 'const open = state.review.approved || guardedIn(state).length === 0 ||',
  },
  {
    name: 'goes on landing after one was violated',
    file: 'decide/lane.ts',
    from: 'if (haltedBy(world) !== null) return\n',
    to: '',
  },
  {
    name: 'lands what its reviewer has not approved',
    file: 'decide/reviewing.ts',
    from: '|| isApproved(state)\n',
    to: '|| record.state.review?.reviewer !== undefined\n',
  },
  {
    name: 'takes it for an approval when a reviewer says nothing',
    file: 'decide/reviewing.ts',
    from: 'return decideLost(sight, record, state.run.stopping ??',
    to: "if (key !== '') return { do: 'take-verdict', id, record, key, verdict: { verdict: 'approve', summary: '', findings: [] } }\n      return decideLost(sight, record, state.run.stopping ??",
  },
  {
    name: 'asks reviewers for ever',
    file: 'decide/reviewing.ts',
    from: 'if (!hopeless && lost < policy.maxAttempts)',
    to: 'if (lost < 1000)',
  },
  {
    name: 'has more reviewers than there are seats',
    file: 'decide/reviewing.ts',
    from: 'const seats = Math.max(0, freeSeats(sight) - seatsOfReviewers(sight))',
    to: 'const seats = policy.maxAgents',
  },
  {
    name: 'goes back to its agent while its reviewer works',
    file: 'decide/judging.ts',
    from: 'return turn !== undefined && isLive(turn) ?',
    to: 'return turn === null ?',
  },
  {
    name: 'lands protected files without a person',
    file: 'decide/landing.ts',
    from: ' && guardedIn(state).length === 0)',
    to: ')',
  },
  {
    name: 'lands by another base than the tested one',
    file: 'decide/landing.ts',
    from: 'return candidate != null && candidate.base === base && candidate.displaced !== true',
    to: 'return candidate != null',
  },
  {
    name: 'forgets on whose branch a task has started',
    file: 'decide/stacking.ts',
    from: 'branches.startedOn(claimed, chain, head)',
    to: 'branches.startedOn(claimed, [], head)',
  },
  {
    name: 'lands a file that a command was to make first',
    file: 'decide/train.ts',
    from: ' || isStale(candidate)) break',
    to: ') break',
  },
  {
    name: 'lets the tasks of an epic land by themselves',
    file: 'decide/targets.ts',
    from: "{ is: 'there', at: head, target }",
    to: "{ is: 'there', at: head }",
  },
  {
    name: 'checks changes together that land on different branches',
    file: 'decide/lane.ts',
    from: 'const name = state.branch?.target',
    to: 'const name = undefined',
  },
  {
    name: 'looks again and again at what its review host has made, and a person has to decide about',
    file: 'decide/landing.ts',
    from: '  if (isHalted(state)) return { person: true }\n',
    to: '',
  },
]
