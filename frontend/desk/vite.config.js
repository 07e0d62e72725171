import { fileURLToPath } from "node:url";
import { PurgeCSS } from "purgecss";
import { defineConfig } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

// Tabler is ten times what our pages use: keep the rules whose class names stand in a template, a component or a view.
const purge = {
  name: "purge",
  apply: "build",
  enforce: "post",
  async generateBundle(_options, bundle) {
    const content = [here("../../yifa") + "/**/templates/**/*.html", here("../../yifa") + "/**/*.py", here("src") + "/**/*.js"];
    for (const file of Object.values(bundle)) {
      if (!file.fileName.endsWith(".css")) continue;
      const [kept] = await new PurgeCSS().purge({ content, css: [{ raw: String(file.source) }], variables: false, keyframes: true });
      file.source = kept.css;
    }
  },
};

export default defineConfig({
  base: "/static/dist/",
  plugins: [purge],
  build: {
    outDir: here("../../yifa/site/static/dist"),
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    rolldownOptions: { input: { desk: here("src/desk.js"), portal: here("src/portal.js"), style: here("src/style.css") } },
  },
});
