import test from "ava";
import { compiledOptimizers, type OptimizerName } from "../../test/disturbed_compiled_training.ts";
import { goesOn } from "../../test/second_fit.ts";
import { tensorflow } from "../../test/tensorflow.ts";

test.before(async () => {
  await tensorflow();
});

for (const optimizer of Object.keys(compiledOptimizers) as OptimizerName[]) {
  test.serial(`a second fit goes on where the first stopped: ${optimizer}`, async (t) => {
    await goesOn(t, optimizer);
  });
}
