import { byId, element } from './dom.js';
import { thumbnailOf } from './photo.js';

const MAX_RESULTS = 30;
const SIDE = 176;

/** The results of this session, newest first. A click shows the results of a run again. */
export class History {
  #results = [];

  /** `onPick` receives the results of the run, and the one that was clicked. */
  constructor(onPick) {
    this.onPick = onPick;
  }

  add(result) {
    this.#results.unshift(result);
    byId('history-section').hidden = false;
    const image = element('img', { alt: '' });
    byId('history').prepend(element('li', {},
      element('button', {
        type: 'button', 'data-testid': 'history-item',
        'aria-label': `${result.graph}, ${result.original.name}`,
        onclick: () => this.onPick(this.#results.filter(({ run }) => run === result.run).reverse(), result),
      }, image, element('span', { 'aria-hidden': 'true' }, result.graph))));
    show(image, result.png).catch(() => image.remove());
    while (this.#results.length > MAX_RESULTS) {
      this.#results.pop();
      byId('history').lastElementChild.remove();
    }
  }
}

async function show(image, png) {
  image.src = URL.createObjectURL(await thumbnailOf(png, SIDE));
  try {
    await image.decode();
  } finally {
    URL.revokeObjectURL(image.src);
  }
}
