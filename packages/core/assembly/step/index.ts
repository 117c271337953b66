export function zero(p: usize, bytes: usize): void { memory.fill(p, 0, bytes); }
