/** More threads than a minibatch can have shards could never train. */
export const maximumWorkers = 1024;
