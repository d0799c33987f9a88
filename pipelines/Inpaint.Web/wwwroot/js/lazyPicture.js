import { getBlob } from './api.js';
import { element } from './dom.js';

const wanted = new WeakMap();
const watcher = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) {
      watcher.unobserve(target);
      load(target, wanted.get(target));
    }
  }
}, { rootMargin: '200px' });

/** An image of the service that is fetched, with the key where one is needed, once it comes into sight. */
export function lazyPicture(path, alt, attributes = {}) {
  const image = element('img', { alt, ...attributes });
  wanted.set(image, path);
  watcher.observe(image);
  return image;
}

async function load(image, path) {
  try {
    image.src = URL.createObjectURL(await getBlob(path));
    await image.decode();
    URL.revokeObjectURL(image.src);
  } catch {
    image.replaceWith(element('span', { class: 'hint' }, 'No picture.'));
  }
}
