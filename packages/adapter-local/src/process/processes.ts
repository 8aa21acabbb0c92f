export { processTable as lookAtProcesses } from './process-table.ts'
