import { homedir } from "node:os";
import process from "node:process";
import type { KernelVariant } from "@convoy/core";
import { askChild, type ChildOptions } from "./ask_child.ts";
import { cacheFolder } from "./cache_folder.ts";
import type { KernelChoice } from "./kernel_choice.ts";
import { KernelsError } from "./kernels_error.ts";
import { machineKey } from "./machine_key.ts";
import type { Verdict } from "./verdict.ts";
import { VerdictCache } from "./verdict_cache.ts";
import { setWideFlag } from "./wide_flag.ts";

export interface ChooseKernelsOptions extends ChildOptions {
  /** Told in one line why `auto` comes to narrow kernels. */
  readonly tell: (line: string) => void;
  /** Where verdicts are kept. Default: this system's cache folder */
  readonly cache?: string | undefined;
}

/**
 * Decides which kernels run, and for wide ones sets V8's flag in this process: to be called before any WebAssembly is
 * compiled. The first time on a machine it asks a child process, which takes seconds; later a small file answers.
 *
 * @throws KernelsError KERNELS_WIDE when wide kernels are demanded and must not run
 */
export async function chooseKernels(choice: KernelChoice, options: ChooseKernelsOptions): Promise<KernelVariant> {
  if (choice === "narrow") return "narrow";
  const { verdict, file } = await verdictOf(options);
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

async function verdictOf(options: ChooseKernelsOptions): Promise<{ verdict: Verdict; file: string | undefined }> {
  const folder = options.cache ?? cacheFolder(process.env, process.platform, homedir());
  const cache = new VerdictCache(folder, machineKey());
  const { file } = cache;
  const kept = await cache.read();
  if (kept !== undefined) return { verdict: kept, file };
  options.tell("Checking, once for this machine, whether its wide kernels compute rightly; it takes seconds.");
  const { verdict, isLasting } = await askChild(options);
  // Who is interrupted learns nothing about the machine.
  if (!isLasting || options.signal.aborted) return { verdict, file: undefined };
  return { verdict: await cache.keep(verdict), file };
}
