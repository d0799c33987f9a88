import { getJson } from './api.js';
import { byId } from './dom.js';
import { GraphChoices } from './graphChoices.js';
import { tryAgain } from './tryAgain.js';

/** The graphs to fill with. Until someone ticks, it follows the kind of hole. */
export class GraphPicker extends EventTarget {
  #choices = new GraphChoices(byId('graph-picker').querySelector('.graph-choices'), 'graph');
  #graphs = new Map();
  #default = null;
  #defaultMask = null;
  #isChosen = false;
  #isMask = false;
  #onAgain;

  /** `onAgain` is called where they could not be had and someone tries again. */
  constructor(onAgain) {
    super();
    this.#onAgain = onAgain;
    this.#choices.addEventListener('change', () => {
      this.#isChosen = true;
      this.#changed();
    });
  }

  /** Shows the graphs that there are now; where that fails, it says why and offers to try again. */
  async load() {
    const place = byId('graph-notice');
    try {
      const list = await getJson('graphs');
      this.#default = list.default;
      this.#defaultMask = list.default_mask;
      this.#graphs = new Map(list.graphs.map((graph) => [graph.name, graph]));
      this.#choices.show(list.graphs);
      place.replaceChildren();
      this.suit(this.#isMask);
    } catch (error) {
      place.replaceChildren(tryAgain(error, this.#onAgain));
      throw error;
    }
  }

  /** The ticked graphs; none leaves the choice to the service. */
  get names() { return this.#choices.ticked; }

  /** What is known of the graphs that will fill. */
  get filling() {
    const names = this.names.length > 0 ? this.names : [this.#standard];
    return names.map((name) => this.#graphs.get(name)).filter(Boolean);
  }

  /** Ticks what suits the hole, unless someone has chosen. */
  suit(isMask) {
    this.#isMask = isMask;
    if (!this.#isChosen) {
      this.#choices.tick([this.#standard]);
    }
    this.#changed();
  }

  /** Ticks those of a link; gives back the names that there are no graphs of. */
  choose(names) {
    this.#isChosen = true;
    this.#choices.tick(names);
    this.#changed();
    return names.filter((name) => !this.#graphs.has(name));
  }

  // As the service chooses where none is named.
  get #standard() { return (this.#isMask && this.#defaultMask) || this.#default; }

  #changed() { this.dispatchEvent(new Event('change')); }
}
