// The gallery: a digit re-classes the card under the pointer or the focus; Shift chooses a stretch of cards.
const board = document.querySelector("[data-gallery]");
const picks = () => [...document.querySelectorAll("[data-pick]")];
const said = document.querySelector("[data-picked]");
const commit = document.querySelector("#confirm [data-commit]");
const all = document.querySelector("[data-pick-all]");
let last = null;

const count = () => {
  for (const group of board.querySelectorAll("[data-of]")) group.querySelector("[data-count]").textContent = group.querySelectorAll("[data-card]").length;
  if (!said) return;
  const n = picks().filter((box) => box.checked).length;
  said.textContent = said.dataset.words.replace("{n}", n);
  commit.disabled = !n;
};

const place = (card) => {
  const group = board.querySelector(`[data-of="${card.dataset.group}"] .gallery-cards`);
  if (group && card.parentElement !== group) group.append(card);
};

const reclass = async (card, label) => {
  const body = new URLSearchParams({ label, reason: document.querySelector("[data-reason]").value });
  const headers = { "X-CSRFToken": board.dataset.csrf, "HX-Request": "true" };
  const answer = await fetch(card.dataset.address, { method: "POST", body, headers });
  const drawn = document.createRange().createContextualFragment(await answer.text()).querySelector("[data-card]");
  if (!drawn) return;
  card.replaceWith(drawn);
  place(drawn);
  drawn.focus();
  count();
};

if (board) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), select, textarea")) return;
    const group = board.querySelector(`[data-key="${event.key}"][data-of]:not([data-of=""])`);
    const card = document.querySelector("[data-card]:focus-within") || document.querySelector("[data-card]:hover");
    if (!group || !card) return;
    event.preventDefault();
    reclass(card, group.dataset.of);
  });
  document.addEventListener("click", (event) => {
    const box = event.target.closest("[data-pick]");
    if (!box) return;
    const list = picks();
    if (event.shiftKey && last) for (const one of list.slice(Math.min(list.indexOf(last), list.indexOf(box)), Math.max(list.indexOf(last), list.indexOf(box)))) one.checked = box.checked;
    last = box;
    count();
  });
  if (all) {
    all.hidden = false;
    all.addEventListener("click", () => { for (const box of picks()) box.checked = true; count(); });
  }
  count();
}
