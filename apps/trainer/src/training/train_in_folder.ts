import path from "node:path";
import { Interruption, type Environment } from "../environment.ts";
import { isCoded, UsageError } from "../errors.ts";
import type { StartValues } from "../options/start_options.ts";
import { jsonReporter, writeJson } from "../progress/json_reporter.ts";
import { PeopleReporter } from "../progress/people_reporter.ts";
import type { Reporter } from "../progress/reporter.ts";
import { errorEvent } from "../report_error.ts";
import { MetricsFile } from "../runs/metrics_file.ts";
import { train } from "./train.ts";
import type { LoadingJob } from "./training_job.ts";
import { metricsFileName } from "../runs/run_names.ts";

/**
 * Trains in a folder that is this process's own, and keeps every event there.
 *
 * @returns the exit code
 * @throws what `train` throws; SaveError METRICS_WRITE when events of a run that ended well could not be kept
 */
export async function trainInFolder(
  job: LoadingJob,
  values: StartValues,
  environment: Environment,
  warnings: readonly Error[] = [],
): Promise<number> {
  const shown = chooseReporters(values, environment);
  const warn = (code: string, message: string): void => {
    for (const reporter of shown) reporter.event({ event: "warning", code, message });
  };
  const name = path.join(job.runFolder.name, metricsFileName);
  const metrics = new MetricsFile(path.join(job.runFolder.path, metricsFileName), ({ message }) => {
    warn("METRICS_WRITE", `METRICS_WRITE: ${name} cannot be written: ${message}. Its lines wait in memory; make room.`);
  });
  const reporters = [...shown, jsonReporter(metrics)];
  for (const { message } of warnings)
    warn("RESUME_DAMAGED", `RESUME_DAMAGED: the checkpoint before it is used. ${message}`);
  let exitCode: number;
  try {
    exitCode = await train(job, {
      reporters,
      metrics,
      signal: environment.signal,
      saveRequests: environment.saveRequests,
    });
  } catch (error) {
    if (!(error instanceof Interruption || error instanceof UsageError)) writeJson(metrics, errorEvent(error));
    for (const reporter of reporters) reporter.close();
    try {
      metrics.close();
    } catch (lost) {
      // It hides nothing of why the run failed.
      if (!isCoded(lost)) throw lost;
      warn(lost.code, lost.message);
    }
    throw error;
  }
  for (const reporter of reporters) reporter.close();
  metrics.close();
  return exitCode;
}

function chooseReporters({ json, quiet }: StartValues, { stdout, stderr }: Environment): Reporter[] {
  if (!json) return [new PeopleReporter(stdout, quiet)];
  return quiet ? [jsonReporter(stdout)] : [jsonReporter(stdout), new PeopleReporter(stderr, false)];
}
