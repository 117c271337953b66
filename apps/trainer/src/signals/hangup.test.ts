import process from "node:process";
import test from "ava";
import { isHangupIgnored } from "./hangup.ts";

/** What Linux tells of this process and of its parent. */
const told = ({ own = "0", parent = "0", flags = "0100002" }) => {
  const files: Readonly<Record<string, string>> = {
    "/proc/self/fdinfo/0": `pos:\t0\nflags:\t${flags}\nmnt_id:\t15\n`,
    "/proc/self/status": `Name:\tnode\nSigBlk:\t0000000000000001\nSigIgn:\t${own.padStart(16, "0")}\n`,
    [`/proc/${process.ppid}/status`]: `Name:\tsh\nSigIgn:\t${parent.padStart(16, "0")}\nSigCgt:\t0000000000000001\n`,
  };
  return (file: string) => files[file];
};
const missing = (): string => {
  throw new Error("ENOENT");
};

test("finds the traces of an ignored SIGHUP, and takes none for it that means something else", (t) => {
  t.false(isHangupIgnored({}, told({})));
  t.false(isHangupIgnored({ _: "/usr/bin/node" }, told({ own: "1001000", parent: "180001000" })));
  t.true(isHangupIgnored({}, told({ own: "1001001" })));
  t.true(isHangupIgnored({}, told({ parent: "b" })));
  t.true(isHangupIgnored({}, told({ flags: "0100001" })));
  t.false(isHangupIgnored({}, told({ flags: "0100000" })));
  t.true(isHangupIgnored({ _: "/usr/bin/nohup" }, told({})));
});

test("does with the shell's note where the system tells nothing", (t) => {
  t.true(isHangupIgnored({ _: "nohup" }, missing));
  t.false(isHangupIgnored({ _: "/bin/nohup.js" }, missing));
  t.false(isHangupIgnored({}, missing));
});
