/** A value that agents are given and that nobody else may ever read. */
export const secret = 'hunter2-3f9c'
