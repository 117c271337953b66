import { counted, duration, grouped, percent } from "../terminal/numbers.ts";
import type { RunEnd } from "./run_description.ts";

/** What a run came to: its last lines. */
export function endLines(end: RunEnd): string[] {
  const { evaluation, reached, epochs, steps, seconds, imagesPerSecond, weightsSha256, stoppedBy, weightsFile } = end;
  const lines = [];
  if (stoppedBy !== undefined) {
    lines.push(`Stopped by ${stoppedBy} after ${counted(epochs, "whole epoch")} and ${counted(steps, "step")} in all.`);
  }
  if (evaluation !== undefined) {
    const which = stoppedBy === undefined ? "" : `, after epoch ${epochs}`;
    const share = percent(evaluation.testAccuracy);
    lines.push(`Accuracy of the network on the ${evaluation.total} test images: ${share}${which}`);
  }
  if (reached !== undefined) {
    const share = `${Number((reached.accuracy * 100).toFixed(4))} %`;
    lines.push(`${share} reached after ${duration(reached.seconds)}, in epoch ${reached.epoch}`);
  }
  if (stoppedBy === undefined) {
    const speed = imagesPerSecond === undefined ? "" : `, ${grouped(imagesPerSecond)} images/s`;
    lines.push(`${counted(epochs, "epoch")}, ${counted(steps, "step")} in ${duration(seconds)}${speed}`);
  }
  lines.push(`SHA-256 of the weights: ${weightsSha256}`, `Weights saved in ${weightsFile.name}`);
  if (stoppedBy !== undefined) lines.push(`Try them: pnpm trainer evaluate --weights ${weightsFile.name}`);
  return lines;
}
