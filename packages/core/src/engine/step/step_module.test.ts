import { spawnSync } from "node:child_process";
import process from "node:process";
import test from "ava";

const onLinux = process.platform === "linux" ? test : test.skip;

/** In a process of its own, because a limit on addresses is for good. */
onLinux("plans where addresses are limited, and gives back those that it took (skipped elsewhere)", (t) => {
  const module = new URL("step_module.ts", import.meta.url).href;
  const networks = new URL("../../model/networks/networks.ts", import.meta.url).href;
  const script = `
    import { readFileSync } from "node:fs";
    import { stepModule } from ${JSON.stringify(module)};
    import { networks } from ${JSON.stringify(networks)};
    const used = () => Number(/VmSize:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 2 ** 20;
    const before = used();
    const { length } = stepModule({ kind: "planned", model: networks["seed-cnn"]().toJSON(), kernels: "narrow" });
    console.log(JSON.stringify({ length, gibibytes: used() - before }));
  `;
  const lengths = ["unlimited", String(4 * 2 ** 20)].map((limit) => {
    const argv = ["-c", `ulimit -v ${limit} && exec "$@"`, "sh", process.execPath, "--input-type=module", "-e", script];
    const { stdout, stderr } = spawnSync("sh", argv, { encoding: "utf8" });
    t.notThrows(() => JSON.parse(stdout), stderr);
    const { length, gibibytes } = JSON.parse(stdout);
    t.true(gibibytes < 1, stdout);
    return length;
  });
  t.true(lengths[0] > 1000);
  t.is(lengths[1], lengths[0]);
});
