import { canvasOf } from './dom.js';

const SERVICE_READS = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/bmp'];

/**
 * A photo that can be shown and sent: its file as it is, upright pixels, and where it comes from.
 * `sample` is its id in the gallery, or null.
 */
export async function readPhoto(file, { name = file.name ?? 'photo', sample = null, caption = '' } = {}) {
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    throw Object.assign(new Error(`${name} is not a picture that this browser can show. Take a JPEG, PNG, WebP, GIF or BMP.`), { isExpected: true });
  }
  const blob = SERVICE_READS.includes(file.type) ? file : await pngOfPicture(picture);
  return { name, sample, caption, blob, picture, width: picture.width, height: picture.height };
}

/** The name without the ending of its file. */
export const stem = (name) => name.replace(/\.[^.]+$/, '');

function pngOfPicture(picture) {
  const canvas = canvasOf(picture.width, picture.height);
  canvas.getContext('2d').drawImage(picture, 0, 0);
  return new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); });
}

/** How large a photo is shown: whole multiples of its pixels where it is small, fitted where it is large. */
export function shownScale(width, height, maxWidth, maxHeight) {
  const fit = Math.min(maxWidth / width, maxHeight / height);
  return fit >= 1 ? Math.min(8, Math.floor(fit)) : fit;
}
