import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { abortable } from '../src/index.ts';

describe('abortable', () => {
  it('answers what the promise answers', async () => {
    expect(await abortable(Promise.resolve(1), new AbortController().signal)).toBe(1);
    await expect(
      abortable(Promise.reject(new Error('broken')), new AbortController().signal),
    ).rejects.toThrow('broken');
  });

  it('gives the promise itself back where there is no signal', () => {
    const promise = Promise.resolve(1);

    expect(abortable(promise, undefined)).toBe(promise);
  });

  it('rejects with the reason as soon as the caller gives up', async () => {
    const controller = new AbortController();
    const waiting = abortable(Promise.withResolvers<void>().promise, controller.signal);
    controller.abort('enough');

    await expect(waiting).rejects.toBe('enough');
  });

  it('rejects when the caller had given up before', async () => {
    const { promise: never } = Promise.withResolvers<void>();
    await expect(abortable(never, AbortSignal.abort('enough'))).rejects.toBe('enough');
  });

  it('leaves no listener behind', async () => {
    const { signal } = new AbortController();
    const waiting = abortable(Promise.resolve(1), signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await waiting;

    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('leaves no rejection unhandled that comes after the caller gave up', async () => {
    const { promise, reject } = Promise.withResolvers<void>();
    await expect(abortable(promise, AbortSignal.abort('enough'))).rejects.toBe('enough');

    // The test runner fails the run for an unhandled rejection.
    reject(new Error('too late'));
  });
});
