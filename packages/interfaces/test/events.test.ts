import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { EventHub, type NameList } from '@x/interfaces';

interface Events {
  evict: { readonly key: string };
  close: undefined;
}

const names: NameList<Events> = { evict: true, close: true };

describe('EventHub', () => {
  it('hands an event to every listener, in their order', () => {
    const hub = new EventHub<Events>(names);
    const seen: string[] = [];
    hub.on('evict', ({ key }) => seen.push(`first ${key}`));
    hub.on('evict', ({ key }) => seen.push(`second ${key}`));

    hub.emit('evict', { key: 'a' });

    expect(seen).toEqual(['first a', 'second a']);
  });

  it('stops when the subscription is disposed', () => {
    const hub = new EventHub<Events>(names);
    const listener = vi.fn();
    const subscription = hub.on('evict', listener);
    expect(hub.has('evict')).toBe(true);

    subscription[Symbol.dispose]();
    hub.emit('evict', { key: 'a' });

    expect(listener).not.toHaveBeenCalled();
    expect(hub.has('evict')).toBe(false);
  });

  it('keeps two subscriptions of one function apart', () => {
    const hub = new EventHub<Events>(names);
    const listener = vi.fn();
    const first = hub.on('evict', listener);
    hub.on('evict', listener);

    first[Symbol.dispose]();
    hub.emit('evict', { key: 'a' });

    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('goes on after a listener that throws, and reports it', () => {
    const onListenerError = vi.fn();
    const hub = new EventHub<Events>(names, onListenerError);
    const error = new Error('no');
    const after = vi.fn();
    hub.on('evict', () => {
      throw error;
    });
    hub.on('evict', after);

    expect(() => hub.emit('evict', { key: 'a' })).not.toThrow();
    expect(onListenerError).toHaveBeenCalledWith(error);
    expect(after).toHaveBeenCalled();
  });

  it('does not call listeners that are added during the event', () => {
    const hub = new EventHub<Events>(names);
    let calls = 0;
    let subscription: Disposable;
    const resubscribe = (): void => {
      if (++calls > 10) throw new Error('called for ever');
      subscription[Symbol.dispose]();
      subscription = hub.on('evict', resubscribe);
    };
    subscription = hub.on('evict', resubscribe);

    hub.emit('evict', { key: 'a' });
    expect(calls).toBe(1);
    hub.emit('evict', { key: 'b' });
    expect(calls).toBe(2);
  });

  it('does not call listeners any more that are removed during the event', () => {
    const hub = new EventHub<Events>(names);
    const removed = vi.fn();
    hub.on('evict', () => second[Symbol.dispose]());
    const second = hub.on('evict', removed);
    hub.on('evict', () => hub.clear());
    hub.on('evict', removed);

    hub.emit('evict', { key: 'a' });

    expect(removed).not.toHaveBeenCalled();
    expect(hub.has('evict')).toBe(false);
  });

  it('reports what an asynchronous listener rejects with', async () => {
    const onListenerError = vi.fn();
    const hub = new EventHub<Events>(names, onListenerError);
    const error = new Error('later');
    hub.on('evict', async () => {
      throw error;
    });

    hub.emit('evict', { key: 'a' });
    await new Promise((resolve) => setImmediate(resolve));

    expect(onListenerError.mock.calls).toEqual([[error]]);
  });

  it('keeps errors of onListenerError to itself', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const failing = (): never => {
      throw new Error('no');
    };
    const after = vi.fn();
    for (const onListenerError of [undefined, failing, async () => failing()]) {
      const hub = new EventHub<Events>(names, onListenerError);
      hub.on('evict', failing);
      hub.on('evict', async () => failing());
      hub.on('evict', after);
      expect(() => hub.emit('evict', { key: 'a' })).not.toThrow();
    }
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);

    expect(after).toHaveBeenCalledTimes(3);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it.each([undefined, null, 'log', {}])('refuses %o as a listener', (listener) => {
    const hub = new EventHub<Events>(names);

    expect(() => hub.on('evict', listener as never)).toThrow(
      /^listener must be a function, got (undefined|null|"log"|an object)$/,
    );
    expect(hub.has('evict')).toBe(false);
  });

  it.each([
    ['evcit', '"evcit"'],
    ['toString', '"toString"'],
    [undefined, 'undefined'],
  ])('refuses to listen to %s, which is no event', (name, shown) => {
    const hub = new EventHub<Events>(names);

    expect(() => hub.on(name as never, () => {})).toThrow(
      new TypeError(`there is no event ${shown}; there are evict, close`),
    );
  });

  it('knows the type of each event', () => {
    const hub = new EventHub<Events>(names);
    hub.on('evict', (event) => {
      expectTypeOf(event).toEqualTypeOf<{ readonly key: string }>();
    });
    // @ts-expect-error: there is no such event
    expect(() => hub.on('explode', () => {})).toThrow(TypeError);
    // @ts-expect-error: the list of names lacks one
    expect(new EventHub<Events>({ evict: true })).toBeDefined();
    // @ts-expect-error: the list of names has one too many
    expect(new EventHub<Events>({ ...names, explode: true })).toBeDefined();
    hub.clear();
    expect(hub.has('evict')).toBe(false);
  });
});
