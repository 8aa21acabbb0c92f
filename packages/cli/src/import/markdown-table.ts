export interface TableRow {
  readonly cells: readonly string[]
  /** From 1. */
  readonly line: number
}

export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly TableRow[]
}

/** The first table outside of a code block whose head `fits`; null when there is none. */
export function tableIn(lines: readonly string[], fits: (head: readonly string[]) => boolean): Table | null {
  let isCode = false
  for (const [index, line] of lines.entries()) {
    if (/^\s*(```|~~~)/.test(line)) isCode = !isCode
    if (isCode || !isRule(lines[index + 1] ?? '')) continue
    const head = cellsOf(line)
    if (head.length < 2 || !fits(head)) continue
    const rows: TableRow[] = []
    for (let at = index + 2; /\S/.test(lines[at] ?? '') && (lines[at] ?? '').includes('|'); at += 1) {
      rows.push({ cells: cellsOf(lines[at] ?? ''), line: at + 1 })
    }
    return { head, rows }
  }
  return null
}

function isRule(line: string): boolean {
  return line.includes('|') && /^[\s|:-]+$/.test(line) && line.includes('-')
}

/** A bar with a backslash before it is a part of its cell. */
function cellsOf(line: string): readonly string[] {
  const cells = line
    .trim()
    .replace(/^\|/, '')
    .split(/(?<!\\)\|/)
  if (/(?<!\\)\|$/.test(line.trim())) cells.pop()
  return cells.map((cell) => cell.trim().replaceAll('\\|', '|'))
}
