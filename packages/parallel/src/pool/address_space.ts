import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";
import { ParallelError } from "../errors.ts";
import { counted } from "../progress/numbers.ts";

const gibibyte = 2 ** 30;

/** What a thread takes beside its WebAssembly memory: heap, stack, code. Measured: 0.9 GiB on Node 22, 24 and 26. */
const perThread = gibibyte;

/**
 * Finds out whether threads can be had, each with a WebAssembly memory of its own, beside the one that they share. Engines
 * reserve 4 to 10 GiB of addresses for one, and fill almost none of them. A limit on addresses (`ulimit -v`, batch systems) makes that matter: a thread then
 * dies while it starts, of what looks like too little memory.
 *
 * @throws `ADDRESS_SPACE` when the limit leaves fewer; says for how many threads it suffices
 */
export function checkAddressSpace(threads: number): void {
  const limit = addressLimit();
  if (limit === undefined) return;
  const { own, shared } = reservations();
  // Node strips types by a WebAssembly program, which has a memory of its own.
  const memories = import.meta.url.endsWith(".ts") ? 2 : 1;
  const each = own * memories + perThread;
  const possible = Math.floor((limit - usedAddresses() - shared) / each);
  if (threads <= possible) return;
  const fewer = possible < 1 ? "" : `, use ${counted(possible, "worker")}`;
  throw addressSpaceError(`WebAssembly in ${counted(threads, "thread")}`, shared + threads * each, limit, fewer);
}

/**
 * What to say where a memory cannot be had.
 *
 * @returns nothing where addresses are not limited: then that is not the cause
 */
export function addressSpaceCause(what: string): ParallelError | undefined {
  const limit = addressLimit();
  return limit === undefined ? undefined : addressSpaceError(what, reservations().shared, limit, ", use fewer workers");
}

function addressSpaceError(what: string, needed: number, limit: number, fewer: string): ParallelError {
  const smaller =
    reservations().own > 2 ** 32 ? ", or start Node with --disable-wasm-trap-handler, which reserves less" : "";
  return new ParallelError(
    "ADDRESS_SPACE",
    `${what} reserves ${gibibytes(needed)} GiB of addresses, most of them never filled; this process has ` +
      `${gibibytes(usedAddresses())} and may have ${gibibytes(limit)} (ulimit -v). ` +
      `Lift the limit (ulimit -v unlimited)${fewer}${smaller}.`,
  );
}

/** In bytes; nothing where there is no limit, or where the system does not say. */
function addressLimit(): number | undefined {
  return process.platform === "linux" ? statistic("limits", /^Max address space +(\d+)/m) : undefined;
}

function usedAddresses(): number {
  return (statistic("status", /^VmSize:\s+(\d+)/m) ?? 0) * 1024;
}

/** A number that Linux tells of this process. */
function statistic(file: "limits" | "status", pattern: RegExp): number | undefined {
  try {
    const digits = pattern.exec(readFileSync(`/proc/self/${file}`, "utf8"))?.[1];
    return digits === undefined ? undefined : Number(digits);
  } catch {
    return undefined;
  }
}

/** The addresses that WebAssembly memories take. */
interface Reservations {
  /** One that may grow. */
  readonly own: number;
  /** One of a page that threads share. */
  readonly shared: number;
}

/** They depend on the engine and on its options. */
let measured: Reservations | undefined;

function reservations(): Reservations {
  measured ??= measure();
  return measured;
}

const program = `
  const used = () => 1024 * /VmSize:\\s+(\\d+)/.exec(require("fs").readFileSync("/proc/self/status", "utf8"))[1];
  globalThis.memories = [{ initial: 1, maximum: 65536 }, { initial: 1, maximum: 1, shared: true }].map((kind) => {
    const before = used();
    const memory = new WebAssembly.Memory(kind);
    console.log(used() - before);
    return memory;
  });`;

/** In a process of its own: here, memories that are tried would keep their addresses until they are collected as garbage. */
function measure(): Reservations {
  // All that 32 bits can address. Where an engine cannot have so much it takes less, which cannot grow.
  const least = 2 ** 32;
  if (process.versions["bun"] !== undefined || process.versions["deno"] !== undefined) {
    return { own: least, shared: least };
  }
  // Of the options of this process, those that bear on it; others might start a debugger or a program.
  const options = [...(process.env.NODE_OPTIONS ?? "").split(/\s+/), ...process.execArgv];
  const flags = options.filter((option) => /^--[a-z0-9-]*wasm[a-z0-9=-]*$/.test(option));
  const { stdout } = spawnSync(process.execPath, [...flags, "--input-type=commonjs", "-e", program], {
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "" },
    timeout: 10_000,
  });
  // A process that cannot have them, or does not even start, tells as much.
  const [own = 2 * least, shared = 2 * least] = (stdout ?? "").split("\n").filter(Boolean).map(Number);
  return { own: Math.max(least, own), shared };
}

function gibibytes(bytes: number): string {
  return (bytes / gibibyte).toFixed(1);
}
