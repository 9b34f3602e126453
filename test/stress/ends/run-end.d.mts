export interface EndResult {
  readonly end: string;
  readonly state: string;
  /** `code N`, the signal that killed it, `gone` if its exit is unknown, or `still there after N ms`. */
  readonly exit: string;
  /** From the end until the process was gone. */
  readonly ms: number;
  /** Answers received, whole lines. */
  readonly answers: number;
  /** Requests sent before the end. */
  readonly requests: number;
  /** The number of responses with the error `shuttingDown`. */
  readonly refused: number;
  /** `FINISHED/SENT`: requests to the backend, and those whose reply the server took. */
  readonly reads: string;
  readonly consumes: string;
  /** Whether the output ended with a line end. */
  readonly isEveryAnswerWhole: boolean;
}

/** Ends a server of its own, with a name out of `ends`, in a state out of `states`. */
export function runEnd(end: string, state: string): Promise<EndResult>;
