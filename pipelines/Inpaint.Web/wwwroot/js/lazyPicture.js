import { getBlob } from './api.js';
import { element } from './dom.js';

const paths = new WeakMap();
const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) {
      observer.unobserve(target);
      load(target, paths.get(target));
    }
  }
}, { rootMargin: '200px' });

/** An image of the service, fetched (with the API key) when it becomes visible. */
export function lazyPicture(path, alt, attributes = {}) {
  const image = element('img', { alt, ...attributes });
  paths.set(image, path);
  observer.observe(image);
  return image;
}

async function load(image, path) {
  try {
    image.src = URL.createObjectURL(await getBlob(path));
    await image.decode();
    URL.revokeObjectURL(image.src);
  } catch {
    image.replaceWith(element('span', { class: 'hint' }, 'No image.'));
  }
}
