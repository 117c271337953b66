import type { Settings } from "./job.ts";

/** How a peer's process is started. Set-ups with the same launch share one process. */
export interface Launch {
  readonly program: "node" | "python";
  /** In benchmarks/peers, or beside this file. */
  readonly script: string;
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** More than one: started by torchrun. */
  readonly processes: number;
}

/** One way to run one peer. */
export interface Setup {
  readonly peer: PeerName;
  readonly name: string;
  readonly launch: Launch;
  readonly settings: Settings;
  /** It needs a C++ compiler. */
  readonly compiles: boolean;
  /** Too slow for rounds: it gets a few steps. */
  readonly slow: boolean;
}

export type PeerName = "Convoy" | "PyTorch" | "TensorFlow" | "JAX" | "tfjs wasm" | "tfjs cpu";

/** The Python module of each peer that is written in Python. */
export const modules: Readonly<Partial<Record<PeerName, string>>> = {
  PyTorch: "torch",
  TensorFlow: "tensorflow",
  JAX: "jax",
};

/** glibc then keeps freed memory; by default each step gives it back and faults every page in again. */
const keepMemory = {
  MALLOC_TRIM_THRESHOLD_: "2147483647",
  MALLOC_TOP_PAD_: "268435456",
  MALLOC_MMAP_MAX_: "0",
};

/** All set-ups that are tried. `cores` of them run at the same time, where a set-up can use more than one. */
export function listSetups(cores: number): Setup[] {
  return [...convoy(cores), ...pytorch(cores), ...tensorflow(cores), ...jax(cores), ...tfjs()];
}

function convoy(cores: number): Setup[] {
  return ["narrow", "wide"].flatMap((kernels) =>
    counts(cores).map((workers) => ({
      peer: "Convoy" as const,
      name: `${kernels}, ${plural(workers, "worker")}`,
      // The flag goes to the whole process, so that narrow is measured as users without it have it.
      launch: node("convoy_process.ts", kernels === "wide" ? ["--experimental-wasm-revectorize"] : []),
      settings: { kernels, workers },
      compiles: false,
      slow: false,
    })),
  );
}

function pytorch(cores: number): Setup[] {
  const script = "peer_pytorch.py";
  const eager = counts(cores).flatMap((threads) => [
    { threads, channelsLast: false, compile: false },
    { threads, channelsLast: true, compile: false },
  ]);
  // Both of these take long to start, and one layout is enough to see whether they are worth it.
  const compiled = { threads: cores, channelsLast: true, compile: true };
  const name = ({ threads, channelsLast, compile }: (typeof eager)[number]) =>
    `${compile ? "compiled" : "eager"}, ${channelsLast ? "channels last, " : ""}${plural(threads, "thread")}`;
  const setup = (settings: (typeof eager)[number], launch: Launch, suffix: string): Setup => ({
    peer: "PyTorch",
    name: `${name(settings)}${suffix}`,
    launch,
    settings,
    compiles: settings.compile,
    slow: false,
  });
  const single = [...eager, compiled].map((settings) =>
    setup(settings, python(script, cores, keepMemory), ", memory kept"),
  );
  const plain = setup({ threads: cores, channelsLast: true, compile: false }, python(script, cores), "");
  if (cores === 1) return [...single, plain];
  const parallel = setup(
    { threads: 1, channelsLast: false, compile: false },
    { ...python(script, 1, keepMemory), processes: cores },
    ` in each of ${cores} processes, memory kept`,
  );
  return [...single, plain, parallel];
}

function tensorflow(cores: number): Setup[] {
  const graphs = counts(cores).map((threads) => ({ threads, xla: false }));
  return [...graphs, { threads: cores, xla: true }].map(({ threads, xla }) => ({
    peer: "TensorFlow",
    name: `graph, ${xla ? "XLA, " : ""}${plural(threads, "thread")}, memory kept`,
    launch: python("peer_tensorflow.py", threads, keepMemory),
    settings: { xla },
    compiles: false,
    slow: false,
  }));
}

function jax(cores: number): Setup[] {
  return counts(cores).map((threads) => ({
    peer: "JAX",
    name: `jit, ${plural(threads, "thread")}, memory kept`,
    launch: python("peer_jax.py", threads, keepMemory),
    settings: {},
    compiles: false,
    slow: false,
  }));
}

/** Stock tfjs has one thread in Node. */
function tfjs(): Setup[] {
  return [
    {
      peer: "tfjs wasm",
      name: "with the kernels that it lacks, 1 thread",
      launch: node("convoy_process.ts", []),
      settings: { workers: 1, replica: "tape" },
      compiles: false,
      slow: true,
    },
    {
      peer: "tfjs cpu",
      name: "plain JavaScript, 1 thread",
      launch: node("tfjs_cpu_process.ts", []),
      settings: {},
      compiles: false,
      slow: true,
    },
  ];
}

function node(script: string, flags: readonly string[]): Launch {
  return { program: "node", script, flags, environment: {}, processes: 1 };
}

function python(script: string, threads: number, environment: Readonly<Record<string, string>> = {}): Launch {
  return {
    program: "python",
    script,
    flags: [],
    environment: { OMP_NUM_THREADS: String(threads), TF_CPP_MIN_LOG_LEVEL: "3", ...environment },
    processes: 1,
  };
}

function counts(cores: number): number[] {
  return cores === 1 ? [1] : [1, cores];
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
