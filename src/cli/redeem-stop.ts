/** Why a redemption was not gone through with, though nothing failed. */
export class RedeemStop extends Error {
  override readonly name = 'RedeemStop';
  readonly kind: 'declined' | 'interrupted' | 'finishedElsewhere';

  constructor(kind: RedeemStop['kind']) {
    super(kind);
    this.kind = kind;
  }
}
