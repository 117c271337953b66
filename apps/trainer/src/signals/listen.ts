import process from "node:process";
import { Interruption } from "../environment.ts";
import { isHangupIgnored } from "./hangup.ts";
import type { SaveRequests } from "./save_requests.ts";

/** Before the time of a job is over, Slurm and others send one of these; which one, their users choose. */
const notices = ["SIGUSR1", "SIGUSR2"] as const;

/**
 * Hears the signals that a system sends: those that end a program, and those that tell it to save itself.
 *
 * With a listener, Node opens no port for a debugger on SIGUSR1.
 *
 * @param interrupt is told each time
 */
export function listenToSignals(interrupt: (interruption: Interruption) => void, requests: SaveRequests): void {
  process.on("SIGINT", () => interrupt(new Interruption("Ctrl-C", 130)));
  process.on("SIGTERM", () => interrupt(new Interruption("a termination signal", 143)));
  const outlives = isHangupIgnored(process.env);
  // A terminal that closes takes its programs with it: also then everything is saved first.
  process.on("SIGHUP", () => {
    if (!outlives) interrupt(new Interruption("the end of its terminal", 129));
  });
  for (const name of notices) process.on(name, () => requests.ask(name));
}
