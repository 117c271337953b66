import { fileURLToPath } from "node:url";
import type { SequentialConfig } from "@convoy/core/training";

/** Something that a child process finds out under V8's flag. */
export interface Question {
  /** Whose verdict the answer is. */
  readonly about: "this machine" | "this network";
  /** What is checked, for the middle of a line. */
  readonly subject: string;
  readonly program: string;
  /** For V8, beside the one for wide kernels. */
  readonly flags: readonly string[];
  /** What the program reads. */
  readonly input: string;
  /** How many times faster than narrow kernels the wide ones have to be; 0 where the answer does not say. */
  readonly leastRatio: number;
}

/** The programs that answer. */
export interface Programs {
  readonly machine: string;
  readonly network: string;
}

/** The same from src/ and from dist/. */
const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";

const probes: Programs = {
  machine: fileURLToPath(new URL(`probe_machine.${extension}`, import.meta.url)),
  network: fileURLToPath(new URL(`probe_network.${extension}`, import.meta.url)),
};

/** Whether this engine runs wide kernels rightly at all, and gains by them. */
export function machineQuestion({ machine }: Programs = probes): Question {
  return {
    about: "this machine",
    subject: "the wide kernels",
    program: machine,
    // The kernels are small, and would be optimized late or, the rarest, never: a tenth of V8's own 13,000,000.
    flags: ["--wasm-tiering-budget=1300000"],
    input: "",
    // Where V8 has nothing to fuse wide kernels into, on a processor without AVX2, they take up to twice as long as
    // narrow ones; where it has, less than two thirds of the time.
    leastRatio: 1.2,
  };
}

/** Whether it runs rightly those that one network has for itself. */
export function networkQuestion(structure: SequentialConfig, { network }: Programs = probes): Question {
  return {
    about: "this network",
    subject: "this network's wide kernels",
    program: network,
    // A function is optimized after its first call, and the second one waits for it: two steps of any network do.
    flags: ["--wasm-tiering-budget=1000", "--wasm-sync-tier-up"],
    input: JSON.stringify(structure),
    leastRatio: 0,
  };
}
