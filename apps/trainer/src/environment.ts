import type { Output } from "@convoy/parallel/progress";
import type { SaveRequests } from "./signals/save_requests.ts";

/** What a command touches of the world outside: a test gives its own. */
export interface Environment {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Paths that the user gives resolve from here. */
  readonly directory: string;
  /** Aborts with an `Interruption`. */
  readonly signal: AbortSignal;
  /** Wishes that a run be saved while it goes on; nobody has any where there are none. */
  readonly saveRequests?: SaveRequests;
}

/** The wish of someone outside that the program ends: Ctrl-C, a termination signal, a closed pipe. */
export class Interruption extends Error {
  override readonly name = "Interruption";
  readonly exitCode: number;

  /** @param cause as it goes on a line for people, such as "Ctrl-C" */
  constructor(cause: string, exitCode: number) {
    super(cause);
    this.exitCode = exitCode;
  }
}

/** Why the program is to end, once `signal` has aborted. */
export function interruptionOf(signal: AbortSignal): Interruption {
  return signal.reason instanceof Interruption ? signal.reason : new Interruption("a stop request", 130);
}
