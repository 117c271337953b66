import type { TestFn } from "ava";
import { memoryOf, type WasmBackend } from "@convoy/core/engine";
import { tensorflow } from "../tensorflow.ts";
import { layerCases } from "./layer_cases.ts";
import { fitModel, layerModel } from "./layer_model.ts";

/** One test a layer: after it has warmed up, training keeps as many tensors, as much of their data and as large a memory. */
export function testLeaks(test: TestFn, steps: number): void {
  for (const layerCase of layerCases.filter(({ refused, noFit }) => refused === undefined && noFit === undefined)) {
    test.serial(`${layerCase.name}: ${steps} training steps leave nothing behind`, async (t) => {
      t.timeout(600_000);
      const tf = await tensorflow();
      const backend = tf.backend() as WasmBackend;
      const use = (): readonly number[] => [
        tf.memory().numTensors,
        tf.memory().numDataBuffers,
        backend.numDataIds(),
        memoryOf(backend).buffer.byteLength,
      ];
      const model = layerModel(tf, layerCase);
      await fitModel(model, 2);
      const before = use();
      await fitModel(model, steps);
      t.deepEqual(use(), before);
    });
  }
}
