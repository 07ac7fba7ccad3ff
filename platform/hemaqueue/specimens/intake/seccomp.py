"""Takes system calls away from the confined process: no files, no network, no other process.

A filter of the kernel's seccomp (Linux; see seccomp(2)), written out because it is twelve
instructions and a list. What is taken away answers "not permitted". The numbers are those of the
kernel's tables for x86-64 and for 64-bit ARM; on other machines, and where the kernel refuses the
filter, the limits of `confinement` stand alone.
"""

from __future__ import annotations

import ctypes
import platform
import struct

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, NOT_PERMITTED, KILL = 0x7FFF0000, 0x00050001, 0x80000000
NUMBER, ARCHITECTURE = 0, 4
X32 = 0x40000000

# io_uring_setup, pidfd_send_signal, pidfd_open, clone3, openat2, pidfd_getfd: one number for all.
EVERYWHERE = (425, 424, 434, 435, 437, 438)
DENIED = {
    "x86_64": (
        0xC000003E,
        # open creat openat truncate rename mkdir rmdir link unlink symlink chmod chown
        *(2, 85, 257, 76, 82, 83, 84, 86, 87, 88, 90, 92),
        # mkdirat unlinkat renameat linkat symlinkat renameat2 memfd_create chroot mount
        *(258, 263, 264, 265, 266, 316, 319, 161, 165),
        # socket connect accept bind listen socketpair accept4
        *(41, 42, 43, 49, 50, 53, 288),
        # clone fork vfork execve execveat kill ptrace process_vm_readv process_vm_writev
        *(56, 57, 58, 59, 322, 62, 101, 310, 311),
        # unshare setns bpf perf_event_open userfaultfd add_key request_key keyctl
        *(272, 308, 321, 298, 323, 248, 249, 250),
    ),
    "aarch64": (
        0xC00000B7,
        # openat truncate mkdirat unlinkat symlinkat linkat renameat renameat2 memfd_create
        *(56, 45, 34, 35, 36, 37, 38, 276, 279),
        # chroot mount socket socketpair bind listen accept connect accept4
        *(51, 40, 198, 199, 200, 201, 202, 203, 242),
        # clone execve execveat kill ptrace process_vm_readv process_vm_writev
        *(220, 221, 281, 129, 117, 270, 271),
        # unshare setns bpf perf_event_open userfaultfd add_key request_key keyctl
        *(97, 268, 280, 241, 282, 217, 218, 219),
    ),
}


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def deny_system_calls() -> bool:
    """Install the filter for this process, for good; False where that cannot be done."""
    if (denied := DENIED.get(platform.machine())) is None:
        return False
    code = _filter(denied[0], (*denied[1:], *EVERYWHERE))
    program = _Program(len(code) // 8, code)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _filter(architecture: int, numbers: tuple[int, ...]) -> bytes:
    """Assemble the filter: another architecture kills, a listed number is not permitted."""
    steps = [
        _step(LOAD, ARCHITECTURE),
        _step(EQUAL, architecture, then=1),
        _step(RETURN, KILL),
        _step(LOAD, NUMBER),
        _step(AT_LEAST, X32, then=len(numbers) + 1),
    ]
    for position, number in enumerate(numbers):
        steps.append(_step(EQUAL, number, then=len(numbers) - position))
    return b"".join((*steps, _step(RETURN, ALLOW), _step(RETURN, NOT_PERMITTED)))


def _step(code: int, value: int, *, then: int = 0) -> bytes:
    """Return one struct sock_filter; a comparison that holds skips `then` instructions."""
    return struct.pack("=HBBI", code, then, 0, value)
