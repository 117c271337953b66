import { createImageStore } from "@convoy/core/training";
import test from "ava";
import { bands, smallNetwork } from "../../test/small_network.ts";
import { heartbeat } from "../control/words.ts";
import { checkOptions } from "../fit/options.ts";
import { planRun, planStart } from "../fit/plan_run.ts";
import { trainableModel } from "../fit/trainable_model.ts";
import { prepare } from "./prepare.ts";

for (const replica of ["planned", "tape"] as const) {
  test.serial(
    `a thread shows that it lives within the first pass of a ${replica} replica, not only after it`,
    async (t) => {
      const options = checkOptions({ workers: 1, shards: 1, replica });
      const model = await trainableModel(smallNetwork(), replica);
      const store = createImageStore(bands(64), 4, { shared: true });
      const start = planStart(model, options);
      const images = { all: store, training: store, validation: undefined, test: undefined };
      const run = planRun(model, images, options, start, undefined);
      await prepare({ run, worker: 0 });
      // Two layers with weights, each packed, forward and backward, and the end.
      const beats = new Int32Array(run.memory.buffer)[heartbeat(0)];
      t.true(beats >= 7, `${beats}`);
    },
  );
}
