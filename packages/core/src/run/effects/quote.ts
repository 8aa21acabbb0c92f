/** Longer than this a line is not read in a table; the log has it whole. */
const longest = 200

/** A reason, with the last line that was printed: `exit 127 …: "sh: nope: not found"`. */
export function withLast(why: string, lines: readonly string[]): string {
  const last = lines.findLast((line) => line.trim() !== '')?.trim()
  if (last === undefined) return why
  return `${why}: "${last.length > longest ? `${last.slice(0, longest)}…` : last}"`
}
