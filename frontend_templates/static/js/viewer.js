// Zoom and pan of the picture: wheel, drag, two fingers, buttons, keys F (fit), 0 (1:1), + and -. Past 200 % pixels stay crisp.
(() => {
  const typing = (el) => el.closest("input:not([type=radio]):not([type=range]), textarea, select");

  const start = (viewer) => {
    const layers = viewer.querySelector(".layers");
    const picture = layers.querySelector("img");
    const pointers = new Map();
    let view = { x: 0, y: 0, k: 1 };

    const shownWidth = () => Math.min(layers.offsetWidth, layers.offsetHeight * picture.naturalWidth / picture.naturalHeight);
    const draw = () => {
      layers.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.k})`;
      layers.classList.toggle("crisp", view.k * shownWidth() > 2 * picture.naturalWidth);
    };
    const zoom = (factor, at) => {
      const box = viewer.getBoundingClientRect();
      const px = (at ? at.x - box.left : box.width / 2) - layers.offsetLeft;
      const py = (at ? at.y - box.top : box.height / 2) - layers.offsetTop;
      const k = Math.min(40, Math.max(0.5, view.k * factor));
      view = { k, x: px - (px - view.x) * k / view.k, y: py - (py - view.y) * k / view.k };
      draw();
    };
    const acts = {
      fit: () => { view = { x: 0, y: 0, k: 1 }; draw(); },
      one: () => zoom(picture.naturalWidth / shownWidth() / view.k),
      in: () => zoom(1.25),
      out: () => zoom(0.8),
    };
    const keys = { f: "fit", 0: "one", "+": "in", "=": "in", "-": "out" };

    viewer.addEventListener("wheel", (e) => { e.preventDefault(); zoom(Math.exp(-e.deltaY / 400), { x: e.clientX, y: e.clientY }); }, { passive: false });
    viewer.addEventListener("pointerdown", (e) => { pointers.set(e.pointerId, { x: e.clientX, y: e.clientY }); viewer.setPointerCapture(e.pointerId); });
    viewer.addEventListener("pointermove", (e) => {
      const before = pointers.get(e.pointerId);
      if (!before) return;
      const others = [...pointers.entries()].filter(([id]) => id !== e.pointerId).map(([, p]) => p);
      const now = { x: e.clientX, y: e.clientY };
      if (others.length) zoom(Math.hypot(now.x - others[0].x, now.y - others[0].y) / Math.hypot(before.x - others[0].x, before.y - others[0].y), others[0]);
      else { view.x += now.x - before.x; view.y += now.y - before.y; draw(); }
      pointers.set(e.pointerId, now);
    });
    for (const end of ["pointerup", "pointercancel"]) viewer.addEventListener(end, (e) => pointers.delete(e.pointerId));
    document.addEventListener("click", (e) => { const b = e.target.closest("[data-view]"); if (b) acts[b.dataset.view](); });
    document.addEventListener("keydown", (e) => {
      if (!typing(e.target) && !e.ctrlKey && !e.metaKey && !e.altKey && keys[e.key]) { e.preventDefault(); acts[keys[e.key]](); }
    });
  };
  for (const viewer of document.querySelectorAll("[data-viewer]")) start(viewer);
})();
