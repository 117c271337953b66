// What a machine offers to threads that compute.
export { cgroupLimits } from "./cgroup.ts";
export type { CgroupLimits } from "./cgroup.ts";
export { ratedGigahertz, shareOfClock } from "./core_speed.ts";
export { throttledShare, throttling } from "./throttling.ts";
export type { Throttling } from "./throttling.ts";
export { usableCores } from "./usable_cores.ts";
