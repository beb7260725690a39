// Brings the islands of a page to life, each by the function of its name. The number behind the name is the compiler's and is left
// out: server and browser have one build. If anything fails, the page is as whole as without scripts, and looks again by itself.
import start, * as islands from "./GLUE";

const names = new Map(Object.keys(islands).map((key) => [key.replace(/_\d+$/, ""), key]));

async function begin() {
  await start({ module_or_path: new URL("./WASM", import.meta.url) });
  islands.begin();
  for (const island of document.querySelectorAll("leptos-island")) {
    islands[names.get(island.dataset.component.replace(/_\d+$/, ""))](island);
  }
}

begin().catch((error) => {
  console.error(error);
  for (const without of document.querySelectorAll("head noscript")) {
    document.head.insertAdjacentHTML("beforeend", without.textContent);
  }
});
