import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import process from "node:process";

/** Does something while other processes of equal priority, one more than there are cores, compute without end. */
export async function besideNeighbours(work: () => Promise<void>): Promise<void> {
  const children = Array.from({ length: availableParallelism() + 1 }, () =>
    spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }),
  );
  const exits = children.map((child) => once(child, "exit"));
  try {
    await work();
  } finally {
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(exits);
  }
}
