import test from "ava";
import { listSetups } from "./setups.ts";
import { reasonNotToTry } from "./worth_trying.ts";

const setups = listSetups(2);
const [convoy] = setups;
const [slow, fast] = setups.filter(({ peer }) => peer === "JAX");
const row = (setup: typeof convoy, median: number, network = "fast") => ({
  name: "",
  unit: "images/s",
  median,
  mad: 0,
  samples: 1,
  network,
  batchSize: 64,
  peer: setup.peer,
  setup: setup.name,
});

test("nothing is left out before anything was measured", (t) => {
  for (const setup of setups) t.is(reasonNotToTry(setup, { network: "seed-cnn", batchSize: 64 }, []), undefined);
});

test("at the larger batch a set-up is left out that had less than half its peer's speed at the smaller", (t) => {
  const where = { network: "fast", batchSize: 256 };
  const reason = "less than half as fast as the peer's best set-up at batch 64";
  t.is(reasonNotToTry(slow, where, [row(slow, 49), row(fast, 100)]), reason);
  t.is(reasonNotToTry(slow, where, [row(slow, 50), row(fast, 100)]), undefined);
  t.is(reasonNotToTry(fast, where, [row(slow, 49), row(fast, 100)]), undefined);
});

test("another network, another peer, or a set-up that failed says nothing", (t) => {
  const where = { network: "lenet5", batchSize: 256 };
  t.is(reasonNotToTry(slow, where, [row(slow, 1), row(fast, 100)]), undefined);
  t.is(reasonNotToTry(slow, where, [row(slow, 1, "lenet5"), row(convoy, 100, "lenet5")]), undefined);
  t.is(reasonNotToTry(slow, where, [row(fast, 100, "lenet5")]), undefined);
});

test("Convoy's own set-ups are always tried", (t) => {
  const other = setups[1];
  t.is(reasonNotToTry(convoy, { network: "fast", batchSize: 256 }, [row(convoy, 1), row(other, 9)]), undefined);
});

test("tfjs is measured where its steps take seconds, not minutes, and says why not elsewhere", (t) => {
  const cpu = setups.find(({ peer }) => peer === "tfjs cpu")!;
  const wasm = setups.find(({ peer }) => peer === "tfjs wasm")!;
  t.regex(reasonNotToTry(cpu, { network: "seed-cnn", batchSize: 256 }, []) ?? "", /seed network at batch 64 only/);
  t.regex(reasonNotToTry(cpu, { network: "fast", batchSize: 64 }, []) ?? "", /seed network at batch 64 only/);
  t.is(reasonNotToTry(wasm, { network: "fast", batchSize: 64 }, []), undefined);
  t.regex(reasonNotToTry(wasm, { network: "fast", batchSize: 256 }, []) ?? "", /batch 64 only/);
});
