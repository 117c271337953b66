import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import test from "ava";
import { bands, smallNetwork } from "../../test/small_network.ts";
import { fit } from "../fit/fit.ts";

test("a process that is stopped for longer than a hang and continued ends with the same bits", async (t) => {
  const program = new URL("../../test/slow_program.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (text: Buffer) => (output += text.toString()));
  await once(child.stdout, "data");
  await setTimeout(1500);
  child.kill("SIGSTOP");
  await setTimeout(12_000);
  child.kill("SIGCONT");
  const [code] = await once(child, "exit");
  t.is(code, 0);
  const { weightsSha256 } = await fit(smallNetwork(), bands(640), { epochs: 10, workers: 1 });
  t.is(output, `started\n${weightsSha256}\n`);
});
