import { parseBoundedJson, printable, type Checkpoint } from "@convoy/core/training";
import { isCoded, UsageError } from "../errors.ts";
import { optionsOf, type Parsed } from "../options/parse_options.ts";
import { optimizerOptions } from "../options/optimizer_options.ts";
import { startOptions } from "../options/start_options.ts";
import { localFolder } from "./local_folder.ts";

export type ParsedStart = Parsed<typeof startOptions>;
type StartOption = keyof typeof startOptions;

/** Where a checkpoint says which options its run was started with, and where its own data lie. */
const keys = { options: "options", dataFolder: "dataFolder" } as const;

/** More than `start` has options. */
const mostValues = 100;

/**
 * Which options are settings of a run, kept in its checkpoints and taken from there when it goes on. The others say where
 * and how loudly a process works, or let it do more than it would: they are the user's alone, and a file cannot give them.
 */
const others: Readonly<Record<Exclude<StartOption, keyof typeof optimizerOptions>, boolean>> = {
  dataset: true,
  model: true,
  epochs: true,
  "batch-size": true,
  "max-restarts": true,
  shards: true,
  seed: true,
  mean: true,
  deviation: true,
  "target-accuracy": true,
  "validation-split": true,
  "checkpoint-every": true,
  keep: true,
  // The checkpoint has a place of its own for it.
  "data-dir": false,
  // Those that the run computes with are among its settings.
  kernels: false,
  workers: false,
  "run-dir": false,
  resume: false,
  "init-from": false,
  "allow-partial": false,
  override: false,
  json: false,
  quiet: false,
};

/** All that an optimizer has are settings of the run. */
const isOfTheRun: Readonly<Record<string, boolean>> = {
  ...others,
  ...Object.fromEntries(Object.keys(optimizerOptions).map((name) => [name, true])),
};

/**
 * The options of a run as metadata of its checkpoints.
 *
 * @param dataFolder in full, for whoever goes on with the run may stand elsewhere
 */
export function optionsMetadata(
  given: ParsedStart["given"],
  dataFolder: string | undefined,
): Readonly<Record<string, string>> {
  const options = Object.fromEntries([...given].filter(([name]) => isOfTheRun[name]));
  return {
    [keys.options]: JSON.stringify(options),
    ...(dataFolder === undefined ? {} : { [keys.dataFolder]: dataFolder }),
  };
}

/**
 * The options with which a run goes on: its own, and those that are given now instead of them. Its kernels are those that it
 * has, where others are not demanded.
 *
 * @throws UsageError RESUME_CHECKPOINT when the checkpoint does not say how its run was started, or says what no run is
 */
export function resumedOptions(file: string, { metadata = {}, settings }: Checkpoint, now: ParsedStart): ParsedStart {
  const kernels = settings["kernels"] === "narrow" ? "narrow" : "auto";
  const before = savedOptions(file, metadata);
  return optionsOf(startOptions, new Map([...before, ["kernels", kernels] as const, ...now.given]));
}

function savedOptions(
  file: string,
  metadata: Readonly<Record<string, string>>,
): readonly (readonly [name: StartOption, text: string])[] {
  try {
    const options = Object.entries(objectOf(metadata[keys.options])).map(([name, text]) => {
      if (!isStartOption(name) || !isOfTheRun[name]) throw new SyntaxError(`${printable(name)} is none of a run`);
      if (typeof text !== "string") throw new SyntaxError(`${name} is no text`);
      return [name, text] as const;
    });
    // Each is judged as if the user had written it; what they come to together is judged with those that are given now.
    optionsOf(startOptions, new Map(options));
    const folder = metadata[keys.dataFolder];
    return folder === undefined ? options : [...options, ["data-dir", localFolder(folder)] as const];
  } catch (cause) {
    if (!(cause instanceof SyntaxError || isCoded(cause))) throw cause;
    throw new UsageError(
      "RESUME_CHECKPOINT",
      `${file} does not say with which options its run was started: ${cause.message}. Give one that start saved.`,
      { cause },
    );
  }
}

function objectOf(text: string | undefined): object {
  const value: unknown = parseBoundedJson(text ?? "", mostValues);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new SyntaxError("they are no object");
}

function isStartOption(name: string): name is StartOption {
  return Object.hasOwn(startOptions, name);
}
