import { HANDLES, between, contains, dragged, handlePoint, moved } from './hole.js';

const REACH = { mouse: 10, pen: 14, touch: 24 };
const SHAPES = { '-1,-1': 'nwse', '1,1': 'nwse', '1,-1': 'nesw', '-1,1': 'nesw', '0,-1': 'ns', '0,1': 'ns', '-1,0': 'ew', '1,0': 'ew' };

/** Mouse, pen and touch input on the canvas. */
export function handlePointer(editor) {
  const { canvas } = editor;
  let drag = null;

  canvas.addEventListener('pointerdown', (event) => {
    if (!editor.photo || !event.isPrimary || event.button !== 0) {
      return;
    }
    canvas.setPointerCapture(event.pointerId);
    canvas.focus({ preventScroll: true });
    event.preventDefault();
    drag = editor.paints ? beginStroke(editor, event) : beginRectangle(editor, event);
  });

  canvas.addEventListener('pointermove', (event) => {
    if (!editor.photo || !event.isPrimary) {
      return;
    }
    drag?.(event);
    if (editor.paints) {
      editor.cursor = editor.pointOf(event);
      canvas.style.cursor = 'crosshair';
      editor.redraw();
    } else if (!drag) {
      canvas.style.cursor = cursorAt(editor, event);
    }
  });

  for (const end of ['pointerup', 'pointercancel']) {
    canvas.addEventListener(end, () => {
      drag = null;
      editor.mask?.endStroke();
    });
  }
  // A drag ends when another photo is loaded.
  editor.addEventListener('photo', () => { drag = null; });
  canvas.addEventListener('pointerleave', () => {
    editor.cursor = null;
    editor.redraw();
  });
}

function beginStroke(editor, event) {
  editor.mask.beginStroke(editor.pointOf(event), editor.brush, editor.tool === 'eraser');
  editor.changed();
  return (next) => {
    const moves = next.getCoalescedEvents?.() ?? [];
    for (const move of moves.length > 0 ? moves : [next]) {
      editor.mask.continueStroke(editor.pointOf(move));
    }
    editor.changed();
  };
}

function beginRectangle(editor, event) {
  const start = editor.pointOf(event);
  const hole = editor.hole;
  const handle = handleAt(editor, event);
  if (handle) {
    return (next) => editor.setHole(dragged(hole, handle, editor.pointOf(next), editor.photo));
  }
  if (contains(hole, start)) {
    return (next) => {
      const point = editor.pointOf(next);
      editor.setHole(moved(hole, point.x - start.x, point.y - start.y, editor.photo));
    };
  }
  return (next) => editor.setHole(between(start, editor.pointOf(next), editor.photo));
}

function handleAt(editor, event) {
  const point = editor.pointOf(event);
  const reach = (REACH[event.pointerType] ?? REACH.mouse) / editor.scale;
  const distance = (handle) => {
    const at = handlePoint(editor.hole, handle);
    return Math.max(Math.abs(at.x - point.x), Math.abs(at.y - point.y));
  };
  const nearest = HANDLES.reduce((best, handle) => (distance(handle) < distance(best) ? handle : best));
  return distance(nearest) <= reach ? nearest : null;
}

function cursorAt(editor, event) {
  const handle = handleAt(editor, event);
  if (handle) {
    return `${SHAPES[handle.join(',')]}-resize`;
  }
  return contains(editor.hole, editor.pointOf(event)) ? 'move' : 'crosshair';
}
