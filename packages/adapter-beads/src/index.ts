export { orchAdapter } from './adapter.ts'
export { type BeadsBoardOptions, beadsBoard } from './board/beads-board.ts'
export { type BeadsQueue, type BeadsQueueOptions, beadsQueue } from './queue/beads-queue.ts'
