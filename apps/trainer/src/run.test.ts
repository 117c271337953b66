import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describePlan, networks } from "@convoy/core";
import test from "ava";
import { FakeEnvironment } from "../test/fake_environment.ts";
import { Interruption } from "./environment.ts";
import { run } from "./run.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-run-"));
test.before(async () => {
  await mkdir(path.join(folder, "full"));
  await writeFile(path.join(folder, "full", "notes.txt"), "of someone");
  await writeFile(path.join(folder, "file"), "no folder");
  await writeFile(path.join(folder, "text.png"), "no image");
  await mkdir(path.join(folder, "no-data"));
});
test.after.always(() => rm(folder, { recursive: true, force: true }));

async function outcome(argv: readonly string[]) {
  const environment = new FakeEnvironment(folder);
  const exitCode = await run(argv, environment);
  return { exitCode, out: environment.stdout.text, error: environment.stderr.text };
}

const refused: readonly [command: string, code: string, says: RegExp][] = [
  ["", "COMMAND_MISSING", /start, evaluate, predict, summary, profile, verify or doctor/],
  ["trian", "COMMAND_UNKNOWN", /"trian"\. Did you mean train\?/],
  ["evalute", "COMMAND_UNKNOWN", /Did you mean evaluate\?/],
  ["__proto__", "COMMAND_UNKNOWN", /__proto__/],
  ["help nothing", "COMMAND_UNKNOWN", /"nothing"/],

  ["start --epoch 1", "OPTION_UNKNOWN", /--epoch\b.*--epochs/],
  ["start --toString", "OPTION_UNKNOWN", /--toString/],
  ["start -x 1", "OPTION_UNKNOWN", /-x/],
  ["start 10", "ARGUMENT_UNEXPECTED", /"10"/],
  ["start -- 10", "ARGUMENT_UNEXPECTED", /"10"/],
  ["start --epochs", "OPTION_VALUE", /--epochs needs a value/],
  ["start --run-dir --quiet", "OPTION_VALUE", /--run-dir needs a value/],
  ["start --json=yes", "OPTION_VALUE", /--json takes no value/],
  ["start --epochs 1 --epochs 2", "OPTION_REPEATED", /--epochs is given twice/],

  ["strat", "COMMAND_UNKNOWN", /"strat"\. Did you mean start\?/],
  ["train --epohcs 1", "OPTION_UNKNOWN", /start has no option --epohcs\. Did you mean --epochs\?/],
  ["start --rl 1", "OPTION_UNKNOWN", /Did you mean --lr\?/],
  ["start -e 0", "OPTION_VALUE", /--epochs must be a whole number.*"0"/],
  ["start --lr 0", "OPTION_VALUE", /--learning-rate must be.*above 0/],
  ["start -e 1 --epochs 2", "OPTION_REPEATED", /--epochs is given twice/],

  ["start --dataset minst", "OPTION_VALUE", /mnist, fashion-mnist.*"minst"\. Did you mean mnist\?/],
  ["start --model resnet", "OPTION_VALUE", /seed-cnn, lenet5, mnist-convnet, fast.*"resnet"/],
  ["start --model constructor", "OPTION_VALUE", /"constructor"/],
  ["start --kernels fast", "OPTION_VALUE", /auto, wide, narrow.*"fast"/],
  ["start --optimizer rmsprop", "OPTION_VALUE", /sgd, adam.*"rmsprop"/],
  ["start --epochs 0", "OPTION_VALUE", /whole number from 1.*"0"/],
  ["start --epochs -1", "OPTION_VALUE", /"-1"/],
  ["start --epochs 1.5", "OPTION_VALUE", /"1.5"/],
  ["start --epochs 1e3", "OPTION_VALUE", /"1e3"/],
  ["start --epochs ten", "OPTION_VALUE", /"ten"/],
  ["start --epochs=", "OPTION_VALUE", /""/],
  ["start --epochs 99999999999", "OPTION_VALUE", /1000000/],
  ["start --batch-size 0", "OPTION_VALUE", /--batch-size/],
  ["start --batch-size 2000000", "OPTION_VALUE", /1048576/],
  ["start --learning-rate 0", "OPTION_VALUE", /above 0/],
  ["start --learning-rate NaN", "OPTION_VALUE", /"NaN"/],
  ["start --learning-rate Infinity", "OPTION_VALUE", /"Infinity"/],
  ["start --learning-rate 1e39", "OPTION_VALUE", /"1e39"/],
  ["start --learning-rate 1e-60", "OPTION_VALUE", /"1e-60"/],
  ["start --learning-rate 0x1", "OPTION_VALUE", /"0x1"/],
  ["start --momentum 1", "OPTION_VALUE", /0 to below 1/],
  ["start --momentum -0.5", "OPTION_VALUE", /"-0.5"/],
  ["start --weight-decay -1", "OPTION_VALUE", /at least 0/],
  ["start --workers 0", "OPTION_VALUE", /--workers/],
  ["start --workers 1025", "OPTION_VALUE", /1024/],
  ["start --shards 65", "OPTION_VALUE", /1 to 64/],
  ["start --seed -1", "OPTION_VALUE", /--seed/],
  ["start --seed 4294967296", "OPTION_VALUE", /4294967295/],
  ["start --mean x", "OPTION_VALUE", /--mean/],
  ["start --deviation 0", "OPTION_VALUE", /--deviation.*above 0/],
  ["start --target-accuracy 98", "OPTION_VALUE", /such as 0\.98.*"98"/],
  ["start --target-accuracy 0", "OPTION_VALUE", /--target-accuracy/],
  ["start --validation-split 0", "OPTION_VALUE", /--validation-split.*above 0 and below 1.*"0"/],
  ["start --validation-split 1", "OPTION_VALUE", /"1"/],
  ["start --validation-split 0.99999999999", "OPTION_VALUE", /--validation-split/],
  ["start --run-dir=", "OPTION_VALUE", /--run-dir/],
  ["start --data-dir=", "OPTION_VALUE", /--data-dir/],

  ["start --shards 8 --batch-size 4", "OPTION_COMBINATION", /--shards 8.*--batch-size 4/],
  ["start --optimizer adam --momentum 0.9", "OPTION_COMBINATION", /--momentum.*adam/],
  ["start --optimizer adam --nesterov", "OPTION_COMBINATION", /--nesterov.*adam/],
  ["start --beta1 0.5", "OPTION_COMBINATION", /--beta1 belongs to --optimizer adam; sgd does not have it/],
  ["start --optimizer adam --beta2 1", "OPTION_VALUE", /--beta2 must be a number from 0 to below 1/],
  ["start --nesterov --momentum 0", "OPTION_COMBINATION", /--momentum above 0/],

  ["start --allow-partial", "OPTION_COMBINATION", /--allow-partial.*--init-from/],
  ["start --init-from=", "OPTION_VALUE", /--init-from/],

  ["start --run-dir full", "RUN_DIR_NOT_EMPTY", /full/],
  ["start --run-dir file", "RUN_DIR_NOT_A_FOLDER", /file is no folder/],
  ["start --run-dir file/run", "RUN_DIR_NOT_A_FOLDER", /file/],
  ["start --data-dir absent", "DATASET_NOT_FOUND", /absent/],
  ["start --data-dir no-data", "DATASET_NOT_FOUND", /train-images/],
  ["start --data-dir file", "DATASET_NOT_FOUND", /file/],

  ["evaluate", "RUN_NOT_FOUND", /runs.*pnpm trainer start/],
  ["evaluate --weights absent", "CHECKPOINT_MISSING", /absent/],
  ["evaluate --weights file", "CHECKPOINT_", /file/],
  ["evaluate --weights full", "RUN_NOT_FOUND", /full/],
  ["evaluate --epochs 1", "OPTION_UNKNOWN", /--epochs/],
  ["evaluate --dataset cifar", "OPTION_VALUE", /"cifar"/],

  ["predict", "ARGUMENT_MISSING", /--index/],
  ["predict a.png b.png", "ARGUMENT_UNEXPECTED", /"b\.png"/],
  ["predict a.png --index 1", "OPTION_COMBINATION", /--index/],
  ["predict a.png --data-dir no-data", "OPTION_COMBINATION", /--data-dir/],
  ["predict --index 1.5", "OPTION_VALUE", /"1\.5"/],
  ["predict --index -1", "OPTION_VALUE", /"-1"/],

  ["summary --model x", "OPTION_VALUE", /"x"/],
  ["summary --weights absent", "CHECKPOINT_MISSING", /absent/],
  ["summary --weights absent --model fast", "OPTION_COMBINATION", /--model/],
  ["summary --kernels wide", "OPTION_COMBINATION", /--kernels.*--plan/],
  ["summary --plan --kernels auto", "OPTION_VALUE", /narrow, wide.*"auto"/],
  ["summary --plan=yes", "OPTION_VALUE", /--plan takes no value/],

  ["verify", "ARGUMENT_MISSING", /runs/],
  ["verify absent", "RUN_NOT_FOUND", /absent/],
  ["verify a b", "ARGUMENT_UNEXPECTED", /"b"/],

  ["profile 3", "ARGUMENT_UNEXPECTED", /"3"/],
  ["profile --epochs 1", "OPTION_UNKNOWN", /--epochs/],
  ["profile --steps 1", "OPTION_VALUE", /--steps.*from 2.*"1"/],
  ["profile --steps many", "OPTION_VALUE", /"many"/],
  ["profile --batch-size 0", "OPTION_VALUE", /--batch-size/],
  ["profile --workers 0", "OPTION_VALUE", /--workers/],
  ["profile --model seedcnn", "OPTION_VALUE", /Did you mean seed-cnn\?/],
  ["profile --kernels fast", "OPTION_VALUE", /auto, wide, narrow.*"fast"/],
  ["profile --data-dir absent", "DATASET_NOT_FOUND", /absent/],
  ["profile --steps 1000 --kernels narrow", "OPTION_COMBINATION", /--steps 1000.*--batch-size 64.*64,000.*60,000/],
];
for (const [command, code, says] of refused) {
  test(`refuses "trainer ${command}" in one line, with exit code 2`, async (t) => {
    const { exitCode, out, error } = await outcome(command === "" ? [] : command.split(" "));
    t.is(exitCode, 2, error);
    t.is(out, "");
    t.true(error.startsWith(code), error);
    t.regex(error, says);
    t.is(error.indexOf("\n"), error.length - 1);
    t.false(existsSync(path.join(folder, "runs")));
  });
}

