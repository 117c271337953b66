import { planReplica } from "./session.ts";
import type { RunStart } from "./task.ts";

/** What a thread can do while the data is still loading: load the backend, plan the network and compile its kernels. */
export async function start(run: RunStart): Promise<void> {
  await planReplica(run);
}
