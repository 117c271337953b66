/** What a `modelModule` exports. Without a default export it has registered classes when it was imported. */
export interface ModelModule {
  readonly default?: unknown;
}