test("leaves the files of others alone when it refuses their folder", async (t) => {
  await outcome(["start", "--run-dir", "full"]);
  t.deepEqual(await readdir(path.join(folder, "full")), ["notes.txt"]);
});

test("tells a program of the error as an event, and people on standard error", async (t) => {
  const { exitCode, out, error } = await outcome(["start", "--epochs", "0", "--json"]);
  t.is(exitCode, 2);
  t.deepEqual(JSON.parse(out), { event: "error", code: "OPTION_VALUE", message: error.trim() });
});

for (const argv of [["--help"], ["-h"], ["help"], ["--version"], ["-v"]]) {
  test(`answers ${argv[0]}`, async (t) => {
    const { exitCode, out, error } = await outcome(argv);
    t.is(exitCode, 0);
    t.is(error, "");
    t.regex(out, argv[0].includes("v") ? /^\d+\.\d+\.\d+\n$/ : /Usage: pnpm trainer <command>/);
  });
}

for (const columns of [60, 80]) {
  test(`lists its commands on a terminal of ${columns} columns without a broken word`, async (t) => {
    const environment = new FakeEnvironment(folder);
    environment.stdout.columns = columns;
    t.is(await run(["--help"], environment), 0);
    for (const line of environment.stdout.lines) t.true(line.length <= columns, line);
  });
}

