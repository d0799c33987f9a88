import { getJson } from './api.js';
import { byId, element } from './dom.js';
import { GraphDetail } from './graphDetail.js';
import { sayError } from './status.js';

const EVERY = 5000;

/** All graphs, looked at again while the view is open. */
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
    }, EVERY);
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

  // Links stay the same elements, so that focus does.
  #showList({ default: standard, graphs }) {
    const place = byId('graph-list');
    for (const [name, { item }] of this.#links) {
      if (!graphs.some((graph) => graph.name === name)) {
        item.remove();
        this.#links.delete(name);
      }
    }
    graphs.forEach((graph, i) => {
      if (!this.#links.has(graph.name)) {
        const state = element('span', { class: 'hint' });
        const link = element('a', { href: `#graphs?graph=${encodeURIComponent(graph.name)}`, 'data-graph': graph.name }, element('span', { class: 'name' }, graph.name), ' ', state);
        const item = element('li', {}, link);
        place.insertBefore(item, place.children[i] ?? null);
        this.#links.set(graph.name, { item, link, state });
      }
      const text = [graph.name === standard ? 'default' : '', graph.loaded ? 'loaded' : '', graph.refused ? 'refused ⚠' : ''].filter(Boolean).join(', ');
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
