import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import { seedCnn, networkStructure, type SequentialConfig } from "@convoy/core/training";
import { CheckDisplay } from "./check_display.ts";
import { chooseKernels, type ChooseKernelsOptions } from "./choose_kernels.ts";
import { machineKey } from "./machine_key.ts";
import { VerdictCache } from "./verdict_cache.ts";

const root = await mkdtemp(path.join(tmpdir(), "convoy-kernels-"));
test.after.always(() => rm(root, { recursive: true, force: true }));

let folders = 0;

const says = (result: unknown): string => `process.stdout.write(${JSON.stringify(`${JSON.stringify(result)}\n`)});`;
const fit = says({ differences: [], ratio: 2 });

/** What the children run; without a word, they find nothing wrong. */
interface Answers {
  readonly machine?: string;
  readonly network?: string;
}

const plain = { isTerminal: false, columns: 80, colorDepth: 1 };

/** A start whose children run these programs; the cache is its own unless it is given. */
function withPrograms({ machine = fit, network = fit }: Answers, more: Partial<ChooseKernelsOptions> = {}) {
  const folder = path.join(root, `${folders++}`);
  const programs = { machine: `${folder}-machine.mjs`, network: `${folder}-network.mjs` };
  const lines: string[] = [];
  const options: ChooseKernelsOptions = {
    signal: new AbortController().signal,
    tell: (line) => void lines.push(line),
    display: new CheckDisplay({ ...plain, write: (text) => void lines.push(text.trimEnd()) }),
    cache: folder,
    programs,
    ...more,
  };
  const choose = async (choice: "auto" | "wide" | "narrow", model: SequentialConfig = seedCnn().toJSON()) => {
    await writeFile(programs.machine, machine);
    await writeFile(programs.network, network);
    return chooseKernels(choice, model, options);
  };
  const kept = async (): Promise<number> => (await readdir(options.cache!).catch(() => [])).length;
  return { choose, lines, kept, cache: options.cache };
}

async function machineIsFit(cache: string | undefined): Promise<void> {
  await new VerdictCache(cache, machineKey()).keep({ wide: true });
}

const failures: Readonly<
  Record<string, readonly [program: string, reason: RegExp, more?: Partial<ChooseKernelsOptions>]>
> = {
  aborts: [`process.abort();`, /engine failed at .*wide kernels, by SIGABRT/],
  "dies as V8 does": [
    `process.stderr.write("#\\n# Fatal error in , line 0\\n# unreachable code\\n#\\n"); process.kill(process.pid, "SIGILL");`,
    /by SIGILL: unreachable code\.$/,
  ],
  throws: [`throw new Error("no backend\\n at all");`, /with exit code 1: .*no backend/],
  exits: ["process.exit(7);", /with exit code 7\.$/],
  hangs: ["for (;;);", /took more than 0\.5 seconds of processor time/, { processorSeconds: 0.5 }],
  differs: [
    says({ differences: ["conv2d_1/kernel is off", "more"] }),
    /computes .* wrongly: conv2d_1\/kernel is off\.$/,
  ],
  "says nothing": ["", /gave no answer/],
  "says nonsense": ["console.log('yes');", /gave no answer/],
};

const slowness: typeof failures = {
  "is no faster": [says({ differences: [], ratio: 1.19 }), /gain too little on this processor: 1\.19 times/],
  "does not say how fast": [says({ differences: [] }), /gain too little/],
};

function deleteToAskAgain(isNetwork: boolean): RegExp {
  return new RegExp(`delete .*${isNetwork ? "wide-network" : "wide-kernels"}-[0-9a-f]{16}\\.json\\.$`);
}

