import Glibc
internal import ORKit

/// The lines of earlier shells: a file of our own (0600), to which each line
/// is added when it is given. What looks like a secret is never written.
final class History {
    /// Nil: nothing is kept.
    private let path: String?
    private var last: String?

    static let longest = 1000

    init(path: String? = History.standardPath) { self.path = path }

    /// `ORKCTL_HISTFILE`; `/dev/null` and an empty one keep nothing.
    static var standardPath: String? {
        if let set = Environment["ORKCTL_HISTFILE"] { return set.isEmpty || set == "/dev/null" ? nil : set }
        if let state = Environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            return state + "/orkctl/history"
        }
        guard let home = Environment["HOME"], home.hasPrefix("/") else { return nil }
        return home + "/.local/state/orkctl/history"
    }

    /// The newest lines, oldest first. The file is cut down to them when it
    /// has become twice as long.
    func load() -> [String] {
        guard let path, let text = Self.read(path) else { return [] }
        let lines = text.split(separator: "\n").map(String.init)
        let newest = Array(lines.suffix(Self.longest))
        if lines.count > 2 * Self.longest { Self.replace(path, with: newest) }
        last = newest.last
        return newest
    }

    /// - Returns: whether the line is one to remember.
    func add(_ line: String) -> Bool {
        guard Self.isWorthKeeping(line), line != last else { return false }
        last = line
        guard let path, let descriptor = Self.open(path, O_WRONLY | O_APPEND | O_CREAT) else { return true }
        defer { close(descriptor) }
        // A history that cannot be kept is no reason to stop.
        try? Console.write(Array((line + "\n").utf8), to: descriptor)
        return true
    }

    static func isWorthKeeping(_ line: String) -> Bool {
        !line.isEmpty && !SecretShape.isIn(line)
            && !line.unicodeScalars.contains { $0 == "\n" || $0 == "\r" || $0 == "\0" }
    }

    private static func read(_ path: String) -> String? {
        guard let descriptor = open(path, O_RDONLY) else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < 4 << 20, case let count = Glibc.read(descriptor, &chunk, chunk.count), count > 0 {
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Only a file of ours, which nobody else can read from then on.
    private static func open(_ path: String, _ mode: Int32) -> Int32? {
        if mode & O_CREAT != 0 { makeDirectory(of: path) }
        let descriptor = Glibc.open(path, mode | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, S_IRUSR | S_IWUSR)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
            status.st_mode & 0o077 == 0 || fchmod(descriptor, S_IRUSR | S_IWUSR) == 0
        else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    private static func makeDirectory(of path: String) {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
        let directory = String(path[..<slash])
        guard mkdir(directory, S_IRWXU) != 0, errno == ENOENT else { return }
        makeDirectory(of: directory)
        mkdir(directory, S_IRWXU)
    }

    private static func replace(_ path: String, with lines: [String]) {
        let draft = path + ".new"
        guard let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC) else { return }
        defer { close(descriptor) }
        let text = lines.map { $0 + "\n" }.joined()
        guard (try? Console.write(Array(text.utf8), to: descriptor)) != nil else { return }
        rename(draft, path)
    }
}
