"""gunicorn: threads in few processes. Uploads wait for the network and the disk, not the CPU."""

import os

bind = os.environ.get("HEMAQUEUE_BIND", "0.0.0.0:8000")
worker_class = "gthread"
workers = int(os.environ.get("HEMAQUEUE_WEB_PROCESSES", "2"))
threads = int(os.environ.get("HEMAQUEUE_WEB_THREADS", "8"))
# A long poll holds a thread for 10 s at most; nginx gives a slow client's body up after 30 s.
timeout = 60
graceful_timeout = 10
keepalive = 5
max_requests = 10_000
max_requests_jitter = 1_000
# The heartbeat file must not be on a disk that may stall; a read-only container has this tmpfs.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
limit_request_line = 4094
limit_request_fields = 60
forwarded_allow_ips = os.environ.get("HEMAQUEUE_PROXIES", "127.0.0.1")
# No access log: addresses and object numbers of patients' pages belong in the audit trail only.
accesslog = None
errorlog = "-"
loglevel = "warning"
