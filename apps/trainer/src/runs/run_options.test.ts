import path from "node:path";
import type { Checkpoint } from "@convoy/core";
import test from "ava";
import { parseOptions } from "../options/parse_options.ts";
import { startOptions } from "../options/start_options.ts";
import { optionsMetadata, resumedOptions } from "./run_options.ts";

const parsed = (...argv: string[]) => parseOptions("start", startOptions, argv);
const here = path.resolve("data");

function resumed(metadata: Readonly<Record<string, string>>, ...now: string[]) {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else of it is looked at
  const checkpoint = { metadata, settings: { kernels: "narrow" } } as unknown as Checkpoint;
  return resumedOptions("step.safetensors", checkpoint, parsed(...now)).values;
}

test("a run goes on with its options and its data, and with what is given now instead", (t) => {
  const { given } = parsed(
    "--epochs",
    "3",
    "--optimizer",
    "sgd",
    "--nesterov",
    "--keep=5",
    "--checkpoint-every",
    "9steps",
  );
  const metadata = optionsMetadata(given, here);
  const before = { epochs: 3, optimizer: "sgd", nesterov: true, keep: 5, "checkpoint-every": { everySteps: 9 } };
  t.like(resumed(metadata), { ...before, "data-dir": here, kernels: "narrow", "batch-size": 64 });
  t.like(resumed(metadata, "--epochs", "4", "--data-dir", "other", "--kernels", "wide"), {
    ...before,
    epochs: 4,
    "data-dir": "other",
    kernels: "wide",
  });
  t.is(resumed(optionsMetadata(given, undefined))["data-dir"], undefined);
});

test("what belongs to one process is not kept for the next", (t) => {
  const argv = ["--workers=3", "--run-dir=x", "--json", "--quiet", "--kernels=wide", "--data-dir=x", "--init-from=x"];
  const { given } = parsed(...argv, "--allow-partial", "--override", "--resume=x");
  t.deepEqual(optionsMetadata(given, undefined), { options: "{}" });
});

for (const [what, metadata] of Object.entries({
  "no options": {},
  "a command line": { options: '["--override","--data-dir=/etc"]' },
  "the command line of an older version": { start: '["--override","--data-dir=/etc"]' },
  "no JSON": { options: "{" },
  "JSON of something else": { options: "3" },
  nothing: { options: "null" },
  "an option that start does not have": { options: '{"nonsense":""}' },
  "a name that every object has": { options: '{"constructor":""}' },
  "a value that the option cannot have": { options: '{"epochs":"x"}' },
  "a number instead of its text": { options: '{"epochs":3}' },
  "a flag with a value": { options: '{"nesterov":"no"}' },
  "a permission to change settings": { options: '{"override":""}' },
  "a folder to write": { options: '{"run-dir":"/tmp/x"}' },
  "a file to begin with": { options: '{"init-from":"/etc/passwd"}' },
  "a folder to read as an option": { options: '{"data-dir":"/etc"}' },
  "threads without end": { options: '{"workers":"1024"}' },
  "another run": { options: '{"resume":"/other"}' },
  silence: { options: '{"quiet":""}' },
  "a data folder that is not named in full": { options: "{}", dataFolder: "../data" },
  "a data folder with an order to the terminal": { options: "{}", dataFolder: `${here}\u001b[2J` },
})) {
  test(`refuses a checkpoint whose options are ${what}`, (t) => {
    t.throws(() => resumed(metadata), { code: "RESUME_CHECKPOINT", message: /^RESUME_CHECKPOINT: [^\p{C}]+$/u });
  });
}
