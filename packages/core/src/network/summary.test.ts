import test from "ava";
import { seedCnn } from "../model/networks/seed_cnn.ts";

test("prints the seed network as a table", (t) => {
  t.is(
    seedCnn().summary(),
    `Layer (type)              Output shape   Parameters       FLOPs
═══════════════════════════════════════════════════════════════
input (image)             [28, 28, 1]             0           0
conv2d_1 (conv2d)         [26, 26, 16]          160     216,320
maxPool2d_1 (maxPool2d)   [13, 13, 16]            0       8,112
conv2d_2 (conv2d)         [11, 11, 32]        4,640   1,122,880
maxPool2d_2 (maxPool2d)   [5, 5, 32]              0       2,400
flatten_1 (flatten)       [800]                   0           0
dense_1 (dense)           [120]              96,120     192,240
dense_2 (dense)           [10]                1,210       2,410
═══════════════════════════════════════════════════════════════
Total parameters: 102,130 (398.95 KiB)
Forward FLOPs per image: 1,544,362`,
  );
});
