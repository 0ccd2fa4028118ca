import { inspect } from 'node:util';
import { classNameOf } from './class-name.ts';

/**
 * Makes `console.log` show the name of its class and `facts` of objects like `self`, instead of what
 * they are made of, and `JSON.stringify` the facts, so that a component does no harm in a log of JSON. A
 * `toJSON` of its own is kept. To be called by their constructor: a class that has a method with the name
 * `[inspect.custom]` is not left out by bundlers where nothing uses it. `facts` must do no input or
 * output and change nothing; where they throw, nothing is shown but the name.
 *
 * @param facts - a method. A function that the constructor makes would keep what other functions made
 * there use, such as `self`, for as long as there is the class.
 */
export function inspectable<T extends object>(self: T, facts: (self: T) => object): void {
  if (inspect.custom in self && 'toJSON' in self) return;
  define(self, inspect.custom, function shown(this: T): object {
    return inspected(this, facts);
  });
  define(self, 'toJSON', function toJSON(this: T): object {
    return factsOf(this, facts);
  });
}

/** Gives the class of `self` a method, unless it has one of its own. */
function define(self: object, name: PropertyKey, value: () => object): void {
  if (name in self) return;
  const prototype = Object.getPrototypeOf(self) as object | null;
  // What all objects inherit from is no class to be shown.
  const target = prototype === null || prototype === Object.prototype ? self : prototype;
  // Where the prototype is frozen it answers false, and nothing is lost but a nicer look.
  Reflect.defineProperty(target, name, { value, configurable: true, writable: true });
}

function inspected<T extends object>(self: T, facts: (self: T) => object): object {
  const name = classNameOf(self) ?? 'Object';
  // Node shows the name of the class that an object is of; an object that is answered it also indents.
  const Shown = { [name]: function () {} }[name] as unknown as new () => object;
  return Object.assign(new Shown(), factsOf(self, facts));
}

function factsOf<T extends object>(self: T, facts: (self: T) => object): object {
  try {
    return { ...facts(self) };
  } catch {
    return {};
  }
}
