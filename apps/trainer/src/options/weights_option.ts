import { text, type Option } from "./option.ts";

export const weightsOption: Option<string | undefined> = text(
  "<file>",
  "final.safetensors or best.safetensors of a run, or its folder for the final ones",
  "those of the newest run in runs/",
);
