import { CoreError } from "../../errors.ts";
import { engineFeatures } from "./engine_features.ts";

/** Node.js has relaxed SIMD without a flag from 21 on, of which 22 is the first with long support. */
const engines = "Use Node 22 or later, Bun, Deno, or a browser of 2025.";

/**
 * Finds out whether this JavaScript engine can run the kernels, before anything is started that needs them.
 *
 * @param relaxed whether they are those with relaxed SIMD, which all but tfjs's operations need. Default true
 * @throws `KERNELS_UNSUPPORTED` with what the engine lacks, why, and what to do
 */
export function checkEngine(relaxed = true): void {
  const lack = engineLack(relaxed);
  if (lack !== undefined) throw new CoreError("KERNELS_UNSUPPORTED", lack);
}

function engineLack(relaxed: boolean): string | undefined {
  const has = engineFeatures();
  if (!has.webAssembly) {
    const flag = startFlag(/jitless/);
    return flag === undefined
      ? `${engineName()} has no WebAssembly: something took it away, as --jitless does. ${engines}`
      : `${engineName()} has no WebAssembly, because it was started with ${flag}. Start it without.`;
  }
  if (!has.simd) {
    const flag = startFlag(/no-?enable-(sse|ssse|avx)|no-?experimental-wasm/);
    return flag === undefined
      ? `${engineName()} has no WebAssembly SIMD on this processor. It takes a 64-bit one, of x86 with SSE4.1. ${engines}`
      : `${engineName()} has no WebAssembly SIMD, because it was started with ${flag}. Start it without.`;
  }
  if (!relaxed) return undefined;
  if (!has.relaxedSimd)
    return `${engineName()} has no relaxed SIMD in its WebAssembly, at least without a flag. ${engines}`;
  if (!has.sharedMemory) return `${engineName()} has no shared WebAssembly memory. ${engines}`;
  return undefined;
}

interface EngineProcess {
  readonly arch?: string;
  readonly execArgv?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly versions?: Readonly<Record<string, string | undefined>>;
}

/** Browsers have none; Bun and Deno have one that says Node as well. */
function engineProcess(): EngineProcess {
  return (globalThis as { readonly process?: EngineProcess }).process ?? {};
}

function engineName(): string {
  const { versions: { bun, deno, node } = {}, arch } = engineProcess();
  for (const [name, version] of Object.entries({ Bun: bun, Deno: deno, Node: node })) {
    if (version !== undefined) return `${name} ${version} on ${arch}`;
  }
  return "this JavaScript engine";
}

/** The option that took something away, if the engine was started with one: on its command line or by NODE_OPTIONS. */
function startFlag(pattern: RegExp): string | undefined {
  const { execArgv = [], env } = engineProcess();
  const inEnvironment = (env?.NODE_OPTIONS ?? "").split(/\s+/).map((flag) => [flag, `${flag} in NODE_OPTIONS`]);
  const flags = [...execArgv.map((flag) => [flag, flag]), ...inEnvironment];
  return flags.find(([flag]) => pattern.test(flag.replaceAll("_", "-")))?.[1];
}
