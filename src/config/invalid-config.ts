import { AppError } from '../util/errors.js';
import type { LayerSource } from './layers/layers.js';
import type { Settings } from './settings.js';

export interface LayerProblem {
  readonly source: LayerSource;
  readonly error: AppError;
}

/** The error `configInvalid` for a layer that cannot be used. */
export class InvalidConfig extends AppError {
  /** The strongest layer that cannot be used. */
  readonly source: LayerSource;
  /** The settings of the layers that can be used. */
  readonly usable: Settings;

  constructor({ source, error }: LayerProblem, usable: Settings) {
    super('configInvalid', error.message, { cause: error.cause });
    this.source = source;
    this.usable = usable;
  }
}

/**
 * Reads the settings of the layers that can be used. Use it for questions about the login, which a broken file does not
 * hide (D14), and never before a request to the backend.
 */
export async function usableSettings(settings: () => Promise<Settings>): Promise<Settings> {
  return settings().catch((error: unknown) => {
    if (error instanceof InvalidConfig) return error.usable;
    throw error;
  });
}
