// To find and load modules is most of what a thread does before it plans: see docs/architecture.md.
import { execFile } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import test from "ava";

const folder = path.resolve(import.meta.dirname, "../packages/parallel");

/** The modules of ours that a program loads which imports this, by their paths in `packages/`. */
async function modulesOf(specifier: string): Promise<string[]> {
  const program = `
    import { registerHooks } from "node:module";
    const found = [];
    registerHooks({
      load(url, context, next) {
        const file = /\\/packages\\/(\\w+\\/(?:src|generated)\\/.*)$/.exec(url)?.[1];
        if (file !== undefined) found.push(file);
        return next(url, context);
      },
    });
    await import(${JSON.stringify(specifier)});
    console.log(JSON.stringify(found));`;
  const argv = ["--input-type=module", "-e", program];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd: folder });
  const found: string[] = JSON.parse(stdout);
  return found;
}

for (const [specifier, most] of [
  ["@convoy/core/replica", 21],
  ["@convoy/tfjs/replica", 22],
] as const) {
  test(`what threads import, ${specifier}, brings ${most} modules at the most`, async (t) => {
    const found = await modulesOf(specifier);
    t.true(found.length > 5 && found.length <= most, found.join("\n"));
  });
}

test("what programs import, @convoy/core, brings no kernels: they come when the first network is planned", async (t) => {
  const found = await modulesOf("@convoy/core");
  t.true(found.length > 50);
  t.deepEqual(
    found.filter((file) => file.includes("/generated/") || file.includes("/emit/winograd/output.ts")),
    [],
  );
});
