/** How often the main thread looks. */
const tickMilliseconds = 100;

/**
 * What one look may count. A busy machine is late by a few milliseconds each time, which is real time and counts; a
 * process that was stopped is late by all of it, which does not.
 */
export const longestTickMilliseconds: number = 2 * tickMilliseconds;

/** Counts time in ticks of limited length, so that a process that was stopped and continued has waited for nothing. */
export function everyTick(onTick: (milliseconds: number) => void): NodeJS.Timeout {
  let last = performance.now();
  return setInterval(() => {
    const now = performance.now();
    onTick(Math.min(now - last, longestTickMilliseconds));
    last = now;
  }, tickMilliseconds);
}
