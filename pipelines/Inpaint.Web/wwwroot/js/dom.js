// Small helpers to build elements; text never becomes markup.

export const byId = (id) => document.getElementById(id);

/** An element with attributes and children; listeners are attributes that start with "on". */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) {
      made.addEventListener(key.slice(2), value);
    } else if (value === true) {
      made.setAttribute(key, '');
    } else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(key, value);
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** A table that scrolls sideways on narrow screens; `headed` columns and rows of texts or elements. */
export function table(caption, columns, rows, { numbersFrom = Infinity } = {}) {
  const cell = (name, content, column) =>
    element(name, { class: column >= numbersFrom ? 'number' : null, scope: name === 'th' ? 'col' : null }, content);
  const made = element('table', {},
    element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...columns.map((text, i) => cell('th', text, i)))),
    element('tbody', {}, ...rows.map((row) => element('tr', {},
      element('th', { scope: 'row' }, row[0]),
      ...row.slice(1).map((content, i) => cell('td', content, i + 1))))));
  return element('div', { class: 'table-scroll', tabindex: '0', role: 'group', 'aria-label': caption }, made);
}

export const canvasOf = (width, height) => {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas;
};

export const isTextField = (target) =>
  target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'file', 'button'].includes(target.type));
