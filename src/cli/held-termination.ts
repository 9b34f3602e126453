export interface HeldTermination {
  /** Holds SIGTERM no longer; whether one has come. */
  release(): boolean;
}

/** Holds SIGTERM back while the server is loaded: its client may have an answer already, and then it is to end in order. */
export function holdTermination(): HeldTermination {
  let hasCome = false;
  const note = (): void => {
    hasCome = true;
  };
  process.once('SIGTERM', note);
  return {
    release() {
      process.off('SIGTERM', note);
      return hasCome;
    },
  };
}
