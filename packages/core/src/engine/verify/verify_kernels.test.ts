import test from "ava";
import { emittedKernels, without, withExports } from "../../../test/with_exports.ts";
import { buildNetwork } from "../../network/build_network.ts";
import { describePlan } from "../step/plan/describe_plan.ts";
import { verificationCase } from "./verification_case.ts";
import { verifiedNetworks } from "./verified_networks.ts";
import { verifyKernels } from "./verify_kernels.ts";
import { verifySteps } from "./verify_network.ts";

for (const variant of ["narrow", "wide"] as const) {
  test.serial(`finds nothing wrong with ${variant} kernels that V8 compiled as usual`, async (t) => {
    t.deepEqual(await verifyKernels(variant, 3), []);
  });
}

for (const [name, model] of Object.entries(verifiedNetworks)) {
  test(`network ${name} has no decision that float32 could take otherwise, and no gradient of zeros`, (t) => {
    const { kinks, expected } = verificationCase(model);
    t.deepEqual(kinks, []);
    for (const { name: parameter, offset, size } of buildNetwork(model).parameters) {
      const gradient = expected.training!.gradient.subarray(offset, offset + size);
      t.true(
        gradient.some((value) => value !== 0),
        parameter,
      );
    }
  });
}

/** What a plan can have, in each of its phases. */
const algorithms: Readonly<Record<string, readonly string[]>> = {
  forward: ["direct", "windows", "winograd F(2x2,3x3)", "winograd F(4x4,3x3)"],
  "input gradient": ["direct", "winograd F(4x4,3x3)", "scattered", "routed"],
  "weight gradient": ["direct", "windows", "winograd F(3x3,4x4)", "routed"],
};

for (const variant of ["narrow", "wide"] as const) {
  test(`the networks together use every algorithm that there is for ${variant} kernels`, (t) => {
    const used = new Set<string>();
    for (const model of Object.values(verifiedNetworks)) {
      for (const { phase, algorithm } of describePlan(model, variant)) used.add(`${phase}: ${algorithm}`);
    }
    for (const [phase, names] of Object.entries(algorithms)) {
      for (const name of names) t.true(used.has(`${phase}: ${name}`), `${phase}: ${name}`);
    }
  });
}

test.serial("finds any one of the emitted kernels that does not do its work, in every network", async (t) => {
  const kernels = new Set<string>();
  for (const [network, model] of Object.entries(verifiedNetworks)) {
    const expected = verificationCase(model);
    const all = await emittedKernels(async () => {
      await verifySteps(model, expected, "wide", 1);
    });
    for (const name of all.difference(kernels)) {
      await withExports(without(name), async () => {
        const [found] = await verifySteps(model, expected, "wide", 1);
        t.regex(found, /^step 1: .* is off by /, name);
      });
      kernels.add(name);
    }
    // The whole verification has this network as well.
    const [any] = all;
    await withExports(without(any), async () => {
      const found = (await verifyKernels("wide", 1)).filter((line) => line.includes(`network ${network},`));
      t.regex(found.join("\n"), /^wide kernels, network \w+, step 1: .* is off by /);
    });
  }
  t.true(kernels.size >= 15, [...kernels].join(" "));
});
