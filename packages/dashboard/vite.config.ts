import { preact } from '@preact/preset-vite';
import { defineConfig } from 'vite';

// `npx vite packages/dashboard` while `dev/fake-shop.ts` or the shop runs: the page from source, the rest from there.
const shop = process.env['HOLDFAST_SHOP_URL'] ?? 'http://127.0.0.1:4180';

export default defineConfig({
  plugins: [preact()],
  build: {
    outDir: 'dist/page',
    emptyOutDir: true,
    target: 'es2023',
    // An asset as a data: URL would be refused by the page's content security policy.
    assetsInlineLimit: 0,
  },
  server: { host: '127.0.0.1', proxy: { '/api': shop } },
});
