import { CoreError } from "../../errors.ts";
import { parseBoundedJson } from "../json/bounded_json.ts";
import { checkpointKeys as keys } from "./checkpoint.ts";
import { quoted } from "../../network/printable.ts";
import { isSetting, largestSettings, type Settings, settingsJson, settingsSha256 } from "./settings_sha256.ts";
import { isForbiddenName } from "../safetensors/tensor_names.ts";

/** Settings have some dozen. */
const mostValues = 2 ** 12;

/** The metadata of a checkpoint, whose texts become what they stand for, or an error that names them. */
export class CheckpointMetadata {
  readonly #metadata: Readonly<Record<string, string>>;
  readonly #file: string;

  constructor(metadata: Readonly<Record<string, string>>, file: string) {
    this.#metadata = metadata;
    this.#file = file;
  }

  wholeNumber(key: string): number {
    const text = this.#text(key);
    // Sixteen digits are enough for 2^53, and few enough for no surprise.
    if (/^(0|[1-9]\d{0,15})$/.test(text)) return Number(text);
    throw this.#error(key, "a whole number");
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#metadata, key);
  }

  /** An object with a number under each of these names, and nothing else. */
  numbers<Name extends string>(key: string, names: readonly Name[]): Readonly<Record<Name, number>> {
    const isWhole = (value: unknown): value is Readonly<Record<Name, number>> =>
      isRecord(value) &&
      Object.keys(value).length === names.length &&
      names.every((name) => Object.hasOwn(value, name) && typeof value[name] === "number");
    return this.parse(key, (value) => {
      if (isWhole(value)) return value;
      throw this.#error(key, `an object of the numbers ${names.join(", ")}`);
    });
  }

  /** JSON, judged by a function that throws. */
  parse<Value>(key: string, judge: (value: unknown) => Value): Value {
    const text = this.#text(key);
    try {
      return judge(parseBoundedJson(text, mostValues));
    } catch (cause) {
      if (cause instanceof CoreError && cause.code === "CHECKPOINT_METADATA") throw cause;
      throw this.#error(key, "what Convoy wrote there", cause);
    }
  }

  settings(): Settings {
    const settings = this.parse(keys.settings, (value): Settings => {
      if (isRecord(value)) {
        const entries = Object.entries(value).filter(isSettingEntry);
        const fine = entries.every(([name]) => !isForbiddenName(name));
        if (fine && entries.length === Object.keys(value).length) return Object.fromEntries(entries);
      }
      throw this.#error(keys.settings, "an object of texts, numbers and booleans");
    });
    // Compared as text too: of a name that comes twice, only the last would be in the object.
    const same = settingsJson(settings) === this.#text(keys.settings);
    if (same && settingsSha256(settings) === this.#text(keys.settingsSha256)) return settings;
    throw new CoreError(
      "CHECKPOINT_SETTINGS",
      `${this.#file} has settings whose SHA-256 is not the one that it says. Use an unchanged copy.`,
    );
  }

  /** What is not the checkpoint's own. */
  rest(): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(this.#metadata).filter(([key]) => !key.startsWith("convoy.")));
  }

  #text(key: string): string {
    const text = Object.hasOwn(this.#metadata, key) ? this.#metadata[key] : undefined;
    if (text !== undefined && text.length <= largestSettings) return text;
    throw this.#error(key, `a text of at most ${largestSettings} characters`);
  }

  #error(key: string, expected: string, cause?: unknown): CoreError {
    const text = Object.hasOwn(this.#metadata, key) ? quoted(this.#metadata[key]) : "nothing";
    return new CoreError(
      "CHECKPOINT_METADATA",
      `${this.#file} must have as metadata ${key} ${expected}; got ${text}. Use an unchanged copy.`,
      { cause },
    );
  }
}

function isSettingEntry(entry: [string, unknown]): entry is [string, Settings[string]] {
  return isSetting(entry[1]);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
