// Builds the two style sheets and the two scripts into dist/, each under a name that carries the hash of its content
// (so that it can be cached for ever), plain and gzipped, and writes dist/manifest.json: what is asked for → file name.
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { buildSync } from 'esbuild'
import { compile } from 'sass'

const OUT = 'dist'

const style = (source) =>
  compile(source, { style: 'compressed', loadPaths: ['node_modules'], quietDeps: true }).css

const script = (source) =>
  buildSync({ entryPoints: [source], bundle: true, minify: true, format: 'esm', target: 'es2020', legalComments: 'none', write: false })
    .outputFiles[0].text

const files = {
  'app.css': style('scss/public.scss'),
  'staff.css': style('scss/staff.scss'),
  'app.js': script('js/public.mjs'),
  'staff.js': script('js/staff.mjs')
}

rmSync(OUT, { recursive: true, force: true })
mkdirSync(OUT)
const manifest = {}
for (const [name, text] of Object.entries(files)) {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12)
  const hashed = name.replace('.', `.${hash}.`)
  const gzipped = gzipSync(text, { level: 9 })
  writeFileSync(`${OUT}/${hashed}`, text)
  writeFileSync(`${OUT}/${hashed}.gz`, gzipped)
  manifest[name] = hashed
  console.log(`${hashed}  ${text.length} bytes, ${gzipped.length} gzipped`)
}
writeFileSync(`${OUT}/manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`)
