import { spawn } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";

const trainer = path.join(import.meta.dirname, "..", "..", "apps", "trainer", "main.mjs");

export type TrainerEvent = Readonly<Record<string, unknown>>;

/**
 * The events of the trainer's process, as they come.
 *
 * @param args beside --json
 * @param directory where the user of that process stands
 * @throws when it does not end well
 */
export async function* trainerEvents(args: readonly string[], directory: string): AsyncGenerator<TrainerEvent> {
  const child = spawn(process.execPath, [trainer, ...args, "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, INIT_CWD: directory },
  });
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line);
  const code = await exit;
  if (code !== 0) throw new Error(`the trainer ended with exit code ${code}`);
}
