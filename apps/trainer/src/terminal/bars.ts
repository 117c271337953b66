import { printable } from "@convoy/core/training";
import { percent } from "@convoy/parallel/progress";
import { columnsOf, padEnd } from "./pad.ts";
import type { TextBlock } from "./text_block.ts";

export interface Bar {
  readonly label: string;
  /** 0 to 1. */
  readonly share: number;
  /** Marked, so that it is found without reading all. */
  readonly marked: boolean;
}

/** Eighths of a cell, from none to seven. */
const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/**
 * Draws labelled bars with their percentages, one a line. Without colors the bars are plain letters, for any file or
 * screen can show those.
 */
export function drawBars(given: readonly Bar[], barColumns: number, colorDepth: number): TextBlock {
  const plain = colorDepth === 1;
  // Names of classes come with files: a terminal must not obey them.
  const bars = given.map((bar) => ({ ...bar, label: printable(bar.label) }));
  const labelColumns = Math.max(...bars.map(({ label }) => columnsOf(label)));
  const lines = bars.map(({ label, share, marked }) => {
    const bar = plain ? "#".repeat(Math.round(share * barColumns)) : blocks(share, barColumns);
    const shown = percent(share).padStart(8);
    const line = `${marked ? ">" : " "} ${padEnd(label, labelColumns)} ${bar.padEnd(barColumns)} ${shown}`;
    return marked && !plain ? `\x1b[1m${line}\x1b[0m` : line;
  });
  return { lines, columns: 2 + labelColumns + 1 + barColumns + 9 };
}

function blocks(share: number, columns: number): string {
  const cells = Math.round(share * columns * 8);
  return "█".repeat(Math.floor(cells / 8)) + eighths[cells % 8];
}
