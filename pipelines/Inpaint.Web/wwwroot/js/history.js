import { byId, element } from './dom.js';
import { thumbnailOf } from './photo.js';

const MOST = 30;
const SIDE = 176;

/** Results of this visit, newest first. A click on one shows its run again. */
export class History {
  #results = [];

  /** `onPick` is given the results of the run that the picked one belongs to. */
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
    while (this.#results.length > MOST) {
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
