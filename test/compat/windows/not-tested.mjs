/** An error for a run that this machine cannot do. It shows nothing about our code. The message is the reason. */
export class NotTestedError extends Error {
  name = 'NotTestedError';
}
