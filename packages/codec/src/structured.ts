import { Deserializer, Serializer } from 'node:v8';
import { type ErrorRecord, restoreError } from './error-record.ts';
import { plainCopy } from './plain-copy.ts';
import type { SizeBudget } from './size-budget.ts';

/** Constructs a view over a buffer, an offset and a length in elements or, for DataView, bytes. */
type ViewConstructor = new (buffer: ArrayBuffer) => ArrayBufferView;

/** Position in this list is the number in the format: append only. */
const viewKinds: readonly string[] = [
  'Buffer',
  'Uint8Array',
  'Int8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'DataView',
  'Float16Array',
];

function viewKind(view: ArrayBufferView): number {
  if (Buffer.isBuffer(view)) return 0;
  return viewKinds.indexOf(Object.prototype.toString.call(view).slice(8, -1));
}

/** Hooks of V8's serialiser that Node documents and its types leave out. */
interface HostObjectSerializer {
  _setTreatArrayBufferViewsAsHostObjects(enabled: boolean): void;
}

class ValueSerializer extends Serializer {
  constructor() {
    super();
    (this as unknown as HostObjectSerializer)._setTreatArrayBufferViewsAsHostObjects(true);
  }

  _writeHostObject(view: ArrayBufferView): void {
    this.writeUint32(viewKind(view));
    this.writeUint32(view.byteLength);
    this.writeRawBytes(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  }

  _getDataCloneError(message: string): Error {
    return new TypeError(`value cannot be kept: ${message}`);
  }
}

class ValueDeserializer extends Deserializer {
  _readHostObject(): ArrayBufferView {
    const kind = viewKinds[this.readUint32()];
    const bytes = this.readRawBytes(this.readUint32());
    if (kind === 'Buffer') return Buffer.from(bytes);
    // A memory of its own: the frame's would be pinned, and seen through the view's `buffer`.
    const memory = new Uint8Array(bytes).buffer;
    const View = (globalThis as unknown as Record<string, ViewConstructor | undefined>)[kind ?? ''];
    if (View === undefined) throw new TypeError(`no ${kind} in this version of Node`);
    return new View(memory);
  }
}

/**
 * Bytes from which {@link deserialize} makes what the structured clone algorithm would, with all
 * fields of errors.
 */
export function serialize(value: unknown, budget: SizeBudget): Uint8Array {
  const copy = plainCopy(value, budget);
  const serializer = new ValueSerializer();
  serializer.writeHeader();
  serializer.writeValue([copy.value, copy.errors]);
  return serializer.releaseBuffer();
}

/** The value in `bytes`; shares no memory with them. */
export function deserialize(bytes: Uint8Array): unknown {
  const deserializer = new ValueDeserializer(bytes);
  deserializer.readHeader();
  const [value, errors] = deserializer.readValue() as [unknown, readonly ErrorRecord[]];
  for (const record of errors) restoreError(record);
  return value;
}
