import { pngOf as bytesOf, postForm } from './api.js';
import { holeText } from './hole.js';
import { maskPng } from './paintedMask.js';
import { pngOf } from './photo.js';

/**
 * Completes a photo with each of the graphs, one after the other so that their times can be compared.
 * A hole is { rectangle } or { mask }, a canvas that is opaque where the photo is hidden.
 */
export async function fill({ photo, hole, caption, graphs, feather }, { signal, onResult, onProgress }) {
  const mask = hole.mask ? await maskPng(hole.mask) : null;
  // Results are kept: of files they take little, and a canvas takes four bytes a pixel.
  const shown = hole.mask ? { hidden: await pngOf(hole.mask) } : hole;
  const original = { name: photo.name, blob: photo.blob };
  const asked = graphs.length > 0 ? graphs : [null];
  const failures = [];
  for (const [done, graph] of asked.entries()) {
    onProgress(done, asked.length, graph);
    const form = formOf({ photo, mask, rectangle: hole.rectangle, caption, graph, feather });
    try {
      onResult(resultOf(await postForm('inpaint', form, signal), original, shown));
    } catch (error) {
      if (error.name === 'AbortError' || asked.length === 1 || error.code === 'network') {
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

/** A result holds files alone: `original` the photo's, `png` the completed one's, `hole.hidden` the mask's. */
function resultOf(answer, original, hole) {
  return {
    graph: answer.graph,
    original,
    hole,
    png: bytesOf(answer.image),
    width: answer.width,
    height: answer.height,
    milliseconds: answer.milliseconds,
    words: answer.caption,
    psnr: psnrText(answer.metrics),
  };
}

// The service leaves the figure out where the fill is the truth.
function psnrText(metrics) {
  if (!metrics) {
    return null;
  }
  return metrics.hole_psnr === undefined ? 'equal to the photo' : `${metrics.hole_psnr.toFixed(2)} dB`;
}
