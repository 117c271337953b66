import { permutation } from "@convoy/core/replica";
import { LifeSign } from "../control/life_sign.ts";
import { wholeSteps } from "../control/whole_steps.ts";
import { decisions, words } from "../control/words.ts";
import { Contribution } from "./contribution.ts";
import { endStep } from "./end_step.ts";
import { showLifeBy } from "./life.ts";
import { openSession, replicaOf, type Session } from "./session.ts";
import { Snapshot } from "./snapshot.ts";
import { StepClock } from "./step_clock.ts";
import type { Trained, TrainOutcome, TrainTask } from "./task.ts";
import { CoreClock, type Usage } from "./usage.ts";

/** How often a worker that stands by looks whether it is needed. */
const standByMilliseconds = 50;

/**
 * A run of steps of one worker. In a step there is no message and no allocation:
 *
 *     take parts, as long as there are any: load parameters A, gradient → when all are there, take slices: reduce, check and
 *     update → when all are done: swap
 */
export async function train(task: TrainTask): Promise<Trained> {
  const session = await openSession(task.run);
  const life = new LifeSign(session.control, task.worker);
  showLifeBy(() => life.beat());
  const replica = await replicaOf(session, task.worker);
  const { run, worker, steps } = task;
  const clock = run.timed ? new StepClock(run, worker, steps) : undefined;
  const contribution = new Contribution(session, task, replica, life, clock);
  const cores = new CoreClock();
  const kind = takeSteps(session, task, contribution, life, clock);
  const { parts, takenOver } = contribution;
  const usage: Usage = { parts: parts.count, takenOver, coreShare: cores.share() };
  return { usage, outcome: kind === "nonFinite" ? { kind, guilty: contribution.isGuilty() } : { kind } };
}

function takeSteps(
  session: Session,
  { run, worker, epoch, firstStep, steps }: TrainTask,
  contribution: Contribution,
  life: LifeSign,
  clock: StepClock | undefined,
): TrainOutcome["kind"] {
  const { control } = session;
  const snapshot = run.layout.snapshot.length > 0 ? new Snapshot(run, control) : undefined;
  permutation(run.seed, epoch, run.store.count, session.order);
  // After a fault, or where a run is resumed, the epoch goes on in its middle.
  clock?.clear(wholeSteps(control, firstStep) - firstStep);
  // Those that stand by come in where a step takes longer than they sleep: others may hang.
  let isNeeded = worker < run.plan.active;
  for (;;) {
    // First the number of whole steps: what else stands there is of that step, or of a later one in which there is nothing to
    // take for who thinks that it is in this one.
    const step = wholeSteps(control, firstStep);
    const decision = Atomics.load(control, words.decision);
    if (decision === decisions.nonFinite) return "nonFinite";
    if (Atomics.load(control, words.abort) !== 0) return "aborted";
    if (step - firstStep >= steps) return "done";
    if (decision === decisions.stop) return "stopped";
    if (!isNeeded) {
      life.beat();
      Atomics.wait(control, words.abort, 0, standByMilliseconds);
      isNeeded = wholeSteps(control, firstStep) === step;
      continue;
    }
    clock?.begin(step - firstStep);
    if (contribution.make(step, step - firstStep)) endStep(control, step, snapshot);
    else contribution.awaitEnd();
    isNeeded = worker < run.plan.active;
  }
}
