import { tmpdir } from "node:os";
import test from "ava";
import { FakeEnvironment } from "../../test/fake_environment.ts";
import { run } from "../run.ts";

test("tells people and programs what the machine offers", async (t) => {
  const people = new FakeEnvironment(tmpdir());
  t.is(await run(["doctor", "--kernels", "narrow"], people), 0);
  for (const label of ["Processor", "Load", "Memory", "Disk", "Node", "Kernels", "Speed", "Product", "Advice"]) {
    t.true(
      people.stdout.lines.some((line) => line.startsWith(label)),
      label,
    );
  }
  const programs = new FakeEnvironment(tmpdir());
  t.is(await run(["doctor", "--kernels", "narrow", "--json"], programs), 0);
  const [findings] = programs.stdout.events;
  t.like(findings, { event: "doctor", node: process.versions.node, kernels: "narrow", simd: true, relaxedSimd: true });
  for (const name of ["imagesPerSecond", "productGigaflops", "ofProduct"]) t.true(Number(findings[name]) > 0, name);
});
