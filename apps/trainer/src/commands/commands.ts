import type { Command } from "./command.ts";

/** A command as the list of all shows it. */
export interface ListedCommand {
  readonly name: string;
  /** Another name for it. */
  readonly alias?: string;
  /** One line. */
  readonly summary: string;
  /** Brings the rest, with all that this command needs: to load what the others need takes as long again. */
  load(): Promise<Command>;
}

/** All commands, in the order in which one meets them. */
export const commands: readonly ListedCommand[] = [
  {
    name: "start",
    alias: "train",
    summary: "train a network, or go on with a run, and save its weights",
    load: async () => (await import("./start.ts")).start,
  },
  {
    name: "evaluate",
    summary: "accuracy of trained weights on the test images, class by class",
    load: async () => (await import("./evaluate.ts")).evaluate,
  },
  {
    name: "predict",
    summary: "show what a trained network sees in a picture or in a test image",
    load: async () => (await import("./predict.ts")).predict,
  },
  {
    name: "summary",
    summary: "layers, shapes and parameters of a network, and how they are computed",
    load: async () => (await import("./summary.ts")).summary,
  },
  {
    name: "profile",
    summary: "where the time of a training step goes, layer by layer and worker by worker",
    load: async () => (await import("./profile.ts")).profile,
  },
  {
    name: "verify",
    summary: "train a part of a run again, and compare the bits",
    load: async () => (await import("./verify.ts")).verify,
  },
  {
    name: "doctor",
    summary: "what this machine offers to training, and what could be better",
    load: async () => (await import("./doctor.ts")).doctor,
  },
];
