import { describe, expect, it } from 'vitest';
import {
  ClosedError,
  StoreOpenError,
  StoreReadError,
  StoreWriteError,
  ToolkitError,
} from '@x/interfaces';

class TeapotError extends ToolkitError<'ERR_TEAPOT'> {
  override readonly name: string = 'TeapotError';
  readonly code = 'ERR_TEAPOT';
}

describe('ToolkitError', () => {
  it('carries a code, a message, a name and the cause', () => {
    const cause = new Error('too hot');
    const error = new TeapotError('short and stout', { cause });

    expect(error).toMatchObject({ code: 'ERR_TEAPOT', message: 'short and stout', cause });
    expect(String(error)).toBe('TeapotError: short and stout');
  });

  it('is recognised across copies of the package by its brand', () => {
    const fromAnotherCopy = Object.defineProperty(new Error('x'), Symbol.for('@x/error'), {
      value: true,
    });

    expect(ToolkitError.isToolkitError(new TeapotError('x'))).toBe(true);
    expect(ToolkitError.isToolkitError(fromAnotherCopy)).toBe(true);
  });

  it.each([undefined, null, 'x', new Error('x'), {}])('does not recognise %o', (value) => {
    expect(ToolkitError.isToolkitError(value)).toBe(false);
  });

  it('hides the brand from output and JSON', () => {
    expect(Object.keys(new TeapotError('x'))).not.toContain('@x/error');
    expect(Object.getOwnPropertySymbols({ ...new TeapotError('x') })).toEqual([]);
  });
});

describe('ClosedError', () => {
  it('says what is closed', () => {
    expect(new ClosedError('store "memory"')).toMatchObject({
      code: 'ERR_CLOSED',
      subject: 'store "memory"',
      message: 'store "memory" is closed',
    });
  });
});

describe('the errors of stores', () => {
  const cause = new Error('no space left on device');

  it('say which option cannot be met, and why', () => {
    expect(new StoreOpenError('directory', '/proc/x', { cause })).toMatchObject({
      code: 'ERR_STORE_OPEN',
      option: 'directory',
      value: '/proc/x',
      cause,
      message: 'directory "/proc/x" cannot be used: no space left on device',
    });
  });

  it('say which store failed, and why', () => {
    expect(new StoreWriteError('sqlite', { cause })).toMatchObject({
      code: 'ERR_STORE_WRITE',
      store: 'sqlite',
      message: 'store "sqlite" could not write: no space left on device',
    });
    expect(new StoreReadError('sqlite', { cause: 'gone' })).toMatchObject({
      code: 'ERR_STORE_READ',
      message: 'store "sqlite" could not read: gone',
    });
  });
});
