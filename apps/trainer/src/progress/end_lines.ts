import path from "node:path";
import { counted, duration, grouped, percent } from "@convoy/parallel/progress";
import type { RunFolder } from "../runs/run_folder.ts";
import { runsFolder } from "../runs/run_names.ts";
import { shellQuoted } from "../terminal/shell_quoted.ts";
import { shownName } from "../terminal/shown_name.ts";
import { programName } from "../program_name.ts";
import type { RunEnd } from "./run_description.ts";

/** What a run came to: its last lines. */
export function endLines(end: RunEnd): string[] {
  const { evaluation, best, reached, epochs, resumedFrom, weightsSha256, stoppedBy, weightsFile, runFolder } = end;
  const lines = [];
  if (stoppedBy !== undefined) lines.push(`Stopped by ${stoppedBy}; the weights are those of the last whole step`);
  if (evaluation !== undefined) {
    const when = stoppedBy === undefined ? "" : ` after epoch ${epochs}`;
    const share = percent(evaluation.testAccuracy);
    lines.push(`Accuracy of the network on the ${evaluation.total} test images${when}: ${share}`);
  }
  lines.push("", ...timeLines(end));
  if (reached !== undefined) {
    const share = `${Number((reached.accuracy * 100).toFixed(4))} %`;
    const since = resumedFrom === undefined ? "" : " of these";
    lines.push(
      `          ${share} on the test images reached after ${duration(reached.seconds)}${since}, in epoch ${reached.epoch}`,
    );
  }
  lines.push(`SHA-256   ${weightsSha256}`, `Weights   ${shownName(weightsFile.name)}`);
  if (best !== undefined) {
    lines.push(
      `Best      ${shownName(best.file.name)}`,
      `          ${percent(best.validationAccuracy)} on the validation images, after epoch ${best.epoch}`,
    );
  }
  if (stoppedBy !== undefined) {
    lines.push("", goOnLine(runFolder));
    lines.push(`Try them: ${withWeights(`${programName} evaluate`, weightsFile.name)}`);
  }
  return lines;
}

/** Commands that one is likely to want after a run that came to its end; the lines of one that was stopped have them. */
export function nextLines({ stoppedBy, epochs, weightsFile, runFolder }: RunEnd): string[] {
  if (stoppedBy !== undefined) return [];
  const run = isUsual(runFolder.name) ? "" : ` ${shellQuoted(runFolder.name)}`;
  return [
    "",
    `Next      ${withWeights(`${programName} evaluate`, weightsFile.name)}`,
    `          ${withWeights(`${programName} predict picture.png`, weightsFile.name)}`,
    `          ${programName} start --resume${run} --epochs ${2 * epochs}`,
  ];
}

/** What was done here, and where others went before, what came of it in all. */
function timeLines({ epochs, steps, seconds, imagesPerSecond, stoppedBy, resumedFrom }: RunEnd): string[] {
  const speed = imagesPerSecond === undefined ? "" : `, ${grouped(imagesPerSecond)} images/s`;
  const whole = counted(epochs, stoppedBy === undefined ? "epoch" : "whole epoch");
  const all = `${whole}, ${counted(steps, "step")}`;
  if (resumedFrom === undefined) return [`Time      ${all} in ${duration(seconds)}${speed}`];
  const own = `${counted(steps - resumedFrom.step, "step")} in ${duration(seconds)}${speed}`;
  return [`Time      ${own}`, `          the whole run: ${all}`];
}

/** The command that goes on with a run. */
export function goOnLine({ name }: RunFolder): string {
  return `Go on:    ${programName} start --resume ${shellQuoted(name)}`;
}

function withWeights(command: string, weights: string): string {
  return isUsual(weights) ? command : `${command} --weights ${shellQuoted(weights)}`;
}

/** Of the runs in the usual folder the newest is taken by itself. */
function isUsual(name: string): boolean {
  return name.startsWith(`${runsFolder}${path.sep}`);
}
