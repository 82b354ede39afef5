"""nginx and haproxy as plain proxies to the upstream: what orkd is compared with.

Both swap the credential for a fixed one and do nothing else: no authentication, no limits, no records.
"""

import os
import resource
import subprocess
import time
from dataclasses import dataclass

from processes import Failed, Processes, free_port

NGINX = """\
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/nginx.log warn;
{user}
events {{ worker_connections 8192; multi_accept on; }}
http {{
    access_log off;
    tcp_nodelay on;
    keepalive_timeout 600s;
    keepalive_requests 100000000;
    client_body_buffer_size 256k;
    client_body_temp_path {directory}/nginx-body;
    proxy_temp_path {directory}/nginx-proxy;
    fastcgi_temp_path {directory}/nginx-fastcgi;
    uwsgi_temp_path {directory}/nginx-uwsgi;
    scgi_temp_path {directory}/nginx-scgi;
    proxy_buffering off;
    proxy_http_version 1.1;
    proxy_read_timeout 600s;
    upstream mock {{
        server 127.0.0.1:{upstream};
        keepalive 2048;
        keepalive_requests 100000000;
        keepalive_timeout 600s;
    }}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location / {{
            proxy_set_header Connection "";
            proxy_set_header Host 127.0.0.1;
            proxy_set_header Authorization "Bearer sk-nginx";
            proxy_pass http://mock;
        }}
    }}
}}
"""

# Without http-no-delay haproxy holds chunks of a stream back for 40 ms.
HAPROXY = """\
global
    nbthread 1
    maxconn {connections}
    tune.bufsize 131072
defaults
    mode http
    timeout connect 5s
    timeout client 600s
    timeout server 600s
    option http-no-delay
    http-reuse always
frontend front
    bind 127.0.0.1:{port} backlog 4096
    default_backend back
backend back
    http-request set-header Authorization "Bearer sk-haproxy"
    server mock 127.0.0.1:{upstream} maxconn 4096 pool-max-conn 4096
"""


@dataclass
class Contender:
    """Something that takes the load."""

    name: str
    port: int
    key: str
    """What the load generator sends as its bearer."""
    pid: int | None = None
    """The process whose CPU and memory count; None: there is no proxy."""
    process: subprocess.Popen | None = None
    """What to stop; nginx's worker ends with its master."""


def nginx(processes: Processes, upstream: int, core: int) -> Contender:
    port = free_port()
    # As root, a worker of another user could not use our directory.
    user = "user root;" if os.geteuid() == 0 else ""
    path = os.path.join(processes.directory, "nginx.conf")
    with open(path, "w", encoding="ascii") as file:
        file.write(NGINX.format(directory=processes.directory, user=user, upstream=upstream, port=port))
    master = processes.start("nginx", ["nginx", "-c", path], core=core)
    processes.await_port(master, port, "nginx")
    return Contender("nginx", port, "sk-client", only_child(master.pid), master)


def haproxy(processes: Processes, upstream: int, core: int) -> Contender:
    port = free_port()
    # It refuses to start when two descriptors for each connection are not to be had.
    connections = min(8000, (resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 200) // 2)
    path = os.path.join(processes.directory, "haproxy.cfg")
    with open(path, "w", encoding="ascii") as file:
        file.write(HAPROXY.format(upstream=upstream, port=port, connections=connections))
    process = processes.start("haproxy", ["haproxy", "-db", "-f", path], core=core)
    processes.await_port(process, port, "haproxy")
    return Contender("haproxy", port, "sk-client", process.pid, process)


def only_child(pid: int) -> int:
    """nginx's worker: its master does nothing."""
    for _ in range(100):
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            children = file.read().split()
        if children:
            return int(children[0])
        time.sleep(0.02)
    raise Failed("nginx started no worker")
