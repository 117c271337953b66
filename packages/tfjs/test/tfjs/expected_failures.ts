import { readFileSync } from "node:fs";

/** Specs that fail with our kernels for one reason. */
export interface ExpectedFailures {
  readonly reason: string;
  /**
   * Where specs pin a gradient that tfjs has wrong or refuses on every backend, and may therefore pass with tfjs's own
   * kernels: what is right, and how that is known. What goes forward is never excused: tfjs code must not notice us.
   */
  readonly right?: string;
  readonly proof?: string;
  readonly specs: readonly string[];
}

export function readExpectedFailures(): readonly ExpectedFailures[] {
  return JSON.parse(readFileSync(new URL("expected_failures.json", import.meta.url), "utf8"));
}
