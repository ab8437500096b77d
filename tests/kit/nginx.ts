import { startProgram } from './program.ts'
import { freePorts } from './service.ts'

/**
 * An nginx on loopback that compresses what it passes on. `location` is the body of its only server: directives that say
 * what it passes on to whom.
 */
export async function startNginx(location: string) {
  const [port] = (await freePorts(1)) as [number]
  const program = await startProgram('nginx', {
    port,
    files: { 'nginx.conf': configuration(port, location) },
    args: (folder) => ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log', '-g', 'daemon off; pid nginx.pid;'],
  })
  return { ...program, url: `http://127.0.0.1:${port}` }
}

const configuration = (port: number, location: string): string => `
worker_processes 1;
events { worker_connections 256; }
http {
  access_log off;
  gzip on;
  gzip_types application/json;
  gzip_min_length 1;
  gzip_proxied any;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server { listen 127.0.0.1:${port}; ${location} }
}
`
