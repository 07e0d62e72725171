import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

// The verifier is one file without imports: it stands inside its page, so that a saved copy works without any network.
export default defineConfig({
  build: {
    outDir: here("../../yifa/site/static/dist"),
    emptyOutDir: false,
    target: "es2022",
    lib: { entry: here("src/verify/page.js"), formats: ["es"], fileName: () => "verify.js" },
  },
});
