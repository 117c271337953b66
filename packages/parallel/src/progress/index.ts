// What the trainer and other programs show a run with; `fit` itself loads it where `progress` is wanted.
export { EpochDisplay } from "./epoch_display.ts";
export { LiveLine, showCursor } from "./live_line.ts";
export { counted, duration, grouped, percent } from "./numbers.ts";
export { sharedMachineLine } from "./shared_machine.ts";
export { streamOutput } from "./output.ts";
export type { Output, TextStream } from "./output.ts";
