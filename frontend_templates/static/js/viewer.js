// Zoom and pan of the picture: wheel, drag, two fingers, buttons, arrows, F (fit), 0 (1:1), + and -. Past 200 % pixels stay crisp.
(() => {
  const viewer = document.querySelector("[data-viewer]");
  const layers = viewer.querySelector(".layers");
  const picture = layers.querySelector("img");
  const width = Number(picture.getAttribute("width"));
  const height = Number(picture.getAttribute("height"));
  const pointers = new Map();
  let view = { x: 0, y: 0, k: 1 };

  const pixel = () => view.k * Math.min(layers.offsetWidth / width, layers.offsetHeight / height); // screen pixels per pixel
  const draw = () => {
    layers.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.k})`;
    layers.classList.toggle("crisp", pixel() > 2);
    const full = picture.dataset.full;
    if (full && picture.naturalWidth < width && pixel() * width > picture.naturalWidth) { delete picture.dataset.full; picture.src = full; }
  };
  const zoom = (factor, at) => {
    const box = viewer.getBoundingClientRect();
    const px = (at ? at.x - box.left : box.width / 2) - layers.offsetLeft;
    const py = (at ? at.y - box.top : box.height / 2) - layers.offsetTop;
    const k = Math.min(60, Math.max(0.5, view.k * factor));
    view = { k, x: px - (px - view.x) * k / view.k, y: py - (py - view.y) * k / view.k };
    draw();
  };
  const move = (x, y) => { view.x += x; view.y += y; draw(); };
  const acts = {
    fit: () => { view = { x: 0, y: 0, k: 1 }; draw(); },
    one: () => zoom(1 / pixel()),
    in: () => zoom(1.25),
    out: () => zoom(0.8),
  };
  const keys = { f: acts.fit, 0: acts.one, "+": acts.in, "=": acts.in, "-": acts.out };
  const arrows = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
  const typing = (el) => el.closest("input:not([type=radio]):not([type=range]), textarea, select");

  viewer.addEventListener("wheel", (e) => { e.preventDefault(); zoom(Math.exp(-e.deltaY / 400), { x: e.clientX, y: e.clientY }); }, { passive: false });
  viewer.addEventListener("pointerdown", (e) => { pointers.set(e.pointerId, { x: e.clientX, y: e.clientY }); viewer.setPointerCapture(e.pointerId); });
  viewer.addEventListener("pointermove", (e) => {
    const before = pointers.get(e.pointerId);
    if (!before) return;
    const now = { x: e.clientX, y: e.clientY };
    const other = [...pointers].filter(([id]) => id !== e.pointerId).map(([, point]) => point)[0];
    if (other) zoom(Math.hypot(now.x - other.x, now.y - other.y) / Math.hypot(before.x - other.x, before.y - other.y), other);
    else move(now.x - before.x, now.y - before.y);
    pointers.set(e.pointerId, now);
  });
  for (const end of ["pointerup", "pointercancel"]) viewer.addEventListener(end, (e) => pointers.delete(e.pointerId));
  viewer.addEventListener("keydown", (e) => { if (arrows[e.key]) { e.preventDefault(); move(...arrows[e.key]); } });
  document.addEventListener("click", (e) => { const button = e.target.closest("[data-view]"); if (button) acts[button.dataset.view](); });
  document.addEventListener("keydown", (e) => {
    if (!typing(e.target) && !e.ctrlKey && !e.metaKey && !e.altKey && keys[e.key]) { e.preventDefault(); keys[e.key](); }
  });
  new ResizeObserver(draw).observe(layers);
})();
