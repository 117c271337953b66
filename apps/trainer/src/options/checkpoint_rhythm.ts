import { UsageError } from "../errors.ts";
import type { Option } from "./option.ts";
import { shown } from "./shown.ts";

/** When a run is saved, as `fit` takes it. */
export interface CheckpointRhythm {
  readonly everySteps?: number;
  readonly everyEpochs?: number;
  readonly everySeconds?: number;
}

const units: Readonly<Record<string, keyof CheckpointRhythm>> = {
  step: "everySteps",
  epoch: "everyEpochs",
  s: "everySeconds",
};
/** More than any run has. */
const most = 1e9;

/** A number with its unit, such as "500steps", "2epochs" or "10s". */
export const checkpointRhythm: Option<CheckpointRhythm> = {
  placeholder: "<rhythm>",
  description: "500steps, 2epochs or 10s: when the run is saved, beside its start and its end",
  defaultText: "1epoch, and 30s within an epoch",
  initial: { everyEpochs: 1, everySeconds: 30 },
  parse: (text, name) => {
    const match = /^(\d+(?:\.\d+)?)(step|epoch|s)s?$/.exec(text);
    const value = Number(match?.[1]);
    const unit = units[match?.[2] ?? ""];
    const isWhole = unit === "everySeconds" ? !text.endsWith("ss") : Number.isInteger(value);
    if (match !== null && unit !== undefined && isWhole && value > 0 && value <= most) return { [unit]: value };
    throw new UsageError("OPTION_VALUE", `${name} must be like 500steps, 2epochs or 10s; got ${shown(text)}.`);
  },
};
