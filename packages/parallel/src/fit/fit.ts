import { createTrainer, type Fit } from "./create_trainer.ts";

/**
 * Trains a network on worker threads; the model has the new weights when it ends, and the last consistent ones when
 * it fails. The same seed, data and settings give the same bits for any number of workers.
 *
 * @param model a `Sequential`, or a tfjs-layers model (trained through the tfjs tape)
 * @param data images, labels and shape, or the promise of them: the threads start, plan and compile while it loads
 * @param options.epochs from 1. Default: 1
 * @param options.batchSize images in a minibatch, from 1. Default: 64
 * @param options.optimizer made by `sgd` or `adam`. Default: sgd({ learningRate: 0.001, momentum: 0.9 })
 * @param options.workers threads, from 1; more than there are shards are not started. Default: one a
 *   core that this process may use, by its affinity mask and its container's quota
 * @param options.shards parts of a minibatch, 1 to 64 and at most the batch size; another number gives other last bits.
 *   Default: one for 16 images
 * @param options.seed of the order of the images and of dropout, 0 to 2^32 - 1. Default: 1
 * @param options.validation images on which the network is evaluated after every epoch, or the promise of them; the
 *   result's `best` has the weights that did best on them. Default: none
 * @param options.validationSplit instead of `validation`: share of the images, above 0 and below 1, that is kept away from
 *   training for this, drawn by the seed. Default: none
 * @param options.test images on which the network is evaluated after every epoch as well, or the promise of them; nothing
 *   is chosen by them. Default: none
 * @param options.signal stops all workers after the same step, which is saved where `checkpoint` is given; `fit` then
 *   resolves with `aborted: true`. Before there is data, at once; and of a save that does not end it waits for 10 seconds,
 *   or for 20 times as long as others took
 * @param options.onEvent is told of start, steps, progress, epochs, validations, the best weights of these, evaluations and
 *   faults; what it throws stops the run and rejects `fit`
 * @param options.progress whether epochs and a bar are shown on standard error: redrawn on a terminal, plain lines elsewhere.
 *   Default: false
 * @param options.targetAccuracy stops after the epoch whose accuracy on `test`, or without that on the validation images,
 *   reaches it, above 0, at most 1
 * @param options.replica "planned" (kernels alone) or "tape" (tfjs) for a Sequential. Default: "planned"
 * @param options.kernels of a planned replica: "narrow" for any engine, or "wide", which is faster where V8 runs with
 *   --experimental-wasm-revectorize, and slower elsewhere. Default: "narrow"
 * @param options.timings whether each epoch of the result says how long each worker computed, reduced and waited in each
 *   step. Default: false
 * @param options.checkpoint saves the run while it goes on, and its last whole step however it ends: `save`, a function that
 *   takes a `Checkpoint`, and the rhythm. Default: none
 * @param options.resumeFrom a checkpoint that the run goes on from, at its very step, with the bits of a run that was never
 *   stopped; any other number of workers and more epochs are fine. Default: none
 * @param options.override whether settings may differ from the checkpoint's. Default: false
 * @param options.maxRestarts how often in a row, without a whole step in between, fresh threads take over after one that
 *   threw, exited, hung or ran out of memory; 0 ends the run at the first. Default: 3
 *
 * A compiled tfjs-layers model is trained with its own loss, metrics and optimizer where the data is `{ x, y }`; options are
 * then `epochs`, `workers`, `seed`, `signal`, `progress` and `maxRestarts` as above, and
 *
 * @param data.x samples of each input: tensors, or `{ values, shape }`; several in an array, or a record by their names
 * @param data.y targets of each output, likewise
 * @param options.batchSize samples in a minibatch, from 1. Default: 32
 * @param options.shards parts of a minibatch, as above. Default: as many as cost one worker about a tenth of the step
 *   more, by model and batch size: 1 for small dense and recurrent networks, of which an event then says that one worker
 *   trains them
 * @param options.shuffle whether each epoch has another order. Default: true
 * @param options.validationData `{ x, y }` for the `val_` entries of the history. Default: none
 * @param options.validationSplit share of the samples, the last ones, that is kept away from training and gives the `val_`
 *   entries. Default: none
 * @param options.classWeight a number for each class, which the loss of its samples is multiplied by; for several outputs
 *   an array or a record of such objects. Default: 1
 * @param options.sampleWeight likewise a number for each sample: [samples]. Default: 1
 * @param options.callbacks callbacks of tfjs, or objects with some of their methods: those of training and epochs are
 *   called and awaited, and may set the learning rate for the next epoch. Default: none
 * @param options.modelModule URL of a module that registers classes, or whose default export builds and compiles the
 *   model. Default: none
 * @param options.onEvent is told of start, steps, progress, epochs and faults
 *
 * @throws `FIT_OPTION`, `FIT_MODEL`, `FIT_DATA`, `VALIDATION_SPLIT` and core's `DATA_…` for what cannot work, `MEMORY_LIMIT` for what does
 *   not fit, and what the promise of the data rejects with, all before training starts; `NONFINITE_LOSS`; `WORKER_START_FAILED`, `WORKER_FAILED`, `WORKER_EXITED`,
 *   `WORKER_OUT_OF_MEMORY` and `WORKER_HUNG` for what happens to a thread, with the first cause; `RESUME_…` and
 *   core's `CHECKPOINT_…` for a checkpoint that does not fit, before training starts; `TAPE_…` for tfjs-layers
 *   models that cannot be trained so
 *
 * @example
 * const result = await fit(model, { images, labels, shape: [28, 28, 1] }, { epochs: 2, workers: 2 });
 * result.weightsSha256 === model.weightsSha256() // true
 */
export const fit: Fit = createTrainer();
