import { read, wholeBytes, write } from "./slice";

/** target[i] += source[i] for i < count: one addition of the tree that sums the shards. */
export function add(target: usize, source: usize, count: i32): void {
  let at: usize = 0;
  for (const end = wholeBytes(count); at < end; at += 16) addAt(target + at, source + at, true);
  for (const end: usize = <usize>count << 2; at < end; at += 4) addAt(target + at, source + at, false);
}

// @ts-ignore: decorator
@inline
function addAt(target: usize, source: usize, whole: bool): void {
  write(target, f32x4.add(read(target, whole), read(source, whole)), whole);
}
