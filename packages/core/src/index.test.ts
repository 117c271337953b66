import test from "ava";
import * as core from "./index.ts";

test("the index has what programs need, and nothing internal", (t) => {
  t.deepEqual(Object.keys(core).toSorted(), [
    "CoreError",
    "Sequential",
    "adam",
    "averagePool2d",
    "conv2d",
    "dense",
    "describePlan",
    "dropout",
    "fast",
    "flatten",
    "lenet5",
    "listCheckpoints",
    "loadModel",
    "loadWeights",
    "maxPool2d",
    "mnistConvnet",
    "networks",
    "newestCheckpoint",
    "readCheckpoint",
    "readMetadata",
    "relu",
    "relu6",
    "saveModel",
    "seedCnn",
    "sgd",
    "weightsSha256",
    "writeCheckpoint",
  ]);
});
