import { planTasks } from '@orch/core/plan'
import { median } from '../figure.ts'
import { dependentTasks } from './generated.ts'

// A process of its own: 100,000 tasks with 500,000 dependencies, planned three times.
const tasks = dependentTasks(100_000)
const times = Array.from({ length: 3 }, () => {
  const begin = performance.now()
  planTasks(tasks, { maxAgents: 16 })
  return performance.now() - begin
})
console.log(JSON.stringify({ ms: median(times), megabytes: process.resourceUsage().maxRSS / 1024 }))
