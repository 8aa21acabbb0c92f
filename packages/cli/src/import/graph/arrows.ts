/** One statement of a graph that is written with arrows, as `001 --> 002 & 003`. */
export interface Arrows {
  /** The names between its arrows, in order. */
  readonly steps: readonly (readonly string[])[]
}

const arrow = /\s*(?:<?[-=.]+>|→|⟶)(?:\|[^|]*\|)?\s*/
const named = /^([\w-]+)\s*[[({>]+\s*["']?(.*?)["']?\s*[\])}]+$/

/**
 * Reads graphs of arrows, of Mermaid too. A name may be declared once with a text, `A[001 Add table]`, and used alone after that.
 *
 * @param taskOf the task that a name or a text begins with; null when it names none
 */
export function arrowReader(taskOf: (name: string) => string | null): {
  read(line: string): Arrows | null
  /** The task that a name of `read` stands for. */
  resolve(name: string): string | null
} {
  const declared = new Map<string, string>()

  const nameIn = (node: string): string => {
    const [, id = '', text = ''] = named.exec(node) ?? []
    const task = id === '' ? null : (taskOf(text) ?? taskOf(id))
    if (task === null) return id === '' ? node : id
    declared.set(id, task)
    return id
  }

  return {
    read(line) {
      // `A -- text --> B` says the same as `A -->|text| B`.
      const steps = line
        .replace(/;\s*$/, '')
        .replace(/ (?:--|==|-\.) [^->|]+? (?=-+>|=+>|\.->)/, ' ')
        .split(arrow)
        .map((part) => part.split(/\s+&\s+/).map((node) => nameIn(node.trim())))
      return steps.length < 2 ? null : { steps }
    },
    resolve: (name) => declared.get(name) ?? taskOf(name),
  }
}
