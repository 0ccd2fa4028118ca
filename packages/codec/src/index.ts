export { type Codec, type CodecOptions, createCodec } from './codec.ts';
export { type Compression, compressions } from './compression.ts';
export { EntryTooLargeError } from './entry-too-large-error.ts';
export { InvalidFrameError } from './invalid-frame-error.ts';
export type { Serializer } from './serializer.ts';
