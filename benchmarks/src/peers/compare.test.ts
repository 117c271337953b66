import { dense, dropout, flatten, Sequential } from "@convoy/core";
import test from "ava";
import { type Answer, PeerError } from "./answer.ts";
import { type Ask, checkOf, compare } from "./compare.ts";
import type { Job } from "./job.ts";
import { listSetups, type Setup } from "./setups.ts";
import { SkippedList } from "./skipped.ts";

const files = { images: "", labels: "", order: "", weights: "" };
const where = {
  network: "tiny",
  batchSize: 4,
  model: new Sequential({ inputShape: [2, 2, 1], layers: [flatten(), dropout({ rate: 0.5 }), dense({ units: 10 })] }),
  data: { images: new Uint8Array(4), labels: [1], shape: [2, 2, 1] as const },
};
const chosen = (...names: string[]) => listSetups(2).filter(({ peer, name }) => names.includes(`${peer}, ${name}`));
const answer = (rate: number, loss: number | null = null): Answer => ({
  framework: "",
  version: "1",
  imagesPerSecond: [rate],
  loss,
});
const label = ({ peer, name }: Setup) => `${peer}, ${name}`;

function always(loss: number): Ask {
  return () => Promise.resolve(answer(10, loss));
}

test("the best set-up of each peer is measured in turns with Convoy's best", async (t) => {
  const setups = chosen(
    "Convoy, narrow, 1 worker",
    "Convoy, narrow, 2 workers",
    "JAX, jit, 1 thread, memory kept",
    "JAX, jit, 2 threads, memory kept",
  );
  const speeds = new Map([
    ["Convoy, narrow, 1 worker", 50],
    ["Convoy, narrow, 2 workers", 90],
    ["JAX, jit, 1 thread, memory kept", 30],
    ["JAX, jit, 2 threads, memory kept", 20],
  ]);
  const calls: string[] = [];
  const ask: Ask = (setup, job) => {
    calls.push(`${label(setup)}${job.checkEpochs > 0 ? " check" : ""}`);
    return Promise.resolve(answer(speeds.get(label(setup))!, job.checkEpochs > 0 ? 0.5 : null));
  };
  const skipped = new SkippedList();
  const { reference, rows, search } = await compare(where, files, setups, ask, skipped);
  const [convoy, jax] = ["Convoy, narrow, 2 workers", "JAX, jit, 1 thread, memory kept"];
  t.deepEqual(calls.slice(0, 4), setups.map(label));
  t.deepEqual(calls.slice(4), [`${convoy} check`, `${jax} check`, convoy, jax, convoy, jax, convoy, jax]);
  t.is(label(reference), convoy);
  t.deepEqual(rows, [
    {
      name: "tiny, batch 4, Convoy",
      unit: "images/s",
      median: 90,
      mad: 0,
      samples: 3,
      network: "tiny",
      batchSize: 4,
      peer: "Convoy",
      setup: "narrow, 2 workers",
      loss: 0.5,
      version: "1",
    },
    {
      name: "tiny, batch 4, JAX",
      unit: "images/s",
      median: 30,
      mad: 0,
      samples: 3,
      network: "tiny",
      batchSize: 4,
      peer: "JAX",
      setup: "jit, 1 thread, memory kept",
      ratio: 3,
      loss: 0.5,
      version: "1",
    },
  ]);
  t.deepEqual(
    search.map(({ setup, median }) => [setup, median]),
    setups.map((setup) => [setup.name, speeds.get(label(setup))]),
  );
  t.deepEqual(skipped.entries, []);
});

function pytorchFailsJaxStrays({ peer }: Setup, { checkEpochs }: Job): Promise<Answer> {
  if (peer === "PyTorch") return Promise.reject(new PeerError("no memory"));
  if (checkEpochs === 0) return Promise.resolve(answer(10));
  return Promise.resolve(answer(0, peer === "JAX" ? 0.52 : 0.501));
}

test("a peer that fails, or does not learn as Convoy does, is left out with its reason; the others stay", async (t) => {
  const setups = chosen(
    "Convoy, narrow, 1 worker",
    "PyTorch, eager, 1 thread, memory kept",
    "TensorFlow, graph, 1 thread, memory kept",
    "JAX, jit, 1 thread, memory kept",
  );
  const skipped = new SkippedList();
  const { rows } = await compare(where, files, setups, pytorchFailsJaxStrays, skipped);
  t.deepEqual(
    rows.map(({ peer }) => peer),
    ["Convoy", "TensorFlow"],
  );
  t.deepEqual(
    skipped.entries.map(({ peer, reason, cases }) => [peer, reason, cases]),
    [
      ["PyTorch", "no memory", ["tiny, batch 4"]],
      ["JAX", "its loss is 0.5200, Convoy's 0.5010", ["tiny, batch 4"]],
    ],
  );
});

test("Convoy must learn itself", async (t) => {
  const run = compare(where, files, chosen("Convoy, narrow, 1 worker"), always(2.3), new SkippedList());
  await t.throwsAsync(run, { message: /Convoy does not learn tiny, batch 4/ });
});

test("without any peer Convoy alone is measured", async (t) => {
  const { rows } = await compare(where, files, chosen("Convoy, narrow, 1 worker"), always(0.5), new SkippedList());
  t.deepEqual(
    rows.map(({ peer, samples }) => [peer, samples]),
    [["Convoy", 1]],
  );
});

test("the check trains without dropout, because every framework draws its own mask", (t) => {
  const job = checkOf(where, files, listSetups(1)[0]);
  t.deepEqual(
    job.layers.map(({ kind }) => kind),
    ["flatten", "dense"],
  );
  t.is(job.seconds, 0);
  t.true(job.checkEpochs > 0);
});

test("what many cases share is told in one line", (t) => {
  const [first, second] = chosen("JAX, jit, 1 thread, memory kept", "JAX, jit, 2 threads, memory kept");
  const skipped = new SkippedList();
  for (const place of ["a", "b"])
    for (const setup of [first, second]) skipped.add(setup, "jax is not installed", place);
  skipped.add(first, "no memory", "a");
  t.is(
    skipped.toString(),
    "skipped JAX: jax is not installed (2 set-ups; 2 cases)\n" +
      "skipped JAX: no memory (jit, 1 thread, memory kept; a)",
  );
});
