/** The colours of a batch: tints that dark ink is read on, and the same for dark paper. */
export interface Tint {
  readonly fill: string
  readonly edge: string
  readonly darkFill: string
  readonly darkEdge: string
}

/** Neighbours differ in hue and lightness; a batch is named beside its colour everywhere, so that nobody needs to tell them apart by it. */
export const tints: readonly Tint[] = [
  { fill: '#e6effc', edge: '#4a78c4', darkFill: '#1c2c47', darkEdge: '#7ea6e8' },
  { fill: '#fbf0d6', edge: '#a17515', darkFill: '#3a2d12', darkEdge: '#dcb45a' },
  { fill: '#dff4ef', edge: '#2b8577', darkFill: '#12342f', darkEdge: '#62c2b3' },
  { fill: '#fce6ec', edge: '#b94e6b', darkFill: '#42212b', darkEdge: '#ea90a7' },
  { fill: '#eeeafc', edge: '#7257bd', darkFill: '#2c2447', darkEdge: '#b09ae6' },
  { fill: '#e8f4df', edge: '#527f36', darkFill: '#21341a', darkEdge: '#93c878' },
  { fill: '#fdebdf', edge: '#b8622d', darkFill: '#41281b', darkEdge: '#eba47a' },
  { fill: '#eaeef4', edge: '#5d6d84', darkFill: '#29303c', darkEdge: '#a3b1c6' },
]

/** What never starts has no batch. */
export const grey: Tint = { fill: '#f4f4f5', edge: '#8e8e96', darkFill: '#26262a', darkEdge: '#85858e' }

/** Batches take the colours in turn. */
export function shadeOf(batch: number | null): number | null {
  return batch === null ? null : batch % tints.length
}
