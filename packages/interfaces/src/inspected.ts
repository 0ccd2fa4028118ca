/**
 * What `[inspect.custom]` of `node:util` answers, so that `console.log(self)` shows the name of its
 * class and `facts` instead of what it is made of. `facts` must do no input or output and change
 * nothing; where they throw, nothing is shown but the name.
 */
export function inspected(self: object, facts: () => object): object {
  const given: unknown = self.constructor.name;
  // Compilers put an underscore before the name of a class that mentions itself.
  const name = typeof given === 'string' ? given.replace(/^_/, '') : 'Object';
  // Node shows the name of the class that an object is of; an object that is answered it also indents.
  const Shown = { [name]: function () {} }[name] as unknown as new () => object;
  try {
    return Object.assign(new Shown(), facts());
  } catch {
    return new Shown();
  }
}
