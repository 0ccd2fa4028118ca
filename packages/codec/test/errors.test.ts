import { describe, expect, it } from 'vitest';
import { createCodec, EntryTooLargeError } from '../src/index.ts';

const roundTrip = <T>(value: T): T => {
  const codec = createCodec();
  return codec.decode(codec.encode(value)) as T;
};

describe('Codec keeps errors', () => {
  it('with message, stack, name, code and own fields', () => {
    const error = Object.assign(new TypeError('no host'), {
      code: 'ENOTFOUND',
      host: 'a',
      n: [1n],
    });

    const found = roundTrip(error);

    expect(found).toBeInstanceOf(TypeError);
    expect(found).toMatchObject({ message: 'no host', code: 'ENOTFOUND', host: 'a', n: [1n] });
    expect(found.stack).toBe(error.stack);
    expect(found.name).toBe('TypeError');
    expect(Object.keys(found)).toEqual(Object.keys(error));
  });

  it('with causes, also cyclic ones', () => {
    const cause: Error & { owner?: unknown } = new Error('inner');
    const error = new Error('outer', { cause });
    cause.owner = { error };

    const found = roundTrip(error);

    const inner = found.cause as typeof cause;
    expect(inner.message).toBe('inner');
    expect((inner.owner as { error: unknown }).error).toBe(found);
    expect(Object.keys(found)).toEqual([]);
  });

  it('inside of objects, arrays, maps and sets, each once', () => {
    const error = Object.assign(new Error('x'), { code: 'E' });
    const value = { list: [error], map: new Map([[error, error]]), set: new Set([error]) };

    const found = roundTrip(value);

    const [first] = found.list;
    expect(first).toMatchObject({ message: 'x', code: 'E' });
    expect(found.map.get(first as typeof error)).toBe(first);
    expect(found.set.has(first as typeof error)).toBe(true);
  });

  it('of classes as plain errors that keep the name', () => {
    class HttpError extends RangeError {
      override readonly name = 'HttpError';
      readonly status = 503;
    }

    const found = roundTrip(new HttpError('busy'));

    expect(found).toBeInstanceOf(RangeError);
    expect(found).not.toBeInstanceOf(HttpError);
    expect(found).toMatchObject({ name: 'HttpError', message: 'busy', status: 503 });
    expect(roundTrip(new EntryTooLargeError(5))).toMatchObject({ code: 'ERR_ENTRY_TOO_LARGE' });
  });

  it('of the platform: aggregates and aborts', () => {
    const aggregate = roundTrip(new AggregateError([new Error('a'), 'b'], 'both'));
    const abort = roundTrip(AbortSignal.abort().reason as Error & { code: number });

    expect(aggregate.errors).toMatchObject([{ message: 'a' }, 'b']);
    expect(abort).toMatchObject({ name: 'AbortError', code: 20 });
    expect(abort).toBeInstanceOf(Error);
  });

  it('with the fields of what could not be kept by itself', () => {
    const error = Object.assign(new Error('HTTP 503'), { status: 503, response: new Response() });

    expect(roundTrip(error)).toMatchObject({ message: 'HTTP 503', status: 503, response: {} });
    expect(() => roundTrip([error, new Response()])).toThrow('value[1] is a Response');
  });

  it('without a message or a stack', () => {
    const bare = new Error();
    delete bare.stack;

    const found = roundTrip(bare);

    expect(found.message).toBe('');
    expect(found.stack ?? '').toBe('');
  });
});
