/** target[i] += source[i] for i < count: one addition of the tree that sums the shards. */
export function addVectors(target: usize, source: usize, count: i32): void {
  const vectors: usize = (<usize>(count & ~3)) << 2;
  let at: usize = 0;
  for (; at < vectors; at += 16) {
    v128.store(target + at, f32x4.add(v128.load(target + at), v128.load(source + at)));
  }
  for (const end: usize = <usize>count << 2; at < end; at += 4) {
    store<f32>(target + at, load<f32>(target + at) + load<f32>(source + at));
  }
}

export function fillZero(target: usize, bytes: usize): void {
  memory.fill(target, 0, bytes);
}
