import Glibc
import ORKit

extension MasterKey {
    /// Finds the master key (ruling 49): the systemd credential, else the
    /// file, else the variable; where there is none and nothing was sealed
    /// yet, one is made and written to `file` with mode 0400.
    ///
    /// - Parameters:
    ///   - credential: `$CREDENTIALS_DIRECTORY/master-key`; need not exist.
    ///   - file: read when there, written when one is made. Nil in memory
    ///     mode: a new key then lives as long as the process.
    ///   - variable: value of the environment variable.
    ///   - mayCreate: false when the database holds sealed keys.
    /// - Throws: `CodedError` `master-key-missing`, `master-key-wrong` (not 32
    ///   bytes in any known form), `file-unsafe`.
    static func find(credential: String?, file: String?, variable: Secret?, mayCreate: Bool) throws
        -> MasterKey
    {
        if let credential, let text = try SmallFile.read(credential, private: false) {
            return try parse(text, from: credential)
        }
        if let file, let text = try SmallFile.read(file, private: true) { return try parse(text, from: file) }
        if let variable { return try parse(variable, from: "the environment variable") }
        guard mayCreate else {
            throw CodedError(
                .masterKeyMissing,
                "the database holds sealed keys, but there is no master key"
                    + (file.map { " at \($0)" } ?? "") + " or in ORKD_MASTER_KEY")
        }
        let made = MasterKey.random()
        if let file { try SmallFile.create(file, made.text, mode: 0o400) }
        return made
    }

    private static func parse(_ text: Secret, from place: String) throws -> MasterKey {
        guard let key = MasterKey(text) else {
            throw CodedError(
                .masterKeyWrong, "\(place) holds no master key: 32 bytes as base64 or 64 hexadecimal digits")
        }
        return key
    }
}

/// Files of one secret.
private enum SmallFile {
    /// - Parameter private: refuse a file that others may read or that is not
    ///   ours. Off for what systemd hands over, which sees to that itself.
    /// - Returns: nil when there is no such file.
    static func read(_ path: String, private isPrivate: Bool) throws -> Secret? {
        let file = open(path, O_RDONLY | O_CLOEXEC | (isPrivate ? O_NOFOLLOW : 0))
        guard file >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            let reason = errno == ELOOP ? "it is a symbolic link" : String(cString: strerror(errno))
            throw CodedError(.fileUnsafe, "cannot read \(path): \(reason)", hints: ["ls -l \(path)"])
        }
        defer { close(file) }
        var info = stat()
        guard fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
            throw CodedError(.fileUnsafe, "\(path) is not a regular file")
        }
        if isPrivate {
            guard info.st_uid == geteuid() || info.st_uid == 0, info.st_mode & 0o077 == 0 else {
                throw CodedError(
                    .fileUnsafe, "\(path) may be read by others", hints: ["chmod 400 \(path)"])
            }
        }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count >= 0 else {
            throw CodedError(.fileUnsafe, "cannot read \(path): \(String(cString: strerror(errno)))")
        }
        defer { for i in bytes.indices { bytes[i] = 0 } }
        return Secret(bytes.prefix(count))
    }

    /// Never overwrites; the bytes and the name are on disk on return. Makes
    /// the directory, for us alone, when it is missing: a machine that has no
    /// configuration has no `/etc/orkd` either.
    static func create(_ path: String, _ secret: Secret, mode: mode_t) throws {
        func failed(_ doing: String) -> CodedError {
            CodedError(
                .masterKeyMissing,
                "cannot \(doing) a new master key at \(path): \(String(cString: strerror(errno)))",
                hints: [
                    "make it yourself:   head -c 32 /dev/urandom | base64 | "
                        + "sudo install -D -m 400 -o \(geteuid()) /dev/stdin \(path)",
                    "or hand it over as the credential master-key:   man orkd",
                ])
        }
        let slash = path.lastIndex(of: "/")
        if let slash, slash > path.startIndex, mkdir(String(path[..<slash]), 0o700) != 0, errno != EEXIST {
            throw failed("make the directory of")
        }
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard file >= 0 else { throw failed("create") }
        defer { close(file) }
        let written = secret.withBytes { write(file, $0.baseAddress, $0.count) }
        guard written == secret.count, fsync(file) == 0 else {
            unlink(path)
            throw failed("write")
        }
        let directory = open(slash.map { String(path[...$0]) } ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if directory >= 0 {
            fsync(directory)
            close(directory)
        }
    }
}
