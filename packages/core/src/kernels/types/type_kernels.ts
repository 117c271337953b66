import type { KernelFamily } from "../kernel_context.ts";
import { cast } from "./cast.ts";
import { identity } from "./identity.ts";

export const typeKernels: KernelFamily = { Cast: cast, Identity: identity };
