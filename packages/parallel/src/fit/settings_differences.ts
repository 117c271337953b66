import { printable } from "@convoy/core/training";
import type { RunIdentity } from "./run_identity.ts";

/** So many are named one by one. */
const most = 12;

/** A setting of a run, by its path, in the run of a checkpoint and in the one that is to continue it. */
export interface SettingsDifference {
  readonly name: string;
  readonly before: unknown;
  readonly now: unknown;
}

/** Settings that decide which weights are the best, and none of their bits. */
const ofValidation: ReadonlySet<string> = new Set(["validationSha256"]);

export function differingSettings(before: RunIdentity, now: RunIdentity): SettingsDifference[] {
  const old = flatSettings(before);
  const current = flatSettings(now);
  const all = [...new Set([...old.keys(), ...current.keys()])]
    .map((name) => ({ name, before: old.get(name), now: current.get(name) }))
    .filter((difference) => difference.before !== difference.now);
  // Other kernels are the consequence of another network, and of another way to compute it.
  const isConsequence = all.some(({ name }) => /^(kernels|replica|inputShape|layers)\b/.test(name));
  return isConsequence ? all.filter(({ name }) => name !== "kernelsSha256") : all;
}

/**
 * Says what differs of all that decides bits.
 *
 * @returns "batchSize was 64 and is 32", and the like
 */
export function settingsDifferences(before: RunIdentity, now: RunIdentity): string[] {
  const all = differingSettings(before, now).filter(({ name }) => !ofValidation.has(name));
  const lines = all
    .slice(0, most)
    .map(
      (difference) => `${printable(difference.name)} was ${shown(difference.before)} and is ${shown(difference.now)}`,
    );
  return all.length > most ? [...lines, `and ${all.length - most} more`] : lines;
}

/** Each value by its path: "optimizer.learningRate", "layers.3.units". */
function flatSettings({ optimizer, seed, model, settings }: RunIdentity): ReadonlyMap<string, unknown> {
  const flat = new Map<string, unknown>();
  const add = (path: string, value: unknown): void => {
    if (typeof value !== "object" || value === null) {
      flat.set(path, value);
      return;
    }
    for (const [name, part] of Object.entries(value)) {
      // They decide the first weights alone, and a checkpoint has weights.
      if (!name.endsWith("Initializer")) add(path === "" ? name : `${path}.${name}`, part);
    }
  };
  add("", { seed, ...settings, optimizer, inputShape: model?.inputShape, layers: model?.layers });
  return flat;
}

/** A fingerprint is recognised by its beginning. */
function shown(value: unknown): string {
  if (value === undefined) return "not there";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return printable(text.length > 24 ? `${text.slice(0, 24)}…` : text);
}
