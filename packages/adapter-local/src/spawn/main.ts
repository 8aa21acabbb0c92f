import { launchHere } from './launch.ts'
import type { Launch, Reply, Request, Run } from './message.ts'
import { runHere } from './run.ts'

// A process of its own, started by `spawner.ts`, that does nothing but start processes and is small for it.

const running = new Map<number, AbortController>()

process.on('message', (request: Request) => {
  switch (request.ask) {
    case 'run':
      return void run(request.id, request)
    case 'launch':
      return launch(request.id, request)
    case 'kill':
      running.get(request.id)?.abort()
  }
})
tell({ tell: 'ready' })

/** Whoever asked may be gone; then what runs is brought to its end, and nobody hears of it. */
function tell(reply: Reply): void {
  if (process.connected) process.send?.(reply, undefined, undefined, () => undefined)
}

async function run(id: number, command: Run): Promise<void> {
  const over = new AbortController()
  running.set(id, over)
  const ran = await runHere(command, over.signal)
  running.delete(id)
  tell({ tell: 'ran', id, ...ran })
}

function launch(id: number, command: Launch): void {
  launchHere(command, () => tell({ tell: 'over', id, why: null })).then(
    (words) => tell({ tell: 'said', id, words }),
    (error: unknown) => tell({ tell: 'over', id, why: String(error) }),
  )
}
