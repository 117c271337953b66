// y[o, i, ..] = x[o, indices[i], ..]. Shape: x [outer, size, ..], indices i32 [count] → y [outer, count, ..].

export function gatherSlices(
  x: usize, indices: usize, y: usize, outer: i32, size: i32, count: i32, sliceBytes: usize,
): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < count; i++) {
      memory.copy(y, x + <usize>load<i32>(indices + (<usize>i << 2)) * sliceBytes, sliceBytes);
      y += sliceBytes;
    }
    x += <usize>size * sliceBytes;
  }
}
