import Glibc
import ORKit

/// A directory that only our user writes to: of the socket, of the database.
enum OwnDirectory {
    /// Makes the directory and its parents where they are missing (0700, or
    /// 0750 when a group is to pass through), and checks what is there: not a
    /// symbolic link, ours, not writable by group or others.
    static func check(_ path: String, group: gid_t? = nil) throws(CodedError) {
        var status = stat()
        if lstat(path, &status) != 0 {
            guard errno == ENOENT else {
                throw unsafe(path, String(cString: strerror(errno)), "ls -ld \(path)")
            }
            try make(path)
            if let group, chown(path, uid_t.max, group) == 0 { chmod(path, 0o750) }
            guard lstat(path, &status) == 0 else {
                throw unsafe(path, String(cString: strerror(errno)), "ls -ld \(path)")
            }
        }
        if status.st_mode & S_IFMT == S_IFLNK {
            throw unsafe(path, "it is a symbolic link: name its target instead", "readlink -f \(path)")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw unsafe(path, "it is not a directory", "ls -ld \(path)")
        }
        guard status.st_uid == geteuid() else {
            throw unsafe(
                path, "it belongs to uid \(status.st_uid), orkd runs as \(geteuid())",
                "chown \(geteuid()) \(path)")
        }
        guard status.st_mode & (S_IWGRP | S_IWOTH) == 0 else {
            throw unsafe(path, "group or others may write to it", "chmod go-w \(path)")
        }
    }

    private static func make(_ path: String) throws(CodedError) {
        let parent = ServerPaths.directory(of: path)
        if parent != path, access(parent, F_OK) != 0 { try make(parent) }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw unsafe(
                path, "it cannot be made: \(String(cString: strerror(errno)))", "mkdir -m 700 -p \(path)")
        }
    }

    private static func unsafe(_ path: String, _ reason: String, _ hint: String) -> CodedError {
        CodedError(.directoryUnsafe, "\(path) cannot be used: \(reason)", hints: [hint])
    }
}
