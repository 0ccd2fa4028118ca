import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { cached, retried } from '@x/decorators';
import { MapCache } from '../doubles.ts';

/** As frameworks do: says something of the function that is the method now. */
const route =
  (path: string) =>
  (_holder: object, _key: string, descriptor: PropertyDescriptor): void =>
    Reflect.defineMetadata('path', path, descriptor.value as object);

class Controller {
  @cached(new MapCache())
  @retried()
  @route('/below')
  async below(): Promise<string> {
    return 'below';
  }

  @route('/above')
  @cached(new MapCache())
  async above(): Promise<string> {
    return 'above';
  }
}

describe('metadata of reflect-metadata', () => {
  it('is found on a method whatever the order of its decorators', () => {
    const { below, above } = Controller.prototype;

    expect(Reflect.getMetadata('path', below)).toBe('/below');
    expect(Reflect.getMetadata('path', above)).toBe('/above');
  });
});
