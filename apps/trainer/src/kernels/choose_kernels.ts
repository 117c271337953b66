import { homedir } from "node:os";
import process from "node:process";
import { networkStructure, type KernelVariant, type SequentialConfig } from "@convoy/core/training";
import { askChild, type ChildOptions } from "./ask_child.ts";
import type { CheckDisplay } from "./check_display.ts";
import { cacheFolder } from "./cache_folder.ts";
import type { KernelChoice } from "./kernel_choice.ts";
import { KernelsError } from "./kernels_error.ts";
import { machineKey, networkKey } from "./machine_key.ts";
import { machineQuestion, networkQuestion, type Programs, type Question } from "./question.ts";
import type { Verdict } from "./verdict.ts";
import { VerdictCache } from "./verdict_cache.ts";
import { setWideFlag } from "./wide_flag.ts";

export interface ChooseKernelsOptions extends ChildOptions {
  /** Told in one line why `auto` comes to narrow kernels. */
  readonly tell: (line: string) => void;
  /** Shows that a child is at work. Default: nobody is shown anything */
  readonly display?: Pick<CheckDisplay, "begin" | "part" | "end"> | undefined;
  /** Where verdicts are kept. Default: this system's cache folder */
  readonly cache?: string | undefined;
  /** What the children run. Default: the probes */
  readonly programs?: Programs | undefined;
}

/** A verdict, and the file that has it where there is one. */
interface Kept {
  readonly verdict: Verdict;
  readonly file: string | undefined;
}

/**
 * Decides which kernels a network runs, and for wide ones sets V8's flag in this process: to be called before any
 * WebAssembly is compiled. The first time on a machine, and the first time with a network, it asks a child process,
 * which takes seconds; later small files answer.
 *
 * @throws KernelsError KERNELS_WIDE when wide kernels are demanded and must not run
 */
export async function chooseKernels(
  choice: KernelChoice,
  network: SequentialConfig,
  options: ChooseKernelsOptions,
): Promise<KernelVariant> {
  if (choice === "narrow") return "narrow";
  const { verdict, file } = await verdictOf(network, options);
  if (options.signal.aborted) return "narrow";
  if (verdict.wide) {
    setWideFlag();
    return "wide";
  }
  if (choice === "auto") {
    options.tell(`Narrow kernels: ${verdict.reason}.`);
    return "narrow";
  }
  const again = file === undefined ? "" : ` To have it checked again, delete ${file}.`;
  throw new KernelsError("KERNELS_WIDE", `${verdict.reason}. Leave --kernels out to train without them.${again}`);
}

/** The machine's, and if that is good, the network's. */
async function verdictOf(network: SequentialConfig, options: ChooseKernelsOptions): Promise<Kept> {
  const folder = options.cache ?? cacheFolder(process.env, process.platform, homedir());
  const machine = machineKey();
  const ofMachine = await answer(new VerdictCache(folder, machine), machineQuestion(options.programs), options);
  if (!ofMachine.verdict.wide || options.signal.aborted) return ofMachine;
  const structure = networkStructure(network);
  const cache = new VerdictCache(folder, networkKey(machine, structure));
  return answer(cache, networkQuestion(structure, options.programs), options);
}

async function answer(cache: VerdictCache, question: Question, options: ChooseKernelsOptions): Promise<Kept> {
  const { file } = cache;
  const kept = await cache.read();
  if (kept !== undefined) return { verdict: kept, file };
  const { display } = options;
  display?.begin(question);
  const { verdict, isLasting } = await askChild(question, {
    ...options,
    onParts: (parts) => display?.part(parts),
  }).finally(() => display?.end());
  // Who is interrupted learns nothing about the machine.
  if (!isLasting || options.signal.aborted) return { verdict, file: undefined };
  return { verdict: await cache.keep(verdict), file };
}
