import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { shown } from "../../network/printable.ts";
import { CoreError } from "../../errors.ts";
import { atomicWrite } from "../files/atomic_write.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { checkpointName, checkpointStep } from "./checkpoint_name.ts";
import { decodeCheckpoint } from "./decode_checkpoint.ts";
import { encodeCheckpoint } from "./encode_checkpoint.ts";
import { removeLeftovers } from "../files/leftovers.ts";
import { readWhole } from "../files/read_file.ts";
import type { RegularFileOptions } from "../files/regular_file.ts";
import { forgetWhole, isWhole, noteWhole } from "../files/whole_files.ts";

export interface WriteCheckpointOptions {
  /** Whole checkpoints to keep, this one included: from 1. Default: 2. */
  readonly keep?: number;
}

/** A folder may come from a stranger: what lies in it leads nowhere else. */
const inFolder: RegularFileOptions = { follow: false };

export interface FoundCheckpoint {
  readonly file: string;
  readonly checkpoint: Checkpoint;
}

export interface NewestCheckpoint {
  /** The whole one with the most steps; undefined when there is none. */
  readonly newest: FoundCheckpoint | undefined;
  /** Those with more steps that cannot be used, and why. */
  readonly damaged: readonly { readonly file: string; readonly error: CoreError }[];
}

/**
 * Writes a checkpoint into a folder that is there, as "step-<10 digits>.safetensors": whole and durable, or not at all.
 * Then, and only then, older ones are removed, until as many whole ones are left as are to be kept. A damaged one does
 * not count: the one before it is kept in its place.
 *
 * Where a symbolic link has the file's name, it is replaced, and not followed.
 *
 * Checkpoints of later steps are left alone: whoever goes back to an earlier step decides what becomes of them.
 *
 * @returns the file's path
 * @throws `CHECKPOINT_KEEP`; what `encodeCheckpoint` throws; `CHECKPOINT_WRITE` when the file cannot be written: all
 *   others are then as they were
 */
export async function writeCheckpoint(
  folder: string,
  checkpoint: Checkpoint,
  { keep = 2 }: WriteCheckpointOptions = {},
): Promise<string> {
  if (!Number.isSafeInteger(keep) || keep < 1) {
    throw new CoreError("CHECKPOINT_KEEP", `keep must be a whole number of checkpoints from 1; got ${shown(keep)}.`);
  }
  const file = path.join(folder, checkpointName(checkpoint.step));
  await atomicWrite(file, encodeCheckpoint(checkpoint), inFolder);
  // The checkpoint is safe: that something old stays is no reason to say otherwise.
  await noteWhole(file)
    .then(() => removeOld(folder, checkpoint.step, keep))
    .catch(() => {});
  return file;
}

/**
 * Reads one checkpoint.
 *
 * @param options.follow whether `file` may be a symbolic link. Default: true
 * @throws `CHECKPOINT_MISSING`, `CHECKPOINT_NOT_A_FILE`, `CHECKPOINT_READ`, and what `decodeCheckpoint` throws
 */
export async function readCheckpoint(
  file: string,
  options: RegularFileOptions = { follow: true },
): Promise<Checkpoint> {
  return decodeCheckpoint(await readWhole(file, options), file);
}

/**
 * Finds the whole checkpoint with the most steps in a folder, and says which damaged ones it passed over. What is no
 * regular file counts as damaged: symbolic links are not followed.
 *
 * @throws `CHECKPOINT_MISSING` when there is no such folder; `CHECKPOINT_READ` when it cannot be read
 */
export async function newestCheckpoint(folder: string): Promise<NewestCheckpoint> {
  const damaged: { file: string; error: CoreError }[] = [];
  for (const { file } of await listCheckpoints(folder)) {
    try {
      return { newest: { file, checkpoint: await readCheckpoint(file, inFolder) }, damaged };
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      damaged.push({ file, error });
    }
  }
  return { newest: undefined, damaged };
}

/**
 * The checkpoints of a folder by their names, those with the most steps first. None is opened: some may be damaged.
 *
 * @throws `CHECKPOINT_MISSING` when there is no such folder; `CHECKPOINT_READ` when it cannot be read
 */
export async function listCheckpoints(folder: string): Promise<{ readonly file: string; readonly step: number }[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") {
      throw new CoreError("CHECKPOINT_MISSING", `there is no folder ${folder}. Check its path.`, { cause });
    }
    throw new CoreError("CHECKPOINT_READ", `${folder} cannot be read: ${reason}. Give a folder of checkpoints.`, {
      cause,
    });
  }
  return names
    .flatMap((name) => {
      const step = checkpointStep(name);
      return step === undefined ? [] : [{ file: path.join(folder, name), step }];
    })
    .sort((a, b) => b.step - a.step);
}

async function removeOld(folder: string, step: number, keep: number): Promise<void> {
  let whole = 0;
  for (const { file, step: own } of await listCheckpoints(folder)) {
    if (own > step) continue;
    if (whole >= keep) {
      await rm(file, { force: true });
      forgetWhole(file);
    } else if (await isWhole(file, (found) => readCheckpoint(found, inFolder))) whole++;
  }
  // A process that was killed while it wrote left its file under the name of its step.
  const names = await readdir(folder);
  const unfinished = new Set(names.map((name) => /^\.(step-\d+\.safetensors)\./.exec(name)?.[1]));
  for (const name of unfinished) if (name !== undefined) await removeLeftovers(path.join(folder, name));
}
