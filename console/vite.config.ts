// Builds the console into static/console. The Worker's page names its one script, so that name is fixed.
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  base: "/console/",
  build: {
    outDir: "../static/console",
    emptyOutDir: true,
    target: "es2023",
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: "src/main.tsx",
      output: { entryFileNames: "console.js", codeSplitting: false },
    },
  },
});
