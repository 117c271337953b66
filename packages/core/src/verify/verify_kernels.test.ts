import test from "ava";
import { describePlan } from "../step/describe_plan.ts";
import { verificationCase } from "./verification_case.ts";
import { verifiedNetworks } from "./verified_networks.ts";
import { verifyKernels } from "./verify_kernels.ts";

for (const variant of ["narrow", "wide"] as const) {
  test.serial(`finds nothing wrong with ${variant} kernels that V8 compiled as usual`, async (t) => {
    t.deepEqual(await verifyKernels(variant, 3), []);
  });
}

for (const [name, build] of Object.entries(verifiedNetworks)) {
  test(`network ${name} has no decision that float32 could take otherwise, and no gradient of zeros`, (t) => {
    const model = build();
    const { kinks, expected } = verificationCase(model);
    t.deepEqual(kinks, []);
    for (const { name: parameter, offset, size } of model.parameters) {
      t.true(
        expected.gradient.subarray(offset, offset + size).some((value) => value !== 0),
        parameter,
      );
    }
  });
}

/** What a plan can have, in each of its phases. */
const algorithms: Readonly<Record<string, readonly string[]>> = {
  forward: ["direct", "winograd F(2x2,3x3)", "winograd F(4x4,3x3)"],
  "input gradient": ["direct", "winograd F(4x4,3x3)", "scattered", "routed"],
  "weight gradient": ["direct", "winograd F(3x3,4x4)", "routed"],
};

for (const variant of ["narrow", "wide"] as const) {
  test(`the networks together use every algorithm that there is for ${variant} kernels`, (t) => {
    const used = new Set<string>();
    for (const build of Object.values(verifiedNetworks)) {
      for (const { phase, algorithm } of describePlan(build().toJSON(), variant)) used.add(`${phase}: ${algorithm}`);
    }
    for (const [phase, names] of Object.entries(algorithms)) {
      for (const name of names) t.true(used.has(`${phase}: ${name}`), `${phase}: ${name}`);
    }
  });
}

/** Runs `work` while every instance of WebAssembly has its exports changed. */
async function withExports(change: (exports: WebAssembly.Exports) => void, work: () => Promise<void>): Promise<void> {
  const { Instance } = WebAssembly;
  const changed = function instance(module: WebAssembly.Module, imports: WebAssembly.Imports) {
    const exports = { ...new Instance(module, imports).exports };
    change(exports);
    return { exports };
  };
  Object.assign(WebAssembly, { Instance: changed });
  try {
    await work();
  } finally {
    Object.assign(WebAssembly, { Instance });
  }
}

test.serial("finds any one of the emitted kernels that does not do its work", async (t) => {
  const kernels = new Set<string>();
  const collect = (exports: WebAssembly.Exports): void => {
    for (const name of Object.keys(exports)) if (name.includes("/")) kernels.add(name);
  };
  await withExports(collect, async () => {
    await verifyKernels("wide", 1);
  });
  t.true(kernels.size >= 15, [...kernels].join(" "));
  for (const name of kernels) {
    const remove = (exports: WebAssembly.Exports): void => {
      if (Object.hasOwn(exports, name)) exports[name] = () => {};
    };
    await withExports(remove, async () => {
      const found = await verifyKernels("wide", 1);
      t.true(found.length > 0, name);
      t.regex(found[0], /^wide kernels, network \w+, step 1: .* is off by /);
    });
  }
});
