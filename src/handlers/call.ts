/** One request as its handler sees it, besides the parameters. */
export interface Call {
  /** Aborted when the answer is no longer wanted, with the error to answer as its reason. */
  readonly signal: AbortSignal;
}
