import {
  loadWeights,
  parseBoundedJson,
  type Checkpoint,
  type LoadedWeights,
  type Sequential,
} from "@convoy/core/training";
import { asInput } from "../errors.ts";
import type { StartValues } from "../options/start_options.ts";
import { nameFrom } from "../terminal/name_from.ts";
import { findWeights } from "./weights_file.ts";

/** Where a run's first weights came from: kept in `run.json` and in each checkpoint, for the file may go away. */
export interface WeightsOrigin {
  /** In full: whoever reads this stands elsewhere. */
  readonly file: string;
  /** Of the whole file. */
  readonly sha256: string;
}

/** The first weights of a run. */
export interface InitialWeights {
  readonly origin: WeightsOrigin;
  /** As the user would name the file. */
  readonly name: string;
  /** What became of each tensor; nothing where the run goes on, for then its own weights are taken. */
  readonly report: LoadedWeights | undefined;
}

/** Where a checkpoint says it, and how many values it may be. */
const key = "initFrom";
const mostValues = 10;

/**
 * Puts the weights that the user named, if there are any, into the network of a new run.
 *
 * @throws UsageError RUN_NOT_FOUND for a folder without weights, and the CHECKPOINT codes of `@convoy/core`
 */
export async function loadInitialWeights(
  model: Sequential,
  { "init-from": given, "allow-partial": allowPartial }: Pick<StartValues, "init-from" | "allow-partial">,
  directory: string,
): Promise<InitialWeights | undefined> {
  if (given === undefined) return undefined;
  const { path: file, name } = await findWeights(given, directory);
  const report = await asInput(() => loadWeights(model, file, { allowPartial }));
  return { origin: { file, sha256: report.sha256 }, name, report };
}

/** As metadata of the checkpoints of a run. */
export function originMetadata(weights: InitialWeights | undefined): Readonly<Record<string, string>> {
  return weights === undefined ? {} : { [key]: JSON.stringify(weights.origin) };
}

/** What a run that goes on began with; nothing where that were weights of its own. */
export function savedInitialWeights({ metadata }: Checkpoint, directory: string): InitialWeights | undefined {
  try {
    const origin: unknown = parseBoundedJson(metadata?.[key] ?? "null", mostValues);
    return isOrigin(origin) ? { origin, name: nameFrom(directory, origin.file), report: undefined } : undefined;
  } catch {
    return undefined;
  }
}

function isOrigin(value: unknown): value is WeightsOrigin {
  return (
    typeof value === "object" &&
    value !== null &&
    "file" in value &&
    typeof value.file === "string" &&
    "sha256" in value &&
    typeof value.sha256 === "string"
  );
}
