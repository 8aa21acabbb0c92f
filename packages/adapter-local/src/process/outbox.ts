import { latestReport, parseReport, type Report } from '@orch/core'
import { readPart } from '../disk/files.ts'
import type { FileStat } from './folder.ts'

/** Lines longer than this are no report, see `parseReport`. */
const maxLine = 64 * 1024
/** An outbox is no log: what comes after this many bytes is never read, by nobody, so that every reader counts the same reports. */
const maxOutbox = 16 * 1024 * 1024
const chunk = 1024 * 1024

/** What has been read of an outbox so far. */
export interface OutboxMark {
  readonly stat: FileStat | null
  /** Bytes read. */
  readonly offset: number
  /** The last line, while it has no end; null while it is too long to be one. */
  readonly rest: Buffer | null
  /** Of the lines that have an end. */
  readonly said: Said
}

export interface Said {
  readonly report: Report | null
  /** How many reports there are, `report` being the last. */
  readonly reports: number
}

export const emptyMark: OutboxMark = {
  stat: null,
  offset: 0,
  rest: Buffer.alloc(0),
  said: { report: null, reports: 0 },
}

/** Reads on from `mark`, or from the start when the file is another one or became shorter. An unmoved file is not opened. */
export function readOutbox(path: string, stat: FileStat | null, mark: OutboxMark): OutboxMark {
  if (stat === null) return mark // taken away: what was said stays said
  const same = mark.stat?.inode === stat.inode
  if (same && mark.stat?.size === stat.size && mark.stat.modified === stat.modified) return mark
  let now = same && stat.size >= mark.offset ? mark : emptyMark
  const end = Math.min(stat.size, maxOutbox)
  while (now.offset < end) {
    const part = readPart(path, now.offset, Math.min(chunk, end - now.offset))
    if (part.length === 0) break // it became shorter while we read
    now = take(now, part)
  }
  return { ...now, stat }
}

function take(mark: OutboxMark, part: Buffer): OutboxMark {
  let { rest, said } = mark
  let at = 0
  for (let end = part.indexOf(10); end !== -1; end = part.indexOf(10, at)) {
    said = after(said, joined(rest, part.subarray(at, end)))
    rest = Buffer.alloc(0)
    at = end + 1
  }
  return { ...mark, offset: mark.offset + part.length, rest: joined(rest, part.subarray(at)), said }
}

function joined(rest: Buffer | null, more: Buffer): Buffer | null {
  return rest === null || rest.length + more.length > maxLine ? null : Buffer.concat([rest, more])
}

function after(said: Said, line: Buffer | null): Said {
  const report = line === null || line.length === 0 ? null : parseReport(line.toString('utf8'))
  return report === null ? said : { report: latestReport(said.report, report), reports: said.reports + 1 }
}

/**
 * The last report: what follows a `stuck` says that it is over. A last line without an end counts as soon as it is a whole
 * report, which a torn one never is: no JSON object begins with another one.
 */
export function saidIn(mark: OutboxMark): Said {
  return after(mark.said, mark.rest)
}
