import test from "ava";
import { checkpointRhythm } from "./checkpoint_rhythm.ts";

const parse = (text: string) => checkpointRhythm.parse(text, "--checkpoint-every");

test("takes steps, epochs and seconds", (t) => {
  t.deepEqual(parse("500steps"), { everySteps: 500 });
  t.deepEqual(parse("1step"), { everySteps: 1 });
  t.deepEqual(parse("2epochs"), { everyEpochs: 2 });
  t.deepEqual(parse("1epoch"), { everyEpochs: 1 });
  t.deepEqual(parse("0.5s"), { everySeconds: 0.5 });
});

test("refuses what is no rhythm", (t) => {
  for (const text of ["", "10", "s", "0s", "0steps", "1.5steps", "-1s", "1 s", "1ss", "1e3s", "9999999999s", "2days"]) {
    t.throws(
      () => parse(text),
      { code: "OPTION_VALUE", message: /--checkpoint-every.*500steps, 2epochs or 10s/ },
      text,
    );
  }
});
