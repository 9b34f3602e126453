import { parseArgs } from 'node:util';

export type RedeemChoice = { readonly isJson: boolean } & (
  | { readonly kind: 'history' }
  | {
      readonly kind: 'redeem';
      readonly creditId: string | undefined;
      /** Whether it has been agreed to, so that nothing is asked. */
      readonly isAgreed: boolean;
    }
);

/** @throws Error whose message says what is wrong; null: help is asked for */
export function readRedeemArguments(args: readonly string[]): RedeemChoice | null {
  const options = {
    credit: { type: 'string' },
    yes: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    history: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  const { credit: creditId, yes: isAgreed, json: isJson, history: isHistory } = values;
  if (values.help) return null;
  if (creditId === '') throw new Error('--credit takes the id of a credit');
  if (!isHistory) return { kind: 'redeem', creditId, isAgreed, isJson };
  if (isAgreed || creditId !== undefined) throw new Error('--history goes with --json alone');
  return { kind: 'history', isJson };
}
