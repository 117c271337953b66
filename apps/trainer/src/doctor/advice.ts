import { counted, percent } from "@convoy/parallel/progress";
import type { Findings } from "./findings.ts";

/** On quiet machines it was 0.5 to 0.7. */
const usualOfProduct = 0.5;

/** One sentence for each thing that could be better; one for none. */
export function advice(findings: Omit<Findings, "imagesPerSecond">): string[] {
  const { node, cores, quota, usable, workers, simd, kernels, memoryFree, memoryLimit, disk } = findings;
  const { load = 0, throttled = 0, ofClock = 1, ofProduct } = findings;
  const lines: string[] = [];
  if (quota !== undefined && quota < cores) {
    lines.push(`The container may use ${quota} of ${cores} cores: start with --workers ${usable}, or raise its quota.`);
  }
  if (load > cores / 4) {
    lines.push(
      `Other programs keep the processor busy: ${load.toFixed(1)} threads wanted ${counted(cores, "core")} in the last minute. ` +
        "End them, or expect a fraction of the speed.",
    );
  }
  if (throttled > 0.05) {
    lines.push(
      `The container had used up its quota in ${percent(throttled, 0)} of its time slices, and then all threads stand still: ` +
        "raise the quota, or give fewer --workers.",
    );
  }
  if (ofClock < 0.4) {
    lines.push(
      `A core computes ${percent(ofClock, 0)} of what it should at its clock: it is hot, saves power, or is shared with others.`,
    );
  }
  if (ofProduct < usualOfProduct / 2) {
    lines.push(
      `Training computes ${percent(ofProduct, 0)} of what its cores do in bare products, and half is usual: something else ` +
        "takes the processor's time, or its memory's.",
    );
  }
  if (workers < usable) {
    lines.push(`Batches of 64 keep ${workers} of ${usable} threads busy: larger batches, or more --shards, use all.`);
  }
  if (!simd)
    lines.push("This processor or this Node has no WebAssembly SIMD, without which nothing is trained: update Node.");
  else if (kernels === "narrow")
    lines.push("Narrow kernels run; wide ones need an x64 processor with AVX2 and their check.");
  if (Number(node.split(".")[0]) < 26) lines.push(`Node ${node} works; 26 is what Convoy is measured with.`);
  if (Math.min(memoryFree, memoryLimit ?? Infinity) < 1e9)
    lines.push("Less than 1 GB of memory is free: a run may not fit beside what else runs.");
  if (disk !== undefined && disk < 1e8) lines.push("Less than 0.1 GB is free on the disk: checkpoints may not fit.");
  return lines.length === 0 ? ["Nothing to improve."] : lines;
}
