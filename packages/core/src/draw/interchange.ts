import { Graph } from '@dagrejs/graphlib'
import type { Arrow, Box, Picture } from './picture.ts'
import { jsonText } from './texts.ts'

/** What the node of a task holds. */
export type GraphNode = Omit<Box, 'batch' | 'waits'> & {
  /** Its name; null when the task never starts. */
  readonly batch: string | null
  readonly waits: readonly string[]
}
export type GraphEdge = Omit<Arrow, 'from' | 'to'>

/**
 * The graph for graphlib and whatever reads it: nodes are called `t0`, `t1`, … in the order of the plan, because an id such as `constructor` is none that graphlib
 * can hold; a node's value tells the id.
 */
export function toGraphlib(picture: Picture): Graph<object, GraphNode, GraphEdge> {
  const graph = new Graph<object, GraphNode, GraphEdge>({ directed: true, multigraph: false, compound: false })
  const { criticalPath, makespan, maxAgents, batches } = picture.plan
  graph.setGraph({ makespan, maxAgents, criticalPath, batches })
  for (const [number, { waits, batch, ...box }] of picture.boxes.entries()) {
    const name = batch === null ? null : (batches[batch]?.name ?? null)
    graph.setNode(`t${number}`, { ...box, batch: name, waits: waits.map((wait) => wait.says) })
  }
  for (const { from, to, ...arrow } of picture.arrows) graph.setEdge(`t${from}`, `t${to}`, arrow)
  return graph
}

/** The same as JSON that `json.read` of graphlib makes a graph of. */
export function toJson(picture: Picture): string {
  const graph = toGraphlib(picture)
  const nodes = graph.nodes().map((v) => ({ v, value: graph.node(v) }))
  const edges = graph.edges().map(({ v, w }) => ({ v, w, value: graph.edge(v, w) }))
  const options = { directed: true, multigraph: false, compound: false }
  return jsonText({ options, nodes, edges, value: graph.graph() }, 2)
}
