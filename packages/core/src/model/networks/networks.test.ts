import test from "ava";
import { networks } from "./networks.ts";

const counts = { "seed-cnn": 102_130, lenet5: 61_706, "mnist-convnet": 34_826, fast: 215_194 };

test("has the networks it says", (t) => {
  t.deepEqual(Object.keys(networks), Object.keys(counts));
});

for (const [name, count] of Object.entries(counts)) {
  test(`${name} has ${count} parameters, takes any seed, and CIFAR-10's images`, (t) => {
    const model = networks[name]({ seed: 5 });
    t.is(model.parameterCount, count);
    t.is(model.seed, 5);
    t.deepEqual(model.inputShape, [28, 28, 1]);
    t.is(model.classes, 10);
    const color = networks[name]({ inputShape: [32, 32, 3], classes: 100 });
    t.deepEqual(color.inputShape, [32, 32, 3]);
    t.is(color.classes, 100);
  });
}

test("a name that is no network is not found, whatever it is", (t) => {
  for (const name of ["constructor", "toString", "__proto__", "resnet"]) t.false(name in networks, name);
});
