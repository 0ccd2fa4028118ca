import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { EventHub } from '@x/interfaces';

interface Events {
  evict: { readonly key: string };
  close: undefined;
}

describe('EventHub', () => {
  it('hands an event to every listener, in their order', () => {
    const hub = new EventHub<Events>();
    const seen: string[] = [];
    hub.on('evict', ({ key }) => seen.push(`first ${key}`));
    hub.on('evict', ({ key }) => seen.push(`second ${key}`));

    hub.emit('evict', { key: 'a' });

    expect(seen).toEqual(['first a', 'second a']);
  });

  it('stops when the subscription is disposed', () => {
    const hub = new EventHub<Events>();
    const listener = vi.fn();
    const subscription = hub.on('evict', listener);
    expect(hub.has('evict')).toBe(true);

    subscription[Symbol.dispose]();
    hub.emit('evict', { key: 'a' });

    expect(listener).not.toHaveBeenCalled();
    expect(hub.has('evict')).toBe(false);
  });

  it('keeps two subscriptions of one function apart', () => {
    const hub = new EventHub<Events>();
    const listener = vi.fn();
    const first = hub.on('evict', listener);
    hub.on('evict', listener);

    first[Symbol.dispose]();
    hub.emit('evict', { key: 'a' });

    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('goes on after a listener that throws, and reports it', () => {
    const onListenerError = vi.fn();
    const hub = new EventHub<Events>(onListenerError);
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

  it('knows the type of each event', () => {
    const hub = new EventHub<Events>();
    hub.on('evict', (event) => {
      expectTypeOf(event).toEqualTypeOf<{ readonly key: string }>();
    });
    // @ts-expect-error: there is no such event
    hub.on('explode', () => {});
    hub.clear();
    expect(hub.has('evict')).toBe(false);
  });
});
