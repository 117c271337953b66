import { printable, type OtherShape } from "@convoy/core/training";
import type { InitialWeights } from "../runs/initial_weights.ts";
import { counted, grouped } from "@convoy/parallel/progress";

/** So many tensors of a kind are named. */
const most = 12;

type Row = readonly [label: string, text: string];

/** Whose weights a run begins with, and, where not all fit, which are taken and which not and why. */
export function initialWeightsRows({ name, report }: InitialWeights): Row[] {
  if (report === undefined) return [["Weights", `at its start from ${name}`]];
  const { loaded, missing, otherShape, unknown, verified } = report;
  const total = loaded.length + missing.length + otherShape.length;
  const doubt = verified ? "" : "; it says no SHA-256 of its own, so nothing shows that it is undamaged";
  if (loaded.length === total && unknown.length === 0) {
    return [["Weights", `all ${counted(total, "tensor")} from ${name}${doubt}`]];
  }
  return [
    ["Weights", `${grouped(loaded.length)} of ${counted(total, "tensor")} from ${name}${doubt}`],
    ...listed("loaded", loaded.map(printable)),
    ...listed("new, not in the file", missing.map(printable)),
    ...listed("new, of another shape in the file", otherShape.map(shapes)),
    ...listed("left out, not in the network", unknown.map(printable)),
  ];
}

function shapes({ name, shape, needed }: OtherShape): string {
  return `${printable(name)} [${shape.join(", ")}] for [${needed.join(", ")}]`;
}

function listed(what: string, texts: readonly string[]): Row[] {
  if (texts.length === 0) return [];
  const more = texts.length > most ? ` and ${grouped(texts.length - most)} more` : "";
  return [["", `${what}: ${texts.slice(0, most).join(", ")}${more}`]];
}
