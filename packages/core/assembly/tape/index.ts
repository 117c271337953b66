export function scaleInPlace(p: usize, n: i32, s: f32): void { for (let i = 0; i < n; i++) store<f32>(p + (<usize>i << 2), load<f32>(p + (<usize>i << 2)) * s); }
