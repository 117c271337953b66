import { createHash } from "node:crypto";
import { CoreError } from "../../errors.ts";
import { quoted } from "../../network/printable.ts";

/** Settings by name, flat, so that any two can be compared one by one. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

/** Characters of their JSON: a stranger's can take twenty times its own size in memory. */
export const largestSettings: number = 2 ** 16;

/**
 * The fingerprint of settings: the same for the same names and values, in whatever order they come.
 *
 *     SHA-256 of the UTF-8 bytes of `settingsJson`
 *
 * @throws `CHECKPOINT_SETTINGS` for a value that is no text, no boolean and no finite number, and for too many
 */
export function settingsSha256(settings: Settings): string {
  return createHash("sha256").update(settingsJson(settings)).digest("hex");
}

/** JSON whose names are in the order of their UTF-16 code units. */
export function settingsJson(settings: Settings): string {
  const members = Object.entries(settings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => {
      if (!isSetting(value)) {
        const got = typeof value === "number" ? String(value) : typeof value;
        throw new CoreError(
          "CHECKPOINT_SETTINGS",
          `setting ${quoted(name)} must be a text, a boolean or a finite number; got ${got}. Give it as text.`,
        );
      }
      return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
    });
  const text = `{${members.join(",")}}`;
  if (text.length <= largestSettings) return text;
  throw new CoreError(
    "CHECKPOINT_SETTINGS",
    `the settings take ${text.length} characters as JSON; ${largestSettings} are the most. Give a fingerprint of long ones.`,
  );
}

export function isSetting(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && isFinite(value));
}
