import { UsageError, VerifyError } from "../errors.ts";
import { wholeNumber } from "../options/number_option.ts";
import { flag } from "../options/option.ts";
import { parseOptions } from "../options/parse_options.ts";
import { startOptions } from "../options/start_options.ts";
import { writeJson } from "../progress/json_reporter.ts";
import { findRun } from "../runs/saved_run.ts";
import { resumedOptions } from "../runs/run_options.ts";
import { checkpointPair, verifyRun } from "../runs/verify_run.ts";
import { counted } from "@convoy/parallel/progress";
import { prepareJob } from "../training/prepare_job.ts";
import { defineCommand, type Command } from "./command.ts";
import { programName } from "../program_name.ts";

export const verify: Command = defineCommand({
  name: "verify",
  description:
    "Goes from the first checkpoint that a run keeps to the last one again, with another number of workers, and compares " +
    "weights and optimizer state bit for bit. The run is only read.",
  options: {
    workers: wholeNumber({
      description: "threads; with as many as the run had, the same work is divided in the same way",
      initial: 1,
      least: 1,
      most: 1024,
    }),
    json: flag("one JSON object on standard output"),
  },
  positionals: ["<run>"],
  examples: ["verify runs/first", "verify runs/first --workers 3"],
  run: async ({ values, positionals }, environment) => {
    const [run] = positionals;
    if (run === undefined) {
      throw new UsageError("ARGUMENT_MISSING", `name the folder of a run, as in: ${programName} verify runs/first`);
    }
    const pair = await checkpointPair(await findRun(run, environment.directory));
    const { file, checkpoint, runFolder } = pair.to;
    const now = parseOptions("start", startOptions, ["--workers", String(values.workers), "--quiet"]);
    const job = await prepareJob(resumedOptions(file, checkpoint, now), runFolder, environment, pair.from);
    const result = await verifyRun(job, pair);
    const { steps, workers, saved, computed, same } = result;
    if (values.json) writeJson(environment.stdout, { event: "verification", ...result });
    const what = `${counted(steps, "step")} from step ${pair.from.checkpoint.step} with ${counted(workers, "worker")}`;
    if (!same) {
      throw new VerifyError(
        "VERIFY_DIFFERENT",
        `${what} gave other bits than ${runFolder.name} has: ${computed}, not ${saved}. Compare processor and Node with ` +
          "those in its run.json; where they are the same, please report it.",
      );
    }
    if (!values.json) environment.stdout.write(`The same bits: ${what}\nSHA-256   ${computed}\n`);
    return 0;
  },
});
