/** What the main thread sends to a worker. All but `close` is answered. */
export type WorkerRequest =
  | { readonly kind: 'derive'; readonly names: readonly string[] }
  | { readonly kind: 'invalidate'; readonly pattern: string }
  | { readonly kind: 'dump' }
  | { readonly kind: 'close' };

/** What a worker is started with. */
export interface WorkerSettings {
  /** The database that all workers share. */
  readonly cachePath: string;
}
