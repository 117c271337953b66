"""What the scripts of all frameworks share: read a job, train, time, answer. One JSON object a line, in and out."""

import json
import math
import sys
import time
import traceback
from types import SimpleNamespace

import numpy as np

CHUNKS = 5


def tensors(job):
    """Kernel and bias of each layer in the flat vector's order: HWIO of a convolution, [in, out] of a dense layer."""
    flat = np.fromfile(job.files["weights"], "<f4")
    parts = np.split(flat, np.cumsum([np.prod(shape) for shape in job.parameters])[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, job.parameters)]


def images_and_labels(job):
    """Images as floats, NHWC: normalized once, before the clock starts."""
    pixels = np.fromfile(job.files["images"], np.uint8).reshape(-1, *job.inputShape)
    images = (pixels.astype(np.float32) / 255 - job.normalization["mean"]) / job.normalization["deviation"]
    return images, np.fromfile(job.files["labels"], np.uint8).astype(np.int64)


class Training:
    """A network in training: `step(indices)` trains on one minibatch and gives its loss, at once or when asked."""

    def __init__(self, job, step):
        self.job, self.step, self.steps = job, step, 0
        self.order = np.fromfile(job.files["order"], "<i4").astype(np.int64)

    def run(self, steps):
        losses = []
        for _ in range(steps):
            start = self.steps * self.job.batchSize % len(self.order)
            losses.append(self.step(self.order[start : start + self.job.batchSize]))
            self.steps += 1
        float(losses[-1])  # some frameworks only queue their work
        return losses

    def seconds(self, steps):
        start = time.perf_counter()
        self.run(steps)
        return time.perf_counter() - start


def measure(training, seconds, agree):
    """Images a second, in chunks of as many whole steps as make up the time. The first steps compile and are not counted."""
    training.run(2)
    warm = max(1, round(agree(0.3 * seconds / training.seconds(2) * 2)))
    each = training.seconds(warm) / warm
    steps = max(1, round(agree(seconds / CHUNKS / each)))
    return [steps * training.job.batchSize / training.seconds(steps) for _ in range(CHUNKS)]


def mean_loss_of_last_epoch(training, epochs, agree):
    steps = len(training.order) // training.job.batchSize
    losses = [float(loss) for loss in training.run(steps)]
    mean = agree(sum(losses[-steps // epochs :]) / (steps // epochs))
    if not math.isfinite(mean):
        raise FloatingPointError("the loss is not finite")
    return mean


def serve(framework, version, build, lines=sys.stdin, agree=lambda value: value, answers=True):
    """
    Answers jobs until the input ends.

    build(job) gives the step of a fresh network; agree(value) is the mean over all processes that train together.
    """
    trainings = {}
    for line in lines:
        job = SimpleNamespace(**json.loads(line))
        answer = {
            "framework": framework,
            "version": version,
            "setup": job.setup,
            "network": job.network,
            "batchSize": job.batchSize,
            "imagesPerSecond": [],
            "loss": None,
        }
        try:
            case = (job.network, job.batchSize)
            if any(known[:2] != case for known in trainings):
                trainings.clear()
            key = (*case, json.dumps([job.layers, job.setup]))
            if key not in trainings or job.checkEpochs:
                trainings[key] = Training(job, build(job))
            if job.checkEpochs:
                answer["loss"] = mean_loss_of_last_epoch(trainings[key], job.checkEpochs, agree)
            if job.seconds:
                answer["imagesPerSecond"] = measure(trainings[key], job.seconds, agree)
        except Exception as error:
            traceback.print_exc()
            answer["error"] = f"{type(error).__name__}: {error}".strip().splitlines()[0]
        if answers:
            print(json.dumps(answer), flush=True)
