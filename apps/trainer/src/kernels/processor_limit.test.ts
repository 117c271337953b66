import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import test from "ava";

const limiter = new URL("processor_limit.ts", import.meta.url).href;

/** One that has ended and that nobody has asked for its exit code is none: not every first process of a container does. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch (error) {
    return existsSync("/proc/self/status")
      ? false
      : !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/** How long, in milliseconds, a process is still there. */
async function outlives(pid: number, most: number): Promise<number> {
  const start = performance.now();
  while (isAlive(pid) && performance.now() - start < most) await setTimeout(20);
  return performance.now() - start;
}

/** A process that computes for ever, as a compiler may, with a limit of processor time, and the one that started it. */
async function endless(seconds: number): Promise<{ readonly parent: ReturnType<typeof spawn>; readonly pid: number }> {
  const command = ["--import", `${limiter}?${seconds}`, "--eval", "console.log('computes'); for (;;);"];
  const program = `
    const child = require("node:child_process").spawn(process.execPath, ${JSON.stringify(command)}, { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.once("data", () => console.log(child.pid));
    child.once("exit", () => process.exit());`;
  const parent = spawn(process.execPath, ["--eval", program], { stdio: ["ignore", "pipe", "inherit"] });
  const [text]: unknown[] = await once(parent.stdout, "data");
  return { parent, pid: Number(String(text)) };
}

test("a check that computes for ever ends when the process that asked for it is killed", async (t) => {
  const { parent, pid } = await endless(60);
  t.teardown(() => isAlive(pid) && process.kill(pid, "SIGKILL"));
  t.true(isAlive(pid));
  parent.kill("SIGKILL");
  t.true((await outlives(pid, 20_000)) < 20_000);
});

test("a check that computes for ever ends when it has used its processor time", async (t) => {
  const { pid } = await endless(0.3);
  t.teardown(() => isAlive(pid) && process.kill(pid, "SIGKILL"));
  t.true((await outlives(pid, 20_000)) < 20_000);
});
