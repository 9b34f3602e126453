/** A flag that one caller waits for. */
export interface Flag {
  raise(): void;
  lower(): void;
  /** Waits until the flag is raised; at once if it already is. */
  untilRaised(): Promise<void>;
}

/** Creates a flag that is not raised. */
export function createFlag(): Flag {
  let isRaised = false;
  let wake = (): void => undefined;
  return {
    raise() {
      isRaised = true;
      wake();
    },
    lower() {
      isRaised = false;
    },
    async untilRaised() {
      if (!isRaised) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}
