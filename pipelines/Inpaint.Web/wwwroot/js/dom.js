// Helpers that build elements; text never becomes markup.

export const byId = (id) => document.getElementById(id);

/** An element with attributes and children; attributes that start with "on" are listeners. */
export function element(name, attributes = {}, ...children) {
  const created = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) {
      created.addEventListener(key.slice(2), value);
    } else if (value === true) {
      created.setAttribute(key, '');
    } else if (value !== false && value !== null && value !== undefined) {
      created.setAttribute(key, value);
    }
  }
  created.append(...children.filter((child) => child !== null && child !== undefined));
  return created;
}

/** A table that scrolls horizontally on narrow screens; rows contain strings or elements. */
export function table(caption, columns, rows, { numbersFrom = Infinity } = {}) {
  const cell = (name, value, column) =>
    element(name, { class: column >= numbersFrom ? 'number' : null, scope: name === 'th' ? 'col' : null }, value);
  const content = element('table', {},
    element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...columns.map((text, i) => cell('th', text, i)))),
    element('tbody', {}, ...rows.map((row) => element('tr', {},
      element('th', { scope: 'row' }, row[0]),
      ...row.slice(1).map((value, i) => cell('td', value, i + 1))))));
  return element('div', { class: 'table-scroll', tabindex: '0', role: 'group', 'aria-label': caption }, content);
}

/** An element that covers a rectangle of a picture, at any scale. */
export function overlay(rectangle, picture, attributes) {
  const created = element('span', attributes);
  Object.assign(created.style, {
    left: `${(100 * rectangle.x) / picture.width}%`,
    top: `${(100 * rectangle.y) / picture.height}%`,
    width: `${(100 * rectangle.width) / picture.width}%`,
    height: `${(100 * rectangle.height) / picture.height}%`,
  });
  return created;
}

export const canvasOf = (width, height) => {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas;
};

const NOT_TEXT = ['checkbox', 'radio', 'range', 'file', 'button'];

export const isTextField = (target) =>
  target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && !NOT_TEXT.includes(target.type));
