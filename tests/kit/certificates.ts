import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** An untrusted authority, and its certificate of `localhost`. They are of no value, and valid for a hundred years. */
const AUTHORITY = `-----BEGIN CERTIFICATE-----
MIIBhDCCASmgAwIBAgIUHCDX9ZBtw2/kpQWXHXNV5TKeitowCgYIKoZIzj0EAwIw
FjEUMBIGA1UEAwwLZm9ydW0gdGVzdHMwIBcNMjYxMTI3MTkwMjE1WhgPMjEyNjEx
MDMxOTAyMTVaMBYxFDASBgNVBAMMC2ZvcnVtIHRlc3RzMFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAEEcDl/ugq99kPQ4MDqxtN/rNoqYPl79SnmELjKtqzrasHUnFe
VqcYZ3/BKz4NVuDNpZ0I1bMhp8vl0CGgkxkCW6NTMFEwHQYDVR0OBBYEFO4uvnJK
AUoKdtEZbWPJI9Mp9v0TMB8GA1UdIwQYMBaAFO4uvnJKAUoKdtEZbWPJI9Mp9v0T
MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhANE1zZvE8zNGzUT3
+rC7F0pNIWFk7nfUSywRz2YoefakAiEAulJvLxTccy5dGt8Q/7ssbD8n4dZt0WCv
YbpL9reRtSc=
-----END CERTIFICATE-----
`
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBhjCCASygAwIBAgIUSSH/QOzUkAUWJVfdBUXChnTpWakwCgYIKoZIzj0EAwIw
FjEUMBIGA1UEAwwLZm9ydW0gdGVzdHMwIBcNMjYxMTI3MTkwMjE2WhgPMjEyNjEx
MDMxOTAyMTZaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABM54fohSzbTk9ngloq/Y6R4ZdOm8HUxj1bM2VspmJWrmz4xTkCda
gamJOeCh7Lyox/NuNs2OVqdoy6V75dxJXf+jWDBWMBQGA1UdEQQNMAuCCWxvY2Fs
aG9zdDAdBgNVHQ4EFgQUGmDLhL6B7edFCxTkc+npwfsrXgIwHwYDVR0jBBgwFoAU
7i6+ckoBSgp20RltY8kj0yn2/RMwCgYIKoZIzj0EAwIDSAAwRQIgLVwmL5Vu/ksC
H2Baa1fccGyJJ2IXgeCFoaso/VOMgd4CIQC3BoZthGHqhAlMwv0OUd13J5W7lrUh
pHvXXYxQUdDImA==
-----END CERTIFICATE-----
`
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgByJwlPqcBW5/fmqE
F8XyWu/soruDYab5pNAFdSBLvwihRANCAATOeH6IUs205PZ4JaKv2OkeGXTpvB1M
Y9WzNlbKZiVq5s+MU5AnWoGpiTngoey8qMfzbjbNjlanaMule+XcSV3/
-----END PRIVATE KEY-----
`

/** The files, in a folder that is removed when it is disposed. Servers read them as a user of their own. */
export async function localhostCertificate() {
  const folder = await mkdtemp(join(tmpdir(), 'forum-certificate-'))
  await chmod(folder, 0o755)
  const files = {
    authority: join(folder, 'ca.crt'),
    certificate: join(folder, 'tls.crt'),
    key: join(folder, 'tls.key'),
  }
  await writeFile(files.authority, AUTHORITY)
  await writeFile(files.certificate, CERTIFICATE)
  await writeFile(files.key, KEY, { mode: 0o644 })
  return { ...files, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
