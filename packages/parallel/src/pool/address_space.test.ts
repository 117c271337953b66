import { execFile } from "node:child_process";
import process from "node:process";
import { promisify } from "node:util";
import test from "ava";

const execute = promisify(execFile);
const onLinux = process.platform === "linux" ? test : test.skip;

/** What the check says in a process of its own that may have so many GiB of addresses. */
async function checked(gibibytes: number | "unlimited", threads: number): Promise<string> {
  const program = `
    import { checkAddressSpace } from ${JSON.stringify(new URL("address_space.ts", import.meta.url))};
    try { checkAddressSpace(${threads}); console.log("enough"); } catch (error) { console.log(error.message); }`;
  const limit = gibibytes === "unlimited" ? gibibytes : gibibytes * 2 ** 20;
  const shell = `ulimit -v ${limit} && exec "$@"`;
  const node = [process.execPath, "--input-type=module", "-e", program];
  const { stdout } = await execute("sh", ["-c", shell, "sh", ...node]);
  return stdout.trim();
}

onLinux(
  "threads are refused where a limit on addresses leaves none for their memories (skipped but on Linux)",
  async (t) => {
    const message = await checked(24, 8);
    t.regex(message, /^ADDRESS_SPACE: WebAssembly in 8 threads reserves \d+\.\d GiB of addresses/);
    t.regex(message, /may have 24\.0 \(ulimit -v\)\. Lift the limit \(ulimit -v unlimited\)/);
  },
);

onLinux("a limit that suffices for fewer threads says for how many (skipped but on Linux)", async (t) => {
  t.regex(await checked(80, 64), /ADDRESS_SPACE: .*, use \d+ workers?[,.]/);
});

onLinux("no limit, and a limit that is wide enough, refuse nothing (skipped but on Linux)", async (t) => {
  t.deepEqual(await Promise.all([checked("unlimited", 64), checked(200, 2)]), ["enough", "enough"]);
});
