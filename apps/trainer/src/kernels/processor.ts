import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import process from "node:process";

/** Lines of /proc/cpuinfo that say what a processor is; the others say how fast it runs now, and which one it is. */
const telling: ReadonlySet<string> = new Set([
  "vendor_id",
  "cpu family",
  "model",
  "model name",
  "stepping",
  "flags",
  "CPU implementer",
  "CPU architecture",
  "CPU variant",
  "CPU part",
  "CPU revision",
  "Features",
  "isa",
  "cpu",
  "machine",
]);

/**
 * Tells processors apart: a cloud calls several generations by one name. The kinds of cores that there are, with the first
 * 16 digits of the SHA-256 of all that is known of them.
 *
 * @param cpuinfo what Linux says; nothing elsewhere
 * @param names of the cores, as Node has them
 * @param identifier as Windows has it, with family, model and stepping
 */
export function processorName(cpuinfo: string | undefined, names: readonly string[], identifier = ""): string {
  const kinds =
    cpuinfo === undefined
      ? []
      : cpuinfo
          .split(/\n\s*\n/)
          .map(tellingLines)
          .filter((lines) => lines !== "");
  const known = [...new Set([...kinds, ...names, identifier])].toSorted().join("\n");
  const digest = createHash("sha256").update(known).digest("hex").slice(0, 16);
  return `${names[0]?.trim() ?? "unknown"}, ${digest}`;
}

/** The one that this program runs on. */
export function processor(): string {
  const names = [...new Set(cpus().map(({ model }) => model))];
  const { PROCESSOR_IDENTIFIER: identifier } = process.env;
  return processorName(readCpuinfo(), names, identifier);
}

function tellingLines(core: string): string {
  return core
    .split("\n")
    .filter((line) => telling.has(line.split(":")[0].trim()))
    .join("\n");
}

function readCpuinfo(): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    return readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return undefined;
  }
}
