import type { BuiltLayer } from "./layers/built_layer.ts";
import { shapeText } from "./layers/shape.ts";

/** Grouped by hand: what a locale does would differ from machine to machine. */
function grouped(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** A table of the layers, as Keras prints it: shapes without the batch, parameters, forward FLOPs an image. */
export function summarize(inputShape: readonly number[], layers: readonly BuiltLayer[]): string {
  const counts = layers.map(({ parameters }) => parameters.reduce((sum, { size }) => sum + size, 0));
  const rows = [
    ["Layer (type)", "Output shape", "Parameters", "FLOPs"],
    ["input (image)", shapeText(inputShape), "0", "0"],
    ...layers.map(({ name, layer, outputShape, flops }, i) => [
      `${name} (${layer.kind})`,
      shapeText(outputShape),
      grouped(counts[i]),
      grouped(flops),
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("   "),
  );
  const parameters = counts.reduce((sum, count) => sum + count, 0);
  const flops = layers.reduce((sum, layer) => sum + layer.flops, 0);
  const rule = "═".repeat(lines[0].length);
  return [
    lines[0],
    rule,
    ...lines.slice(1),
    rule,
    `Total parameters: ${grouped(parameters)} (${bytesText(parameters * 4)})`,
    `Forward FLOPs per image: ${grouped(flops)}`,
  ].join("\n");
}

function bytesText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  let power = 0;
  while (power < units.length - 1 && bytes >= 1024 ** (power + 1)) power++;
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 2)} ${units[power]}`;
}
