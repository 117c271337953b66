import type { KernelFamily } from "../kernel_context.ts";
import { cast } from "./cast.ts";
import { identity } from "./identity.ts";
import { isFinite, isInf, isNan } from "./number_tests.ts";

export const typeKernels: KernelFamily = {
  Cast: cast,
  Identity: identity,
  IsFinite: isFinite,
  IsInf: isInf,
  IsNan: isNan,
};
