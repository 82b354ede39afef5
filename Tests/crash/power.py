"""A file system of its own for the state, whose power can be cut: what was not synced is gone.

Who lives on after the cut proves nothing: a fdatasync that was under way may report success although its blocks are gone
(in 4 of 30 cuts under a bare loop of pwrite and fdatasync, in none when the program was killed first).
"""

import errno
import fcntl
import os
import struct
import subprocess

from processes import Failed

SHUTDOWN = 0x8004587D
"""EXT4_IOC_SHUTDOWN of the kernel's fs/ext4/ext4.h."""
WITHOUT_LOG = 2
"""EXT4_GOING_FLAGS_NOLOGFLUSH: not even the file system's own journal is written any more."""


class Disk:
    """An ext4 image, mounted on a directory. Only root may do that."""

    def __init__(self, image: str, place: str, megabytes: int = 256):
        self.image, self.place = image, place
        with open(image, "wb") as file:
            file.truncate(megabytes << 20)
        self.run("mkfs.ext4", "-q", "-F", "-m", "0", image)
        self.mount()
        os.rmdir(os.path.join(place, "lost+found"))
        os.chmod(place, 0o700)

    def run(self, *words: str) -> None:
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode:
            raise Failed(f"{' '.join(words)}: {done.stderr.strip() or done.returncode}")

    def mount(self) -> None:
        self.run("mount", "-o", "loop", self.image, self.place)

    def cut(self) -> None:
        """From here on nothing reaches the disk: who writes gets an I/O error."""
        place = os.open(self.place, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.ioctl(place, SHUTDOWN, struct.pack("I", WITHOUT_LOG))
        finally:
            os.close(place)

    def fill(self) -> None:
        """Takes every byte that is left."""
        with open(self.filler, "wb", buffering=0) as file:
            for size in (1 << 20, 4096, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                        os.fsync(file.fileno())
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise

    def free(self) -> None:
        os.unlink(self.filler)

    @property
    def filler(self) -> str:
        return os.path.join(self.place, "filler")

    def unmount(self) -> None:
        self.run("umount", self.place)

    def end(self) -> None:
        subprocess.run(["umount", "--lazy", self.place], capture_output=True)
