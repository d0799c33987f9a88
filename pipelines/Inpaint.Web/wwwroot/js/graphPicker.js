import { getJson } from './api.js';
import { byId } from './dom.js';
import { GraphChoices } from './graphChoices.js';
import { withRetry } from './retryNotice.js';

/** The graphs to fill with: the default, until the user selects others. */
export class GraphPicker extends EventTarget {
  #choices = new GraphChoices(byId('graph-picker').querySelector('.graph-choices'), 'graph');
  #graphs = new Map();
  #default = null;
  #isChosen = false;
  #onRetry;

  /** `onRetry` is called when the user retries a failed load. */
  constructor(onRetry) {
    super();
    this.#onRetry = onRetry;
    this.#choices.addEventListener('change', () => {
      this.#isChosen = true;
      this.#changed();
    });
  }

  /** Loads the current list; a failure is shown with a retry button. */
  load() {
    return withRetry(byId('graph-notice'), this.#onRetry, async () => {
      const list = await getJson('graphs');
      this.#default = list.default;
      this.#graphs = new Map(list.graphs.map((graph) => [graph.name, graph]));
      this.#choices.show(list.graphs);
      this.selectDefault();
    });
  }

  /** The selected graphs; if there are none, the service chooses. */
  get names() { return this.#choices.selected; }

  /** The graphs that will be used. */
  get graphs() {
    const names = this.names.length > 0 ? this.names : [this.#default];
    return names.map((name) => this.#graphs.get(name)).filter(Boolean);
  }

  /** Selects the default, unless the user has selected graphs. */
  selectDefault() {
    if (!this.#isChosen) {
      this.#choices.select([this.#default]);
    }
    this.#changed();
  }

  /** Selects graphs by name; returns the unknown names. */
  select(names) {
    this.#isChosen = true;
    this.#choices.select(names);
    this.#changed();
    return names.filter((name) => !this.#graphs.has(name));
  }

  #changed() { this.dispatchEvent(new Event('change')); }
}
