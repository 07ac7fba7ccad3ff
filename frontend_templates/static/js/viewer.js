// Zoom, pan and turn of a picture: wheel, drag, two fingers, buttons, arrows. Past 200 % pixels stay crisp.
import { on, part, whenShown } from "./shown.js";

const ARROWS = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
const NICE = [1, 2, 5, 10, 20, 50, 100, 200, 500]; // micrometres of a scale bar

export class Pane {
  constructor(element) {
    this.element = element;
    this.layers = element.querySelector(".layers");
    this.picture = this.layers.querySelector("img");
    this.pointers = new Map();
    this.turn = 0;
    this.view = { x: 0, y: 0, k: 1 };
    this.listen();
    new ResizeObserver(() => this.draw()).observe(this.layers);
  }

  get width() { return Number(this.picture.getAttribute("width")) || this.picture.naturalWidth || 1; }
  get height() { return Number(this.picture.getAttribute("height")) || this.picture.naturalHeight || 1; }
  get fit() { return Math.min(this.layers.offsetWidth / this.width, this.layers.offsetHeight / this.height); } // screen per picture pixel, unzoomed
  get pixel() { return this.view.k * this.fit; }

  draw() {
    const { x, y, k } = this.view;
    const [cx, cy] = [this.layers.offsetWidth / 2, this.layers.offsetHeight / 2];
    const turned = this.turn ? ` translate(${cx}px, ${cy}px) rotate(${this.turn}deg) translate(${-cx}px, ${-cy}px)` : "";
    this.layers.style.transform = `translate(${x}px, ${y}px) scale(${k})${turned}`;
    this.layers.style.setProperty("--pixel", 1 / this.pixel);
    this.layers.classList.toggle("crisp", this.pixel > 2);
    const full = this.picture.dataset.full;
    if (full && this.picture.naturalWidth < this.width && this.pixel * this.width > this.picture.naturalWidth) { delete this.picture.dataset.full; this.picture.src = full; }
    this.measure();
    this.element.dispatchEvent(new CustomEvent("drawn"));
  }

  measure() {
    const bar = this.element.querySelector("[data-scale]");
    const microns = Number(this.element.dataset.microns);
    if (!bar || !microns) return;
    const long = NICE.filter((size) => size * this.pixel / microns <= 140).pop();
    bar.hidden = !long;
    if (!long) return;
    bar.querySelector("span").textContent = `${long} µm`;
    bar.querySelector("i").style.width = `${long * this.pixel / microns}px`;
  }

  zoom(factor, at) {
    const box = this.element.getBoundingClientRect();
    const px = (at ? at.x - box.left : box.width / 2) - this.layers.offsetLeft;
    const py = (at ? at.y - box.top : box.height / 2) - this.layers.offsetTop;
    const { x, y, k: before } = this.view;
    const k = Math.min(60, Math.max(0.3, before * factor));
    this.view = { k, x: px - (px - x) * k / before, y: py - (py - y) * k / before };
    this.draw();
  }

  move(x, y) { this.view.x += x; this.view.y += y; this.draw(); }

  show() { // the whole picture, however it is turned
    const [w, h] = [this.layers.offsetWidth, this.layers.offsetHeight];
    const k = this.turn % 180 ? Math.min(w / this.height, h / this.width) / this.fit : 1;
    this.view = { k, x: w / 2 * (1 - k), y: h / 2 * (1 - k) };
    this.draw();
  }

  rotate() { this.turn = (this.turn + 90) % 360; this.show(); }

  locate(event) { // where the pointer is on the picture, in parts of its width and height
    const box = this.element.getBoundingClientRect();
    const [cx, cy] = [this.layers.offsetWidth / 2, this.layers.offsetHeight / 2];
    const dx = (event.clientX - box.left - this.layers.offsetLeft - this.view.x) / this.view.k - cx;
    const dy = (event.clientY - box.top - this.layers.offsetTop - this.view.y) / this.view.k - cy;
    const angle = -this.turn * Math.PI / 180;
    const [rx, ry] = [dx * Math.cos(angle) - dy * Math.sin(angle), dx * Math.sin(angle) + dy * Math.cos(angle)];
    return { x: rx / (this.fit * this.width) + 0.5, y: ry / (this.fit * this.height) + 0.5 };
  }

  listen() {
    const { element, pointers } = this;
    element.addEventListener("wheel", (e) => { e.preventDefault(); this.zoom(Math.exp(-e.deltaY / 400), { x: e.clientX, y: e.clientY }); }, { passive: false });
    element.addEventListener("pointerdown", (e) => {
      if (element.dataset.drawing || e.target.closest("select")) return;
      pointers.set(e.pointerId, { x: e.clientX, y: e.clientY });
      element.setPointerCapture(e.pointerId);
    });
    element.addEventListener("pointermove", (e) => {
      const before = pointers.get(e.pointerId);
      if (!before) return;
      const now = { x: e.clientX, y: e.clientY };
      const other = [...pointers].filter(([id]) => id !== e.pointerId).map(([, point]) => point)[0];
      if (other) this.zoom(Math.hypot(now.x - other.x, now.y - other.y) / Math.hypot(before.x - other.x, before.y - other.y), other);
      else this.move(now.x - before.x, now.y - before.y);
      pointers.set(e.pointerId, now);
    });
    for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, (e) => pointers.delete(e.pointerId));
    element.addEventListener("keydown", (e) => { if (ARROWS[e.key] && !e.target.closest("select")) { e.preventDefault(); this.move(...ARROWS[e.key]); } });
  }
}

export let pane = null;
whenShown(() => { pane = part("viewer") ? new Pane(part("viewer")) : null; });
const ACTS = { fit: (p) => p.show(), one: (p) => p.zoom(1 / p.pixel), in: (p) => p.zoom(1.25), out: (p) => p.zoom(0.8), turn: (p) => p.rotate() };
on("click", "view", (button) => ACTS[button.dataset.view](pane));
