import type { TargetNews } from '../../decide/action.ts'
import * as moves from '../../decide/moves.ts'
import type { Guidance } from '../../model/request.ts'
import type { Kept, Oid } from '../../model/run-state.ts'
import { shown } from '../../model/shown.ts'
import { matcherOf } from '../../plan/scope.ts'
import { type ActionOf, type EffectContext, targetName } from './effect.ts'
import { landedBetween, landedText } from './landed-since.ts'

/** Files that are told by name. */
const most = 10

/** What a turn begins with, of what landed; empty where there is nothing to say. */
export async function newsText(context: EffectContext, news: TargetNews, target: string): Promise<string> {
  const landed = await landedBetween(context, news)
  if (landed.length === 0) return ''
  return `\`${target}\` has moved on. Your branch has not got, newest first:\n${landedText(landed)}\n${lookThere(target)}`
}

/** Where what landed is gone from the repository again, there is nothing to be told of it. */
export async function tellTarget(context: EffectContext, action: ActionOf<'tell-target'>): Promise<void> {
  const { id, record, task, news } = action
  const { policy, ports, signal } = context
  const own = [task.writes ?? [], task.reads ?? []].map((globs) => matcherOf(globs, policy))
  const since = await ports.vcs.since({ before: wholly(news.have), after: wholly(news.target), signal })
  const files = since.ok ? since.value.files.filter((path) => own.some((covers) => covers(path))) : []
  const told: Guidance | null =
    files.length === 0
      ? null
      : {
          key: `target-${news.target}`,
          text: await touchedText(context, { news, target: targetName(context, record.state) }, files),
          turn: null,
          isNews: true,
        }
  await context.write(id, record, moves.knowsTarget(record.state, context.mover(), news.target, told))
}

async function touchedText(
  context: EffectContext,
  { news, target }: { readonly news: TargetNews; readonly target: string },
  paths: readonly string[],
): Promise<string> {
  const landed = landedText(await landedBetween(context, { ...news, paths }))
  const named = [...paths.slice(0, most).map(shown), ...(paths.length > most ? ['…'] : [])].join(', ')
  return `\`${target}\` has moved on, and files that your task is about have changed there: ${named}.${landed === '' ? '' : `\n${landed}`}\n${lookThere(target)}`
}

function lookThere(target: string): string {
  return `Where your work builds on that, look at it there: \`git log ${target}\`, \`git show ${target}:FILE\`.`
}

function wholly(oid: Oid): Kept {
  return { head: oid, oid }
}
