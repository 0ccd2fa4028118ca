/** Shows how far a pass is: a bar on a terminal, a line at every quarter otherwise. */
export interface Progress {
  step(done: number, failed: number): void;
  end(): void;
}

const barWidth = 30;

class ProgressBar implements Progress {
  readonly #label: string;
  readonly #total: number;
  readonly #startedAt: number = performance.now();

  constructor(label: string, total: number) {
    this.#label = label;
    this.#total = total;
  }

  step(done: number, failed: number): void {
    const filled = Math.round((done / this.#total) * barWidth);
    const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
    const perSecond = done / ((performance.now() - this.#startedAt) / 1_000);
    const failures = failed > 0 ? `  ${failed} failed` : '';
    const text = `${this.#label} ${bar} ${done}/${this.#total}  ${perSecond.toFixed(0)}/s${failures}`;
    process.stderr.write(`\r${text}\u001B[K`);
  }

  end(): void {
    process.stderr.write('\n');
  }
}

class ProgressLines implements Progress {
  readonly #label: string;
  readonly #total: number;
  #quarter = 0;

  constructor(label: string, total: number) {
    this.#label = label;
    this.#total = total;
  }

  step(done: number, failed: number): void {
    const quarter = Math.floor((done / this.#total) * 4);
    if (quarter === this.#quarter) return;
    this.#quarter = quarter;
    const failures = failed > 0 ? `, ${failed} failed` : '';
    process.stderr.write(`${this.#label} ${done}/${this.#total}${failures}\n`);
  }

  end(): void {}
}

export function createProgress(label: string, total: number): Progress {
  return process.stderr.isTTY ? new ProgressBar(label, total) : new ProgressLines(label, total);
}
