import Glibc

/// A `sockaddr_un`: a path, or a Linux abstract name.
struct UnixAddress: Sendable {
    private var storage = sockaddr_un()
    private let length: socklen_t

    private static let pathOffset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2

    /// A file. Nil when the path is empty, too long or holds a NUL.
    init?(path: String) {
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.count <= ControlSocketFile.longestPath, !bytes.contains(0) else {
            return nil
        }
        self.init(name: bytes + [0])
    }

    /// As systemd writes it in `NOTIFY_SOCKET`: a path, or `@name`.
    init?(notifySocket text: String) {
        switch text.first {
        case "/": self.init(path: text)
        case "@":
            let name = [0] + Array(text.utf8.dropFirst())
            guard name.count > 1, name.count <= ControlSocketFile.longestPath + 1 else { return nil }
            self.init(name: name)
        default: return nil
        }
    }

    private init(name: [UInt8]) {
        length = socklen_t(Self.pathOffset + name.count)
        storage.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &storage.sun_path) { $0.copyBytes(from: name) }
    }

    /// Hands the address to a system call.
    func with(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
