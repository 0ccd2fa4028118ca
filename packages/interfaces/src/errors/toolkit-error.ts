const brand: symbol = Symbol.for('@x/error');

/**
 * Base of the errors that our packages throw on purpose. Branch on `code`, not on the message and
 * not on `instanceof`, which is false between the ESM and the CommonJS build.
 */
export abstract class ToolkitError<Code extends string = string> extends Error {
  /** Stable and public: a code is renamed only in a major version. */
  abstract readonly code: Code;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    Object.defineProperty(this, brand, { value: true });
  }

  /** True for our errors from any copy of the package: ESM, CommonJS or another version. */
  static isToolkitError(value: unknown): value is ToolkitError {
    return typeof value === 'object' && value !== null && brand in value;
  }
}
