import { duration, grouped, percent } from "../terminal/numbers.ts";

/** Where a run is, as the progress line shows it. */
export interface Progress {
  readonly epoch: number;
  readonly epochs: number;
  /** Minibatches done in this epoch, and all of them. */
  readonly step: number;
  readonly steps: number;
  /** Of the epoch so far: training images a second, mean loss, share of the images classified right. */
  readonly imagesPerSecond: number;
  readonly loss: number;
  readonly accuracy: number;
  /** To the end of the run; nothing while no speed is known. */
  readonly secondsLeft: number | undefined;
}

const shortestBar = 8;
const longestBar = 40;

/**
 * Draws progress as one line that is narrower than the terminal. What does not fit is left out, the least missed first:
 * percentage, accuracy, speed, loss, time left, bar. Fields keep their width, so that nothing jumps.
 */
export function progressLine(progress: Progress, columns: number, colorDepth: number): string {
  const { epoch, epochs, step, steps, imagesPerSecond, loss, accuracy, secondsLeft } = progress;
  // The last column stays free, for some terminals wrap when it is written; two more are for the "^C" of a Ctrl-C,
  // which would wrap as well, and leave half a bar behind.
  const room = columns - 3;
  const head = `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`;
  if (secondsLeft === undefined) return fitted(`${head}  starting …`, room);
  const fields = [
    { text: percent(step / steps, 0).padStart(5), missed: 0 },
    { text: `${grouped(imagesPerSecond).padStart(6)} images/s`, missed: 2 },
    { text: `loss ${loss.toFixed(3)}`, missed: 3 },
    { text: `acc ${percent(accuracy, 1).padStart(6)}`, missed: 1 },
    { text: `${duration(secondsLeft).padStart(6)} left`, missed: 4 },
  ];
  for (let leftOut = 0; leftOut <= fields.length; leftOut++) {
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
