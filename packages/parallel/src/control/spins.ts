import { availableParallelism } from "node:os";

/**
 * Looks before sleeping: 42 ns each with its pause (measured, Zen 5, Node 26), so 40 µs. Two threads that always sleep
 * needed 7 µs a barrier there, on a machine that others used too; waking an idle core of a virtual machine may take
 * longer. 40 µs leave room for that, and for what balanced shards differ by.
 */
const withOwnCore = 1000;

/** 2 µs. With more workers than cores, who spins takes the time from the one that is waited for. */
const withSharedCore = 50;

export function spinsFor(workers: number, cores: number = availableParallelism()): number {
  return workers <= cores ? withOwnCore : withSharedCore;
}
