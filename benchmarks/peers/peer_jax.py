"""JAX: the training step as one pure function, compiled by jit."""

import os
from functools import partial

import jax
import jax.numpy as jnp
from jax import lax

from peer import images_and_labels, serve, tensors


def windows(x, layer, start, combine):
    size, strides = (1, *layer["poolSize"], 1), (1, *layer["strides"], 1)
    return lax.reduce_window(x, start, combine, size, strides, layer["padding"].upper())


def forward(layers, parameters, x, key):
    parameters = iter(parameters)
    for index, layer in enumerate(layers):
        match layer["kind"]:
            case "conv2d":
                x = lax.conv_general_dilated(
                    x,
                    next(parameters),
                    layer["strides"],
                    layer["padding"].upper(),
                    dimension_numbers=("NHWC", "HWIO", "NHWC"),
                )
            case "dense":
                x = x @ next(parameters)
            case "maxPool2d":
                x = windows(x, layer, -jnp.inf, lax.max)
            case "averagePool2d":
                cells = windows(jnp.ones_like(x[:1]), layer, 0.0, lax.add)
                x = windows(x, layer, 0.0, lax.add) / cells
            case "relu":
                x = jax.nn.relu(x)
            case "dropout":
                kept = jax.random.bernoulli(jax.random.fold_in(key, index), 1 - layer["rate"], x.shape)
                x = jnp.where(kept, x / (1 - layer["rate"]), 0)
            case "flatten":
                x = x.reshape(len(x), -1)
            case kind:
                raise NotImplementedError(kind)
        if layer.get("useBias"):
            x = x + next(parameters)
        if layer.get("activation") == "relu":
            x = jax.nn.relu(x)
    return x


def build(job):
    images, labels = (jnp.asarray(values) for values in images_and_labels(job))
    parameters = [jnp.asarray(tensor) for tensor in tensors(job)]
    velocities = [jnp.zeros_like(tensor) for tensor in parameters]
    key = jax.random.key(0)

    def mean_loss(parameters, x, y, key):
        logits = jax.nn.log_softmax(forward(job.layers, parameters, x, key))
        return -jnp.mean(jnp.take_along_axis(logits, y[:, None], axis=1))

    @partial(jax.jit, donate_argnums=(0, 1))
    def train_step(parameters, velocities, key, images, labels, indices):
        key, used = jax.random.split(key)
        loss, gradients = jax.value_and_grad(mean_loss)(parameters, images[indices], labels[indices], used)
        velocities = [job.momentum * v + g for v, g in zip(velocities, gradients)]
        parameters = [p - job.learningRate * v for p, v in zip(parameters, velocities)]
        return parameters, velocities, key, loss

    def step(indices):
        nonlocal parameters, velocities, key
        parameters, velocities, key, loss = train_step(parameters, velocities, key, images, labels, indices)
        return loss

    return step


if os.environ["OMP_NUM_THREADS"] == "1" and hasattr(os, "sched_setaffinity"):
    # XLA takes its number of threads from the cores that it may use, and from nothing else.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
serve("JAX", jax.__version__, build)
