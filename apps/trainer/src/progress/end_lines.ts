import path from "node:path";
import type { RunFolder } from "../runs/run_folder.ts";
import { counted, duration, grouped, percent } from "../terminal/numbers.ts";
import type { RunEnd } from "./run_description.ts";
import { runsFolder } from "../runs/run_names.ts";

/** What a run came to: its last lines. */
export function endLines(end: RunEnd): string[] {
  const {
    evaluation,
    best,
    reached,
    epochs,
    steps,
    seconds,
    imagesPerSecond,
    weightsSha256,
    stoppedBy,
    weightsFile,
    runFolder,
  } = end;
  const lines = [];
  if (stoppedBy !== undefined) lines.push(`Stopped by ${stoppedBy}; the weights are those of the last whole step`);
  if (evaluation !== undefined) {
    const when = stoppedBy === undefined ? "" : ` after epoch ${epochs}`;
    const share = percent(evaluation.testAccuracy);
    lines.push(`Accuracy of the network on the ${evaluation.total} test images${when}: ${share}`);
  }
  const speed = imagesPerSecond === undefined ? "" : `, ${grouped(imagesPerSecond)} images/s`;
  const whole = stoppedBy === undefined ? "epoch" : "whole epoch";
  lines.push("", `Time      ${counted(epochs, whole)}, ${counted(steps, "step")} in ${duration(seconds)}${speed}`);
  if (reached !== undefined) {
    const share = `${Number((reached.accuracy * 100).toFixed(4))} %`;
    lines.push(
      `          ${share} on the test images reached after ${duration(reached.seconds)}, in epoch ${reached.epoch}`,
    );
  }
  lines.push(`SHA-256   ${weightsSha256}`, `Weights   ${weightsFile.name}`);
  if (best !== undefined) {
    lines.push(
      `Best      ${best.file.name}: ${percent(best.validationAccuracy)} on the validation images, after epoch ${best.epoch}`,
    );
  }
  if (stoppedBy !== undefined) {
    lines.push("", goOnLine(runFolder));
    lines.push(`Try them: ${evaluateCommand(weightsFile.name)}`);
  }
  return lines;
}

/** The command that goes on with a run. */
export function goOnLine({ name }: RunFolder): string {
  return `Go on:    pnpm trainer start --resume ${quoted(name)}`;
}

function evaluateCommand(weights: string): string {
  // Of the runs in the usual folder the newest is taken by itself.
  if (weights.startsWith(`${runsFolder}${path.sep}`)) return "pnpm trainer evaluate";
  return `pnpm trainer evaluate --weights ${quoted(weights)}`;
}

/** As a shell takes it. */
function quoted(name: string): string {
  return /^[\w./\\:@%+=-]+$/.test(name) ? name : JSON.stringify(name);
}
