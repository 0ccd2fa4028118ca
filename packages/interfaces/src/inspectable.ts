import { inspect } from 'node:util';

/**
 * Makes `console.log` show the name of its class and `facts` of objects like `self`, instead of what
 * they are made of. To be called by their constructor: a class that has a method with the name
 * `[inspect.custom]` is not left out by bundlers where nothing uses it. `facts` must do no input or
 * output and change nothing; where they throw, nothing is shown but the name.
 *
 * @param facts - a method. A function that the constructor makes would keep what other functions made
 * there use, such as `self`, for as long as there is the class.
 */
export function inspectable<T extends object>(self: T, facts: (self: T) => object): void {
  if (inspect.custom in self) return;
  // Where the prototype is frozen it answers false, and nothing is lost but a nicer look.
  Reflect.defineProperty(Object.getPrototypeOf(self), inspect.custom, {
    value(this: T): object {
      return inspected(this, facts);
    },
    configurable: true,
    writable: true,
  });
}

function inspected<T extends object>(self: T, facts: (self: T) => object): object {
  const given: unknown = self.constructor.name;
  // Compilers put an underscore before the name of a class that mentions itself.
  const name = typeof given === 'string' ? given.replace(/^_/, '') : 'Object';
  // Node shows the name of the class that an object is of; an object that is answered it also indents.
  const Shown = { [name]: function () {} }[name] as unknown as new () => object;
  try {
    return Object.assign(new Shown(), facts(self));
  } catch {
    return new Shown();
  }
}
