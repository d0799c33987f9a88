import { byId, element } from './dom.js';

const MOST = 30;

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
    byId('history').prepend(element('li', {},
      element('button', {
        type: 'button', 'data-testid': 'history-item',
        'aria-label': `${result.graph}, ${result.photo.name}`,
        onclick: () => this.onPick(this.#results.filter(({ run }) => run === result.run).reverse(), result),
      }, element('img', { src: result.address, alt: '' }), element('span', { 'aria-hidden': 'true' }, result.graph))));
    while (this.#results.length > MOST) {
      URL.revokeObjectURL(this.#results.pop().address);
      byId('history').lastElementChild.remove();
    }
  }
}
