export { orchAdapter } from './adapter.ts'
export { type Initialised, type InitialiseOptions, initialiseBeads } from './bd/initialise.ts'
export { type BeadsBoardOptions, beadsBoard } from './board/beads-board.ts'
export { type BeadsQueue, type BeadsQueueOptions, beadsQueue } from './queue/beads-queue.ts'
