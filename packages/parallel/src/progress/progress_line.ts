import { lossText } from "./epoch_fields.ts";
import { duration, grouped, percent } from "./numbers.ts";
import type { ProgressNow } from "./progress_now.ts";

/** Where a run is, as the progress line shows it. */
export interface Progress extends ProgressNow {
  readonly epochs: number;
  /** Minibatches in an epoch. */
  readonly steps: number;
  readonly unit: "images" | "samples";
  /** In an epoch. */
  readonly count: number;
}

const shortestBar = 8;
const longestBar = 40;
/** How much the time left is missed: more than all others. */
const mostMissed = 4;

/**
 * Draws progress as one line that is narrower than the terminal. What does not fit is left out, the least missed first:
 * percentage, accuracy, speed, loss, time left, bar. Fields keep their width, so that nothing jumps.
 */
export function progressLine(progress: Progress, columns: number, colorDepth: number): string {
  const { epoch, epochs, step, steps, perSecond, unit, count, loss, accuracy } = progress;
  // The last column stays free, for some terminals wrap when it is written.
  const room = columns - 1;
  const head = `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`;
  if (perSecond === 0) return fitted(`${head}  starting …`, room);
  const secondsLeft = ((epochs - epoch + (steps - step) / steps) * count) / perSecond;
  const fields = [
    { text: percent(step / steps, 0).padStart(5), missed: 0 },
    { text: `${grouped(perSecond).padStart(6)} ${unit}/s`, missed: 2 },
    { text: `loss ${lossText(loss)}`, missed: 3 },
    ...(accuracy === undefined ? [] : [{ text: `acc ${percent(accuracy, 1).padStart(6)}`, missed: 1 }]),
    { text: `${duration(secondsLeft).padStart(6)} left`, missed: mostMissed },
  ];
  for (let leftOut = 0; leftOut <= mostMissed + 1; leftOut++) {
    const tail = fields.filter(({ missed }) => missed >= leftOut).map(({ text }) => `  ${text}`);
    const bar = Math.min(room - head.length - 2 - tail.join("").length, longestBar);
    if (bar >= shortestBar) return `${head}  ${drawBar(step / steps, bar, colorDepth)}${tail.join("")}`;
  }
  return fitted(head, room);
}

function fitted(line: string, room: number): string {
  return line.slice(0, Math.max(room, 0));
}

function drawBar(share: number, columns: number, colorDepth: number): string {
  const halves = Math.round(share * columns * 2);
  const done = "━".repeat(Math.floor(halves / 2)) + (halves % 2 === 1 ? "╸" : "");
  const left = "─".repeat(columns - done.length);
  return colorDepth === 1 ? done + left : `\x1b[32m${done}\x1b[90m${left}\x1b[0m`;
}
