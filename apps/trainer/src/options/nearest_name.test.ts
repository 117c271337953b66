import test from "ava";
import { nearestName } from "./nearest_name.ts";

const names = ["epochs", "batch-size", "workers"];

test("finds the name that was meant", (t) => {
  t.is(nearestName("epoch", names), "epochs");
  t.is(nearestName("batchsize", names), "batch-size");
  t.is(nearestName("wrokers", names), "workers");
  t.is(nearestName("--batch-szie", ["--batch-size", "-b"]), "--batch-size");
});

test("two swapped letters are one mistake", (t) => {
  const commands = ["start", "sort", "stop"];
  t.is(nearestName("strat", commands), "start");
  t.is(nearestName("tsop", commands), "stop");
  t.is(nearestName("lr", ["rl"]), "rl");
});

test("proposes nothing for what is like no name", (t) => {
  t.is(nearestName("x", names), undefined);
  t.is(nearestName("schedule", names), undefined);
  t.is(nearestName("", names), undefined);
});
