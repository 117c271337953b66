import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import { chooseKernels, type ChooseKernelsOptions } from "./choose_kernels.ts";

const root = await mkdtemp(path.join(tmpdir(), "convoy-kernels-"));
test.after.always(() => rm(root, { recursive: true, force: true }));

let folders = 0;

/** A start whose child runs `program`; the cache is its own unless it is given. */
function withProgram(program: string, more: Partial<ChooseKernelsOptions> = {}) {
  const folder = path.join(root, `${folders++}`);
  const file = `${folder}.mjs`;
  const lines: string[] = [];
  const options: ChooseKernelsOptions = {
    signal: new AbortController().signal,
    tell: (line) => void lines.push(line),
    cache: folder,
    program: file,
    ...more,
  };
  const choose = async (choice: "auto" | "wide" | "narrow") => {
    await writeFile(file, program);
    return chooseKernels(choice, options);
  };
  const kept = async (): Promise<number> => (await readdir(options.cache!).catch(() => [])).length;
  return { choose, lines, kept, cache: options.cache };
}

const says = (result: unknown): string => `process.stdout.write(${JSON.stringify(`${JSON.stringify(result)}\n`)});`;

const failures: Readonly<
  Record<string, readonly [program: string, reason: RegExp, more?: Partial<ChooseKernelsOptions>]>
> = {
  aborts: [`process.abort();`, /engine failed at the wide kernels, by SIGABRT/],
  "dies as V8 does": [
    `process.stderr.write("#\\n# Fatal error in , line 0\\n# unreachable code\\n#\\n"); process.kill(process.pid, "SIGILL");`,
    /by SIGILL: unreachable code\.$/,
  ],
  throws: [`throw new Error("no backend\\n at all");`, /with exit code 1: .*no backend/],
  exits: ["process.exit(7);", /with exit code 7\.$/],
  hangs: ["for (;;);", /did not end within 0\.7 seconds/, { patience: 700 }],
  "waits for ever": ["setInterval(() => {}, 1000);", /did not end within 0\.7 seconds/, { patience: 700 }],
  differs: [
    says({ differences: ["conv2d_1/kernel is off", "more"] }),
    /computes .* wrongly: conv2d_1\/kernel is off\.$/,
  ],
  "says nothing": ["", /gave no answer/],
  "says nonsense": ["console.log('yes');", /gave no answer/],
  "is no faster": [says({ differences: [], ratio: 1.19 }), /gain too little on this processor: 1\.19 times/],
  "does not say how fast": [says({ differences: [] }), /gain too little/],
};

for (const [what, [program, reason, more]] of Object.entries(failures)) {
  test(`a child that ${what} means narrow kernels, in one line and for later starts`, async (t) => {
    const { choose, lines, kept, cache } = withProgram(program, more);
    t.is(await choose("auto"), "narrow");
    t.is(lines.length, 2);
    t.regex(lines[0], /^Checking, once/);
    t.regex(lines[1], /^Narrow kernels: [^\n]+\.$/);
    t.regex(lines[1], reason);
    t.is(await kept(), 1);
    // The child would now say otherwise, but nobody asks it.
    const later = withProgram(says({ differences: [], ratio: 2 }), { cache });
    t.is(await later.choose("auto"), "narrow");
    t.deepEqual(later.lines, [lines[1]]);
  });

  test(`wide kernels that are demanded end with a code when the child ${what}`, async (t) => {
    const { choose } = withProgram(program, more);
    const error = await t.throwsAsync(choose("wide"), { name: "KernelsError", code: "KERNELS_WIDE" });
    t.regex(error.message, /^KERNELS_WIDE: [^\n]+Leave --kernels out[^\n]+delete .*wide-kernels-[0-9a-f]{16}\.json\.$/);
  });
}

for (const signal of ["SIGINT", "SIGKILL"] as const) {
  test(`a child that someone ends with ${signal} says nothing about the machine`, async (t) => {
    const { choose, lines, kept } = withProgram(`process.kill(process.pid, "${signal}"); setInterval(() => {}, 1000);`);
    t.is(await choose("auto"), "narrow");
    t.regex(lines[1], new RegExp(`was ended by ${signal}`));
    t.is(await kept(), 0);
  });
}

test("an interrupted start ends its child and keeps no verdict", async (t) => {
  const controller = new AbortController();
  const tell = (): void => void setTimeout(() => controller.abort(), 300);
  const { choose, kept } = withProgram("for (;;);", { signal: controller.signal, tell });
  t.is(await choose("auto"), "narrow");
  t.is(await kept(), 0);
});

test("narrow kernels ask nobody", async (t) => {
  const { choose, lines, kept } = withProgram("process.abort();");
  t.is(await choose("narrow"), "narrow");
  t.deepEqual(lines, []);
  t.is(await kept(), 0);
});

test("starts side by side come to one verdict", async (t) => {
  const cache = path.join(root, "shared");
  const program = says({ differences: ["a"] });
  const starts = Array.from({ length: 4 }, () => withProgram(program, { cache }));
  t.deepEqual(await Promise.all(starts.map(({ choose }) => choose("auto"))), Array(4).fill("narrow"));
  t.deepEqual(new Set(starts.map(({ lines }) => lines[1])).size, 1);
  t.is((await readdir(cache)).length, 1);
});

test("the child runs under the flag, and the verdict wide sets it here", async (t) => {
  const { choose, lines, kept } = withProgram(
    `import process from "node:process";
     const under = process.execArgv.includes("--experimental-wasm-revectorize");
     process.stdout.write(JSON.stringify(under ? { differences: [], ratio: 1.5 } : { differences: ["no flag"] }));`,
  );
  t.is(await choose("wide"), "wide");
  t.is(await choose("auto"), "wide");
  t.is(lines.length, 1);
  t.is(await kept(), 1);
});
