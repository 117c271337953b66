import { createHash } from "node:crypto";
import process from "node:process";
import { kernelIdentity, type SequentialConfig } from "@convoy/core/training";
import { processor } from "./processor.ts";

/** Everything that the verdict on a machine depends on. */
export interface MachineKey {
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
  readonly arch: string;
  readonly processor: string;
  /** SHA-256 of the kernels that the verdict is about; see `kernelIdentity`. */
  readonly kernels: string;
}

/** The same for a network on a machine. */
export interface NetworkKey extends MachineKey {
  /** SHA-256 of its structure. */
  readonly network: string;
}

export function machineKey(): MachineKey {
  return {
    node: process.versions.node,
    v8: process.versions.v8,
    platform: process.platform,
    arch: process.arch,
    processor: processor(),
    kernels: kernelIdentity(),
  };
}

export function networkKey(machine: MachineKey, structure: SequentialConfig): NetworkKey {
  return { ...machine, network: createHash("sha256").update(JSON.stringify(structure)).digest("hex") };
}
