import { text, type Option } from "./option.ts";

export const weightsOption: Option<string | undefined> = text(
  "<file>",
  "final.safetensors of a run, or the folder that it is in",
  "those of the newest run in runs/",
);
