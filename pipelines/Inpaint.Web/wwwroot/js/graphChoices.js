import { element } from './dom.js';

/** Boxes to tick graphs by; emits "change". What was ticked stays ticked when the list is shown again. */
export class GraphChoices extends EventTarget {
  #place;
  #prefix;
  #shown = '';

  constructor(place, prefix) {
    super();
    this.#place = place;
    this.#prefix = prefix;
    place.addEventListener('change', () => this.dispatchEvent(new Event('change')));
  }

  /** Shows graphs: { name, description, refused }. */
  show(graphs) {
    // The same again keeps the elements, and so the focus.
    const text = JSON.stringify(graphs.map(({ name, description, refused }) => [name, description, Boolean(refused)]));
    if (text === this.#shown) {
      return;
    }
    this.#shown = text;
    const ticked = this.ticked;
    this.#place.replaceChildren(...graphs.map((graph) => this.#choice(graph, ticked.includes(graph.name))));
  }

  get names() { return this.#boxes.map((box) => box.value); }

  get ticked() { return this.#boxes.filter((box) => box.checked).map((box) => box.value); }

  /** Ticks these and no others. */
  tick(names) {
    for (const box of this.#boxes) {
      box.checked = names.includes(box.value);
    }
  }

  get #boxes() { return [...this.#place.querySelectorAll('input')]; }

  #choice({ name, description, refused }, checked) {
    const id = `${this.#prefix}-${name}`;
    const box = element('input', { type: 'checkbox', id, value: name, 'aria-describedby': description ? `${id}-about` : null });
    box.checked = checked;
    return element('div', { class: 'graph-choice' }, box,
      element('label', { for: id }, name, refused ? ' ⚠' : ''),
      description ? element('span', { class: 'hint', id: `${id}-about`, title: description }, description) : null);
  }
}
