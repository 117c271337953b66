import { type Engine, plannedEngines } from "@convoy/core/test/engines";
import { createReplica } from "../src/replica.ts";

export const tape: Engine = async (model, capacity) => createReplica({ kind: "tape", model }, capacity);

/** The tape and the planned step, which share no code: each is held to the other as well. */
export const bothEngines: Readonly<Record<string, Engine>> = { planned: plannedEngines["planned"], tape };
