import { getJson, pngOf } from './api.js';

/** Pairs to judge, with one always fetched ahead. */
export class JudgePairs {
  #graphs = [];
  #ahead = null;

  /** The graphs that pairs are drawn from; what was fetched for others is thrown away. */
  from(graphs) {
    this.#graphs = graphs;
    this.#ahead = null;
  }

  async next() {
    const graphs = this.#graphs;
    const pair = await (this.#ahead ?? fetchPair(graphs));
    if (graphs === this.#graphs) {
      this.#ahead = fetchPair(graphs);
      // Nobody waits for it yet: what is wrong shows when the next turn asks again.
      const ahead = this.#ahead;
      ahead.catch(() => { this.#ahead = this.#ahead === ahead ? null : this.#ahead; });
    }
    return pair;
  }
}

async function fetchPair(graphs) {
  const pair = await getJson(`judge/pair?graphs=${graphs.map(encodeURIComponent).join(',')}`);
  const [left, right] = await Promise.all([pair.left, pair.right].map(imageOf));
  return { ...pair, left, right };
}

// An image keeps what it has decoded, so that its address is let go of at once, whatever becomes of the pair.
async function imageOf(base64) {
  const image = new Image();
  image.src = URL.createObjectURL(pngOf(base64));
  try {
    await image.decode();
  } finally {
    URL.revokeObjectURL(image.src);
  }
  return image;
}
