/** A larger reply is refused. */
export const maxReplyBytes = 8 * 1024 * 1024;

/** How much of a body an error message shows. */
export const maxEchoedBytes = 64 * 1024;

/** Is read beyond the shown part of an error body, so that a secret across its edge is masked as a whole. */
export const echoMarginBytes = 64 * 1024;
