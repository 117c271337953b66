let sign: (() => void) | undefined;

/**
 * To be called at the start of each task: by what this thread shows from now on that the worker lives whose task it has. The
 * replica, which calls it between its operations, outlives tasks.
 */
export function showLifeBy(beat: () => void): void {
  sign = beat;
}

/** Without a task with data, nobody looks. */
export function showLife(): void {
  sign?.();
}
