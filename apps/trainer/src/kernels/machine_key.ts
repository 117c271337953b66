import { cpus } from "node:os";
import process from "node:process";
import { kernelFingerprint } from "@convoy/core";

/** Everything that a verdict depends on. */
export interface MachineKey {
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
  readonly arch: string;
  readonly processor: string;
  /** SHA-256 of all that makes the kernels. */
  readonly kernels: string;
}

export function machineKey(): MachineKey {
  return {
    node: process.versions.node,
    v8: process.versions.v8,
    platform: process.platform,
    arch: process.arch,
    processor: cpus()[0]?.model ?? "unknown",
    kernels: kernelFingerprint(),
  };
}