const tables = { machine: { ...failures, ...slowness }, network: failures } as const;
for (const about of ["machine", "network"] as const) {
  const isNetwork = about === "network";
  for (const [what, [program, reason, more]] of Object.entries(tables[about])) {
    test(`a child that ${what} over the ${about} means narrow kernels, in one line and for later starts`, async (t) => {
      const { choose, lines, kept, cache } = withPrograms({ [about]: program }, more);
      // No child is to be late because the one before it was.
      if (isNetwork) await machineIsFit(cache);
      t.is(await choose("auto"), "narrow");
      t.is(lines.length, 2);
      t.regex(lines[0], new RegExp(`^Checking, once for this ${about}`));
      t.regex(lines.at(-1), /^Narrow kernels: [^\n]+\.$/);
      t.regex(lines.at(-1), reason);
      t.is(/ this network's wide kernels/.test(lines.at(-1)), isNetwork);
      t.is(await kept(), isNetwork ? 2 : 1);
      // The child would now say otherwise, but nobody asks it.
      const later = withPrograms({}, { cache });
      t.is(await later.choose("auto"), "narrow");
      t.deepEqual(later.lines, [lines.at(-1)]);
      const error = await t.throwsAsync(later.choose("wide"), { name: "KernelsError", code: "KERNELS_WIDE" });
      t.regex(error.message, deleteToAskAgain(isNetwork));
    });

    // Those above are refused by the verdict that was kept; these two are refused by a fresh one as well.
    if (what !== "aborts" && what !== "differs") continue;
    test(`wide kernels that are demanded end with a code when the child ${what} over the ${about}`, async (t) => {
      const { choose, cache } = withPrograms({ [about]: program }, more);
      if (isNetwork) await machineIsFit(cache);
      const error = await t.throwsAsync(choose("wide"), { name: "KernelsError", code: "KERNELS_WIDE" });
      t.regex(error.message, /^KERNELS_WIDE: [^\n]+Leave --kernels out[^\n]+$/);
      t.regex(error.message, deleteToAskAgain(isNetwork));
    });
  }
}

for (const signal of ["SIGINT", "SIGKILL"] as const) {
  test(`a child that someone ends with ${signal} says nothing about machine or network`, async (t) => {
    const ended = `process.kill(process.pid, "${signal}"); setInterval(() => {}, 1000);`;
    for (const about of ["machine", "network"] as const) {
      const { choose, lines, kept } = withPrograms({ [about]: ended });
      t.is(await choose("auto"), "narrow");
      t.regex(lines.at(-1), new RegExp(`was ended by ${signal}`));
      t.is(await kept(), about === "machine" ? 0 : 1);
    }
  });
}

const passing: Readonly<Record<string, readonly [program: string, reason: RegExp, patience?: number]>> = {
  "waits for ever": ["setInterval(() => {}, 1000);", /did not end within 0\.7 seconds/, 700],
  "finds no room": [`throw new Error("EMFILE: too many open files");`, /exit code 1: .*EMFILE/],
  "gets no memory": [
    `process.stderr.write("FATAL ERROR: Reached heap limit Allocation failed - out of memory\\n"); process.abort();`,
    /by SIGABRT: .*out of memory/,
  ],
};

for (const [what, [program, reason, patience]] of Object.entries(passing)) {
  test(`a child that ${what} means narrow kernels now, and the next start asks again`, async (t) => {
    const { choose, lines, kept, cache } = withPrograms({ machine: program }, { patience });
    t.is(await choose("auto"), "narrow");
    t.regex(lines.at(-1), reason);
    t.is(await kept(), 0);
    t.is(await withPrograms({}, { cache }).choose("auto"), "wide");
  });
}

test("an interrupted start ends its child and keeps no verdict", async (t) => {
  const controller = new AbortController();
  const begin = (): void => void setTimeout(() => controller.abort(), 300);
  const display = { begin, part: () => {}, end: () => {} };
  const { choose, kept } = withPrograms({ machine: "for (;;);" }, { signal: controller.signal, display });
  t.is(await choose("auto"), "narrow");
  t.is(await kept(), 0);
});

test("narrow kernels ask nobody", async (t) => {
  const { choose, lines, kept } = withPrograms({ machine: "process.abort();" });
  t.is(await choose("narrow"), "narrow");
  t.deepEqual(lines, []);
  t.is(await kept(), 0);
});

test("starts side by side come to one verdict", async (t) => {
  const cache = path.join(root, "shared");
  const machine = says({ differences: ["a"] });
  const starts = Array.from({ length: 4 }, () => withPrograms({ machine }, { cache }));
  t.deepEqual(await Promise.all(starts.map(({ choose }) => choose("auto"))), Array(4).fill("narrow"));
  t.deepEqual(new Set(starts.map(({ lines }) => lines[1])).size, 1);
  t.is((await readdir(cache)).length, 1);
});

test("the children run under the flag, and two good verdicts set it here", async (t) => {
  const program = `import process from "node:process";
     const under = process.execArgv.includes("--experimental-wasm-revectorize");
     process.stdout.write(JSON.stringify(under ? { differences: [], ratio: 1.5 } : { differences: ["no flag"] }));`;
  const { choose, lines, kept } = withPrograms({ machine: program, network: program });
  t.is(await choose("wide"), "wide");
  t.is(await choose("auto"), "wide");
  t.is(lines.length, 2);
  t.is(await kept(), 2);
});

test("the second child reads the network's structure, and has V8 optimize it at once", async (t) => {
  const model = seedCnn({ classes: 7 }).toJSON();
  const network = `import process from "node:process";
     import { json } from "node:stream/consumers";
     const differences = [];
     if (JSON.stringify(await json(process.stdin)) !== ${JSON.stringify(JSON.stringify(networkStructure(model)))})
       differences.push("another network");
     if (!process.execArgv.includes("--wasm-sync-tier-up")) differences.push("no flag");
     process.stdout.write(JSON.stringify({ differences }));`;
  t.is(await withPrograms({ network }).choose("wide", model), "wide");
});

test("each network is asked about once, whatever its first weights are", async (t) => {
  const network = says({ differences: ["conv2d_1/kernel is off"] });
  const first = withPrograms({ network });
  t.is(await first.choose("auto", seedCnn({ seed: 1 }).toJSON()), "narrow");
  t.is(first.lines.length, 3);
  const { cache } = first;
  const second = withPrograms({}, { cache });
  t.is(await second.choose("auto", seedCnn({ seed: 2 }).toJSON()), "narrow");
  t.deepEqual(second.lines, [first.lines[2]]);
  const other = withPrograms({ machine: "process.abort();" }, { cache });
  t.is(await other.choose("auto", seedCnn({ classes: 11 }).toJSON()), "wide");
  t.deepEqual(other.lines, [
    "Checking, once for this network, whether its wide kernels compute rightly; it takes seconds.",
  ]);
  t.is(await other.kept(), 3);
});

test("a child that ends before it has read a long description is judged by its ending", async (t) => {
  const { inputShape, seed } = seedCnn().toJSON();
  const long = { inputShape, layers: Array.from({ length: 100_000 }, () => ({ kind: "relu" }) as const), seed };
  const { choose, lines } = withPrograms({ network: "process.exit(7);" });
  t.is(await choose("auto", long), "narrow");
  t.regex(lines.at(-1), /with exit code 7\.$/);
});

test("tells how far a check is, part by part, and that it ended", async (t) => {
  const told: unknown[] = [];
  const display = {
    begin: () => void told.push("begin"),
    part: (parts: unknown) => void told.push(parts),
    end: () => void told.push("end"),
  };
  const program = [
    { done: 0, parts: 2 },
    { done: 1, parts: 2 },
    { differences: [], ratio: 2 },
  ]
    .map(says)
    .join("\n");
  const { choose } = withPrograms({ machine: program }, { display });
  t.is(await choose("auto"), "wide");
  t.deepEqual(told.slice(0, 4), ["begin", { done: 0, parts: 2 }, { done: 1, parts: 2 }, "end"]);
});
