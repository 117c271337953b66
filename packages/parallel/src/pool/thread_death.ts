/** A thread ended that nobody had told to, without a task by which to tell; the cause is its own error. */
export class ThreadDeath extends Error {
  override readonly name = "ThreadDeath";
  override readonly cause: Error;
  /** Its program was not loaded yet: another thread would end the same way. */
  readonly isStart: boolean;

  constructor(cause: unknown, isStart: boolean) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    super(error.message);
    this.cause = error;
    this.isStart = isStart;
  }
}