for (const command of ["start", "evaluate", "predict", "summary", "profile", "verify", "doctor"]) {
  test(`explains ${command} and each of its options, whatever else is given`, async (t) => {
    const { exitCode, out } = await outcome([command, "--nonsense", "--help"]);
    t.is(exitCode, 0);
    t.regex(out, new RegExp(`^Usage: pnpm trainer ${command}`));
    t.regex(out, /--json/);
    t.deepEqual(out, (await outcome(["help", command])).out);
    const options = out.slice(out.indexOf("Options:"), out.indexOf("Examples:"));
    for (const line of options.split("\n")) t.true(line.length <= 80, line);
  });
}

test("leaves a command that cannot stop gently as soon as it is interrupted", async (t) => {
  const controller = new AbortController();
  const environment = new FakeEnvironment(folder, controller.signal);
  const running = run(["evaluate", "--weights", "absent"], environment);
  controller.abort(new Interruption("Ctrl-C", 130));
  t.is(await running, 130);
});

test("prints the layers of a network", async (t) => {
  const { exitCode, out } = await outcome(["summary", "--model", "lenet5"]);
  t.is(exitCode, 0);
  t.regex(out, /^lenet5\n/);
  t.regex(out, /Total parameters: 61,706/);
  const json = JSON.parse((await outcome(["summary", "--json"])).out);
  t.like(json, { event: "summary", model: "seed-cnn", inputShape: [28, 28, 1], parameters: 102_130 });
});

test("prints how a training step computes a network, and computes nothing", async (t) => {
  const { exitCode, out } = await outcome(["summary", "--plan", "--kernels", "wide"]);
  t.is(exitCode, 0);
  t.true(out.startsWith((await outcome(["summary"])).out));
  t.regex(out, /^Training step with wide kernels$/m);
  t.regex(out, /^conv2d_1 \+ maxPool2d_1 +forward +direct +194,688 +194,688 +\d+\.\d\d$/m);
  t.regex(out, /^ +input gradient +skipped +0 +0 +0\.00$/m);
  t.regex(out, /^conv2d_2 \+ maxPool2d_2 +forward +winograd F\(2x2,3x3\) +1,115,136 +441,600 /m);
  t.regex(out, /^ +weight gradient +unpooled +194,688 +194,688 /m);
  t.regex(out, /^ +weight gradient +routed +1,115,136 +115,200 /m);
});

test("gives the plan to programs as the library has it", async (t) => {
  const { out } = await outcome(["summary", "--plan", "--model", "lenet5", "--json"]);
  const { plan, kernels, planCostsVersion } = JSON.parse(out);
  t.deepEqual(plan, describePlan(networks["lenet5"]().toJSON(), "narrow"));
  t.is(kernels, "narrow");
  t.true(planCostsVersion >= 1);
  t.false("plan" in JSON.parse((await outcome(["summary", "--json"])).out));
});

test('takes "seed" for the network of the seed program', async (t) => {
  t.is((await outcome(["summary", "--model", "seed"])).out, (await outcome(["summary", "--model", "seed-cnn"])).out);
});
