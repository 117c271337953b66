const tickMilliseconds = 100;

export interface Deadline {
  readonly signal: AbortSignal;
  readonly stop: () => void;
}

/** As `AbortSignal.timeout`, but the time in which this process was stopped, or the machine slept, does not count. */
export function awakeDeadline(milliseconds: number): Deadline {
  const controller = new AbortController();
  let left = milliseconds;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    left -= Math.min(now - last, 2 * tickMilliseconds);
    last = now;
    if (left <= 0) controller.abort();
  }, tickMilliseconds);
  return { signal: controller.signal, stop: () => clearInterval(timer) };
}
