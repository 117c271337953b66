import test from "ava";
import { weightsSha256 } from "./weights_sha256.ts";

test("hashes little-endian float32, as any other program would", (t) => {
  // printf '\x00\x00\x80\x3f\x00\x00\x00\xc0' | sha256sum
  t.is(weightsSha256(Float32Array.of(1, -2)), "ee4ac73c2bd27756ab82780f27c73a7bc4d3f0bb6acb37e008bc27eccd7e588b");
});

test("hashes what a view shows, in shared memory too", (t) => {
  const shared = new Float32Array(new SharedArrayBuffer(16), 4, 2);
  shared.set([1, -2]);
  t.is(weightsSha256(shared), weightsSha256(Float32Array.of(1, -2)));
});

test("no weights hash as no bytes do", (t) => {
  t.is(weightsSha256(new Float32Array(0)), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});
