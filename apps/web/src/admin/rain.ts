/** Glyphs are drawn mirrored: familiar letters become strange ones, in every font. */
const GLYPHS = [...'0123456789ZЖΞФЯΨЦΩДЛΣБЭЮΔΛ+*:=|<>'];
const CELL = 18;
/** Redrawn this often: slow enough to cost little, fast enough to fall. */
const FRAME_MS = 55;

/** Two trails in a column overlap now and then: a denser, less even rain. */
const DROPS_PER_COLUMN = 2;

interface Drop {
  readonly column: number;
  row: number;
  speed: number;
}

/**
 * Lets glyphs fall on the canvas until the answer is called. Stands still while the tab is hidden and, after
 * one drawing, for people who asked for reduced motion.
 */
export function startRain(canvas: HTMLCanvasElement): () => void {
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return () => {};
  const still = window.matchMedia('(prefers-reduced-motion: reduce)');
  const heads = glyphSheet('#c9ffe9');
  const tails = glyphSheet('#00c878');
  let drops: Drop[] = [];
  let frame = 0;
  let last = 0;

  const resize = () => {
    canvas.width = window.innerWidth;
    canvas.height = window.innerHeight;
    context.fillStyle = '#000';
    context.fillRect(0, 0, canvas.width, canvas.height);
    const rows = canvas.height / CELL;
    const columns = Math.ceil(canvas.width / CELL);
    drops = Array.from({ length: columns * DROPS_PER_COLUMN }, (_, index) => ({
      column: index % columns,
      row: Math.random() * rows * 2 - rows,
      speed: 0.35 + Math.random() * 0.65,
    }));
    if (still.matches) for (let step = 0; step < 120; step += 1) draw();
  };

  const draw = () => {
    context.fillStyle = 'rgb(0 0 0 / 6%)';
    context.fillRect(0, 0, canvas.width, canvas.height);
    for (const drop of drops) {
      const row = Math.floor(drop.row);
      drop.row += drop.speed;
      if (Math.floor(drop.row) === row) continue;
      const x = drop.column * CELL;
      stamp(tails, x, (row - 1) * CELL);
      stamp(heads, x, row * CELL);
      if (row * CELL > canvas.height && Math.random() > 0.95) {
        drop.row = -Math.random() * 20;
        drop.speed = 0.35 + Math.random() * 0.65;
      }
    }
  };

  const stamp = (sheet: HTMLCanvasElement, x: number, y: number) => {
    const glyph = Math.floor(Math.random() * GLYPHS.length);
    context.fillStyle = '#000';
    context.fillRect(x, y, CELL, CELL);
    context.drawImage(sheet, glyph * CELL, 0, CELL, CELL, x, y, CELL, CELL);
  };

  const loop = (now: number) => {
    frame = requestAnimationFrame(loop);
    if (now - last < FRAME_MS) return;
    last = now;
    draw();
  };

  const run = () => {
    cancelAnimationFrame(frame);
    if (!document.hidden && !still.matches) frame = requestAnimationFrame(loop);
  };

  const restart = () => {
    resize();
    run();
  };
  restart();
  window.addEventListener('resize', restart);
  document.addEventListener('visibilitychange', run);
  still.addEventListener('change', restart);
  return () => {
    cancelAnimationFrame(frame);
    window.removeEventListener('resize', restart);
    document.removeEventListener('visibilitychange', run);
    still.removeEventListener('change', restart);
  };
}

/** All glyphs in one colour side by side: copying from it is much cheaper than drawing text. */
function glyphSheet(colour: string): HTMLCanvasElement {
  const sheet = document.createElement('canvas');
  sheet.width = GLYPHS.length * CELL;
  sheet.height = CELL;
  const context = sheet.getContext('2d');
  if (!context) return sheet;
  context.font = `${CELL - 4}px ui-monospace, Menlo, "DejaVu Sans Mono", monospace`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = colour;
  for (const [index, glyph] of GLYPHS.entries()) {
    context.save();
    context.translate(index * CELL + CELL / 2, CELL / 2);
    context.scale(-1, 1);
    context.fillText(glyph, 0, 1);
    context.restore();
  }
  return sheet;
}
