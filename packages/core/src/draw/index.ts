export { type DrawGraphOptions, drawGraph, type GraphFormat, graphFormats } from './draw-graph.ts'
export { type GraphEdge, type GraphNode, toGraphlib } from './interchange.ts'
export { type Arrow, type ArrowSort, type Box, type Picture, pictureOf, type SaidWait } from './picture.ts'
