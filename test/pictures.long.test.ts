import test from "ava";
import { removePictures, tryPictures } from "./fuzz/pictures.ts";

test.after.always(removePictures);

test("a picture of any parts, or damaged in ten thousand ways, is read or refused in one line", async (t) => {
  await tryPictures(t, 10_000);
});
