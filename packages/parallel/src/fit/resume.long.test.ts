import { setBackend } from "@tensorflow/tfjs-core";
import test from "ava";
import "@tensorflow/tfjs-backend-wasm";
import { resumeCases, resumesToSameBits } from "../../test/resumed_training.ts";

test.before(async () => {
  await setBackend("wasm");
});

for (const each of resumeCases) {
  test.serial(`a resumed run has the bits of one that was never stopped: ${each.title}`, async (t) => {
    await resumesToSameBits(t, each, each.stops);
  });
}
