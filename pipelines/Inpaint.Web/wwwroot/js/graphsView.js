import { getJson } from './api.js';
import { byId, element } from './dom.js';
import { GraphDetail } from './graphDetail.js';
import { sayError } from './status.js';

const INTERVAL = 5000;

/** All graphs, refreshed while the view is open. */
export class GraphsView {
  #detail = new GraphDetail(() => this.#refresh());
  #links = new Map();
  #name = null;
  #timer = 0;

  async open(query) {
    this.#name = query.get('graph');
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      if (!document.hidden) {
        this.#refresh({ quiet: true });
      }
    }, INTERVAL);
    await this.#refresh();
  }

  close() { clearInterval(this.#timer); }

  async #refresh(options) {
    try {
      const list = await getJson('graphs', options);
      this.#showList(list);
      const graph = list.graphs.find(({ name }) => name === (this.#name ?? list.default)) ?? list.graphs[0];
      if (graph) {
        this.#detail.show(graph);
        this.#mark(graph.name);
      }
    } catch (error) {
      sayError(error);
    }
  }

  // Link elements are kept, and with them the focus.
  #showList({ default: defaultName, graphs }) {
    const list = byId('graph-list');
    for (const [name, { item }] of this.#links) {
      if (!graphs.some((graph) => graph.name === name)) {
        item.remove();
        this.#links.delete(name);
      }
    }
    graphs.forEach((graph, i) => {
      if (!this.#links.has(graph.name)) {
        const state = element('span', { class: 'hint' });
        const href = `#graphs?graph=${encodeURIComponent(graph.name)}`;
        const link = element('a', { href, 'data-graph': graph.name }, element('span', { class: 'name' }, graph.name), ' ', state);
        const item = element('li', {}, link);
        list.insertBefore(item, list.children[i] ?? null);
        this.#links.set(graph.name, { item, link, state });
      }
      const states = [graph.name === defaultName && 'default', graph.loaded && 'loaded', graph.refused && 'refused ⚠'];
      const text = states.filter(Boolean).join(', ');
      const { state } = this.#links.get(graph.name);
      if (state.textContent !== text) {
        state.textContent = text;
      }
    });
  }

  #mark(shown) {
    for (const [name, { link }] of this.#links) {
      if (name === shown) {
        link.setAttribute('aria-current', 'true');
      } else {
        link.removeAttribute('aria-current');
      }
    }
  }
}
