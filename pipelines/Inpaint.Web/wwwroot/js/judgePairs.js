import { decodePng, getJson } from './api.js';

/** Pairs to judge, prefetched by one. */
export class JudgePairs {
  #graphs = [];
  #next = null;

  /** Sets the graphs to compare, and discards the prefetched pair. */
  use(graphs) {
    this.#graphs = graphs;
    this.#next = null;
  }

  async next() {
    const graphs = this.#graphs;
    const pair = await (this.#next ?? fetchPair(graphs));
    if (graphs === this.#graphs) {
      const next = fetchPair(graphs);
      this.#next = next;
      // A failed prefetch is repeated, and reported, when the pair is needed.
      next.catch(() => { this.#next = this.#next === next ? null : this.#next; });
    }
    return pair;
  }
}

async function fetchPair(graphs) {
  const pair = await getJson(`judge/pair?graphs=${graphs.map(encodeURIComponent).join(',')}`);
  const [left, right] = await Promise.all([pair.left, pair.right].map(imageOf));
  return { ...pair, left, right };
}

// A decoded image no longer needs its URL.
async function imageOf(base64) {
  const image = new Image();
  image.src = URL.createObjectURL(decodePng(base64));
  try {
    await image.decode();
  } finally {
    URL.revokeObjectURL(image.src);
  }
  return image;
}
