// A preload, as monitoring tools are, that cannot start in a thread.
import { isMainThread } from "node:worker_threads";

if (!isMainThread) throw new Error("agent cannot start in a thread");
