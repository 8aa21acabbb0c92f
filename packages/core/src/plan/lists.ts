import type { Lists } from './project.ts'

/** Packs lists of numbers into two arrays. */
export function listsOf(lists: readonly (readonly number[])[]): Lists {
  const at = new Int32Array(lists.length + 1)
  for (const [index, list] of lists.entries()) at[index + 1] = (at[index] ?? 0) + list.length
  const items = new Int32Array(at[lists.length] ?? 0)
  for (const [index, list] of lists.entries()) items.set(list, at[index] ?? 0)
  return { at, items }
}

/** The numbers of one list, without a copy. */
export function listAt(lists: Lists, index: number): Int32Array {
  return lists.items.subarray(lists.at[index] ?? 0, lists.at[index + 1] ?? 0)
}
