/** Compiles each file for itself: decorators and their metadata are all that Node.js cannot strip. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import ts from 'typescript'

const compilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  verbatimModuleSyntax: true,
}

mkdirSync('dist', { recursive: true })
for (const file of readdirSync('src')) {
  const { outputText } = ts.transpileModule(readFileSync(`src/${file}`, 'utf8'), { compilerOptions, fileName: file })
  writeFileSync(`dist/${file.replace(/\.ts$/, '.js')}`, outputText)
}
