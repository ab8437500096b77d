import { execFile } from 'node:child_process'
import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freshDirectory } from './command.ts'

/** A certificate for loopback that no authority has signed, and its key: as files that every server may read, and as PEM. */
export async function selfSignedCertificate() {
  const place = await freshDirectory('forum-certificate-')
  await chmod(place.directory, 0o755)
  const [keyFile, certificateFile] = [join(place.directory, 'key.pem'), join(place.directory, 'certificate.pem')]
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const files = ['-keyout', keyFile, '-out', certificateFile]
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    ...names,
    ...files,
  ])
  await chmod(keyFile, 0o644)
  return {
    keyFile,
    certificateFile,
    key: await readFile(keyFile, 'utf8'),
    certificate: await readFile(certificateFile, 'utf8'),
    [Symbol.asyncDispose]: place[Symbol.asyncDispose],
  }
}
