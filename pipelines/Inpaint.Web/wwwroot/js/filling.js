import { decodePng, postForm } from './api.js';
import { holeText } from './hole.js';
import { maskPng } from './paintedMask.js';
import { pngOf } from './photo.js';

/**
 * Completes a photo with each of the graphs, sequentially so that their times are comparable.
 * A hole is { rectangle } or { mask }, a canvas that is opaque where the photo is hidden.
 */
export async function fill({ photo, hole, caption, graphs, feather }, { signal, onResult, onProgress }) {
  const mask = hole.mask ? await maskPng(hole.mask) : null;
  // Results contain blobs, since a canvas takes four bytes per pixel.
  const shown = hole.mask ? { hidden: await pngOf(hole.mask) } : hole;
  const original = { name: photo.name, blob: photo.blob };
  const names = graphs.length > 0 ? graphs : [null];
  const failures = [];
  for (const [done, graph] of names.entries()) {
    onProgress(done, names.length, graph);
    const form = formOf({ photo, mask, rectangle: hole.rectangle, caption, graph, feather });
    try {
      onResult(resultOf(await postForm('inpaint', form, signal), original, shown));
    } catch (error) {
      if (error.name === 'AbortError' || names.length === 1 || error.code === 'network') {
        throw error;
      }
      failures.push(error.message);
    }
  }
  return failures;
}

function formOf({ photo, mask, rectangle, caption, graph, feather }) {
  const form = new FormData();
  form.append('image', photo.blob, photo.name);
  if (mask) {
    form.append('mask', mask, 'mask.png');
  } else {
    form.append('hole', holeText(rectangle));
  }
  if (caption) {
    form.append('caption', caption);
  }
  if (graph) {
    form.append('graph', graph);
  }
  if (feather > 0) {
    form.append('feather', String(feather));
  }
  form.append('truth', 'true');
  return form;
}

// The blobs of a result: `original.blob` is the photo, `png` the completed photo, `hole.hidden` the mask.
function resultOf(response, original, hole) {
  return {
    graph: response.graph,
    original,
    hole,
    png: decodePng(response.image),
    width: response.width,
    height: response.height,
    milliseconds: response.milliseconds,
    words: response.caption,
    psnr: psnrText(response.metrics),
  };
}

// The PSNR is omitted where the fill equals the photo.
function psnrText(metrics) {
  if (!metrics) {
    return null;
  }
  return metrics.hole_psnr === undefined ? 'equal to the photo' : `${metrics.hole_psnr.toFixed(2)} dB`;
}
