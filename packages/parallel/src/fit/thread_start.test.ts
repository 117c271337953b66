import { execFile } from "node:child_process";
import { mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import { bands, smallNetwork } from "../../test/small_network.ts";
import { fit } from "./fit.ts";

const program = fileURLToPath(new URL("../../test/starting_program.ts", import.meta.url));
const agent = (name: string): string => new URL(`../../test/agents/${name}.mjs`, import.meta.url).href;

interface Outcome {
  readonly weightsSha256?: string;
  readonly code?: string;
  readonly message?: string;
  readonly cause?: string;
  readonly resources?: readonly string[];
  readonly seconds?: number;
}

/** What a program of its own comes to, which is started by `before`. */
async function outcomes(before: readonly string[], ...args: readonly string[]): Promise<Outcome[]> {
  const [command, ...rest] = before;
  const { stdout } = await promisify(execFile)(command, [...rest, program, ...args], { timeout: 100_000 });
  const found: Outcome[] = JSON.parse(stdout);
  return found;
}

test("threads start where Node makes no code of text", async (t) => {
  const [{ weightsSha256 }] = await outcomes([process.execPath, "--disallow-code-generation-from-strings"], "2");
  t.is(weightsSha256, (await fit(smallNetwork(), bands(64), { workers: 1, shards: 16 })).weightsSha256);
});

const failures: readonly (readonly [what: string, flags: readonly string[], message: RegExp, cause: RegExp])[] = [
  ["a preload throws", ["--import", agent("throws")], /--import, --require/, /^agent cannot start in a thread$/],
  ["a preload ends the thread", ["--import", agent("exits")], /exit code 7 before its program was loaded/, /code: 7$/],
  ["the program is not there", ["--import", agent("hides_worker")], /out of the bundle/, /^Cannot find module/],
  ["the permission model refuses it", ["--permission", "--allow-fs-read=*"], /--allow-worker/, /restricted/],
];

for (const [what, flags, message, cause] of failures) {
  test(`a thread that cannot start because ${what} ends the run at once, with its own error`, async (t) => {
    const [outcome] = await outcomes([process.execPath, ...flags], "2");
    t.like(outcome, { code: "WORKER_START_FAILED", resources: [] });
    t.regex(outcome.message!, /^WORKER_START_FAILED: a thread did not start: .*The model is as it was\. /);
    t.regex(outcome.message!, message);
    t.regex(outcome.cause!, cause);
    t.true(outcome.seconds! < 30, `${outcome.seconds} s`);
  });
}

const posix = process.platform === "win32" ? test.skip : test;
posix(
  "without handles for a thread the run ends with a code, and the next one trains (skipped on Windows)",
  async (t) => {
    const shell = ["sh", "-c", 'ulimit -n 64; exec "$@"', "sh", process.execPath];
    const [refused, trained] = await outcomes(shell, "few-handles", "2", "2");
    t.like(refused, { code: "WORKER_START_FAILED", resources: [] });
    t.regex(refused.message!, /The system refuses another thread/);
    t.is(trained.weightsSha256?.length, 64);
  },
);

/** A group of processes that may have so many threads, and who removes it; nothing where this user makes none. */
function limitedGroup(most: number): { readonly procs: string; readonly remove: () => void } | undefined {
  for (const root of ["/sys/fs/cgroup/pids", "/sys/fs/cgroup"]) {
    const folder = path.join(root, `convoy-test-${process.pid}`);
    try {
      mkdirSync(folder);
    } catch {
      continue;
    }
    try {
      writeFileSync(path.join(folder, "pids.max"), String(most));
      return { procs: path.join(folder, "cgroup.procs"), remove: () => rmdirSync(folder) };
    } catch {
      rmdirSync(folder);
    }
  }
  return undefined;
}

// Node has 7 threads of its own, and 11 with those for files.
const group = process.platform === "linux" ? limitedGroup(14) : undefined;
const limited = group === undefined ? test.skip : test;
test.after.always(() => group?.remove());
limited(
  "a thread that the system refuses ends the run with a code and all other threads, and fewer train (skipped where no group of processes can be limited)",
  async (t) => {
    const shell = ["sh", "-c", `echo $$ > ${group!.procs} && exec "$@"`, "sh", process.execPath];
    const [refused, trained] = await outcomes(shell, "12", "1");
    t.like(refused, { code: "WORKER_START_FAILED", resources: [] });
    t.regex(refused.message!, /use fewer workers/);
    t.is(trained.weightsSha256?.length, 64);
  },
);
