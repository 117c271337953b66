import { tmpdir } from "node:os";
import type { Row } from "./result.ts";
import { summarize } from "./statistics.ts";
import { trainerEvents, type TrainerEvent } from "./trainer_events.ts";

/** What `trainer profile` measured, and its event: what docs/profile.md shows. */
export interface ProfileResult {
  readonly rows: Row[];
  readonly event: TrainerEvent;
}

/** One profile of the seed network, with the kernels that the trainer chooses. */
export async function benchmarkProfile(): Promise<ProfileResult> {
  const events: TrainerEvent[] = [];
  for await (const event of trainerEvents(["profile"], tmpdir())) events.push(event);
  const event = events[events.length - 1];
  const kernels = String(event["kernels"]);
  const row = (name: string, unit: string, value: unknown): Row => {
    return { name, unit, ...summarize([Number(value)]), kernels };
  };
  return {
    event,
    rows: [
      row("whole step of one thread", "µs/image", event["microseconds"]),
      row("bare matrix product", "GFLOP/s", event["productGigaflops"]),
    ],
  };
}
