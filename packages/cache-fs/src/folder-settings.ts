import type { Clock } from '@x/interfaces';
import type { Bounds } from '@x/store-kit';

/** Why a file is of no use. */
export interface FileDamage {
  readonly path: string;
  readonly reason: string;
}

/** What a folder needs to know of the store around it. */
export interface FolderSettings extends Bounds {
  /** The folder of the files. */
  readonly root: string;
  /** The store's name, for errors. */
  readonly name: string;
  readonly clock: Clock;
  /** Told of a file that was no intact entry and has been removed. */
  readonly onDamaged: (damage: FileDamage) => void;
  /** Told what failed without anybody waiting for it. */
  readonly onLost: (what: string, error: unknown) => void;
  /** Told that entries had to go to stay within the bounds. */
  readonly onEvicted: (entries: number) => void;
  /** Told that everything that was known is void. */
  readonly onReplaced: () => void;
}
