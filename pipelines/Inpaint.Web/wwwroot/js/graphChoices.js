import { element } from './dom.js';

/** A list of check boxes for graphs; emits "change". Selected graphs stay selected when the list is updated. */
export class GraphChoices extends EventTarget {
  #list;
  #prefix;
  #shown = '';

  constructor(list, prefix) {
    super();
    this.#list = list;
    this.#prefix = prefix;
    list.addEventListener('change', () => this.dispatchEvent(new Event('change')));
  }

  /** Updates the list; graphs are { name, description, refused }. */
  show(graphs) {
    // Unchanged elements are kept, and with them the focus.
    const text = JSON.stringify(graphs.map(({ name, description, refused }) => [name, description, Boolean(refused)]));
    if (text === this.#shown) {
      return;
    }
    this.#shown = text;
    const selected = this.selected;
    this.#list.replaceChildren(...graphs.map((graph) => this.#choice(graph, selected.includes(graph.name))));
  }

  get names() { return this.#boxes.map((box) => box.value); }

  get selected() { return this.#boxes.filter((box) => box.checked).map((box) => box.value); }

  /** Selects these graphs and no others. */
  select(names) {
    for (const box of this.#boxes) {
      box.checked = names.includes(box.value);
    }
  }

  get #boxes() { return [...this.#list.querySelectorAll('input')]; }

  #choice({ name, description, refused }, checked) {
    const id = `${this.#prefix}-${name}`;
    const box = element('input', { type: 'checkbox', id, value: name, 'aria-describedby': description ? `${id}-about` : null });
    box.checked = checked;
    return element('div', { class: 'graph-choice' }, box,
      element('label', { for: id }, name, refused ? ' ⚠' : ''),
      description ? element('span', { class: 'hint', id: `${id}-about`, title: description }, description) : null);
  }
}
