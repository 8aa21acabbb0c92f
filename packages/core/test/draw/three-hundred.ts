import type { NewTask } from '../../src/model/task.ts'

/** Tasks of a real size: modules with chains of their own, some of which meet. */
export const threeHundred: readonly NewTask[] = Array.from({ length: 300 }, (_, index): NewTask => {
  const area = ['api', 'web', 'ios', 'docs', 'infra'][index % 5] ?? ''
  const before = (back: number) => (index >= back ? [`task-${index - back}`] : [])
  return {
    id: `task-${index}`,
    title: `Change the ${area} of part ${Math.floor(index / 15)} as agreed`,
    layer: area,
    kind: index % 37 === 36 ? 'sync' : index % 29 === 28 ? 'manual' : index % 17 === 16 ? 'read' : 'change',
    writes: index % 17 === 16 ? [] : [`src/${area}/part-${(index * 7) % 90}.ts`],
    dependsOn: index % 15 === 0 ? [] : index % 3 === 0 ? before(5) : index % 7 === 0 ? before(11) : [],
    hold: index % 50 === 49,
    minutes: 5 + ((index * 13) % 40),
  }
})
